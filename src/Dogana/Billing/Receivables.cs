using Dogana.Authority;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>How invoices stand.</summary>
public static class Receivables
{
    /// <summary>At most <paramref name="limit"/> invoices after a number, by number; of a customer or a seller, where one is given.</summary>
    public static async Task<IReadOnlyList<Receivable>> ListAsync(
        StoreSession session, string? organisation, string? seller, string after, int limit, Reach reach, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        return await ReadAsync(session, await session.QueryAsync<string>(
            $"""
            select number from invoice where kind = 'Invoice' and number > @after {(organisation is null ? "" : "and organisation = @organisation")}
                {(seller is null ? "" : "and seller = @seller")} and {reach.Condition(session, "organisation", "channel")}
            order by number limit @limit
            """,
            new { organisation, seller, after, limit, Organisations = reach.Organisations(session), Channels = reach.Channels(session) }), now);
    }

    /// <summary>How an invoice stands; null where there is none in reach.</summary>
    public static async Task<Receivable?> FindAsync(StoreSession session, string number, Reach reach, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reach);
        return (await ReadAsync(session, [number], now)).FirstOrDefault(item => reach.Has(item.Organisation, item.Channel));
    }

    /// <summary>The numbers of a seller's invoices of which something is open after they were due.</summary>
    internal static Task<IReadOnlyList<string>> ReadOverdueAsync(StoreSession session, string seller, DateTimeOffset now) => session.QueryAsync<string>(
        """
        select number from invoice where seller = @seller and kind = 'Invoice' and due_at < @now
            and payable_micro > coalesce((select sum(micro) from allocation where target = invoice.number), 0)
        order by number
        """, new { seller, now = now.ToMicros() }); // whole minor units: nothing is in the second column

    internal static async Task<IReadOnlyList<Receivable>> ReadAsync(StoreSession session, IReadOnlyList<string> numbers, DateTimeOffset now)
    {
        var list = new { Numbers = session.List([.. numbers]) };
        var rows = await session.QueryAsync<InvoiceRow>(
            $"""
            select number as Number, seller as Seller, organisation as Organisation, channel as Channel, currency as Currency, payable_micro as Micro, payable_pico as Pico,
                net_micro as NetMicro, tax_micro as TaxMicro, due_at as DueAt
            from invoice where kind = 'Invoice' and {session.IsOneOf("number", "Numbers")} order by number
            """, list);
        var set = (await session.QueryAsync<SumRow>(
            $"""
            select a.target as Number, coalesce(p.kind, 'CreditNote') as Kind, cast(sum(a.micro) as bigint) as Micro, cast(sum(a.pico) as bigint) as Pico
            from allocation a left join payment p on p.number = a.source where {session.IsOneOf("a.target", "Numbers")} group by a.target, coalesce(p.kind, 'CreditNote')
            """, list)).ToDictionary(static row => (row.Number, row.Kind));
        var disputed = (await session.QueryAsync<SumRow>(
            $"""
            select invoice as Number, 'Dispute' as Kind, cast(sum(micro) as bigint) as Micro, cast(sum(pico) as bigint) as Pico
            from dispute where state = 'Open' and {session.IsOneOf("invoice", "Numbers")} group by invoice
            """, list)).ToDictionary(static row => row.Number, StringComparer.Ordinal);
        var given = (await session.QueryAsync<SumRow>(
            $"""
            select corrects as Number, 'CreditNote' as Kind, cast(sum(payable_micro) as bigint) as Micro, cast(0 as bigint) as Pico
            from invoice where kind = 'CreditNote' and {session.IsOneOf("corrects", "Numbers")} group by corrects
            """, list)).ToDictionary(static row => row.Number, static row => -row.Micro, StringComparer.Ordinal);
        var reminders = (await session.QueryAsync<SumRow>(
            $"select invoice as Number, 'Reminder' as Kind, max(level) as Micro, cast(0 as bigint) as Pico from dunning_reminder where {session.IsOneOf("invoice", "Numbers")} group by invoice", list))
            .ToDictionary(static row => row.Number, static row => (int)row.Micro, StringComparer.Ordinal);
        var zones = await PartyRegister.ReadTimeZonesAsync(session, [.. rows.Select(static row => row.Seller).Distinct(StringComparer.Ordinal)]);
        return
        [
            .. rows.Select(row =>
            {
                var currency = Dogana.Currency.Of(row.Currency);
                Money Set(PaymentKind kind) => Of(set.GetValueOrDefault((row.Number, kind.ToString())), currency);
                var (payable, paid, credited, lost) = (
                    Money.FromParts(row.Micro, row.Pico, currency), Set(PaymentKind.Payment), Of(set.GetValueOrDefault((row.Number, nameof(InvoiceKind.CreditNote))), currency), Set(PaymentKind.WriteOff));
                var open = payable.Amount > 0m ? payable - paid - credited - lost : Money.Zero(currency);
                var contested = Of(disputed.GetValueOrDefault(row.Number), currency);
                contested = contested < open ? contested : open;
                var zone = zones.GetValueOrDefault(row.Seller, "Etc/UTC");
                var dueDate = BillingMonth.DateIn(StoredTime.FromMicros(row.DueAt), zone);
                var isWholeGiven = given.TryGetValue(row.Number, out var back) && back >= row.NetMicro + row.TaxMicro;
                var isOverdue = string.CompareOrdinal(BillingMonth.DateIn(now, zone), dueDate) > 0;
                return new Receivable(
                    row.Number, row.Seller, row.Organisation, row.Channel, payable, paid, credited, lost, open, contested, dueDate,
                    StateOf(open, payable, contested, lost, isWholeGiven, isOverdue), reminders.GetValueOrDefault(row.Number));
            }),
        ];
    }

    private static InvoiceState StateOf(Money open, Money payable, Money disputed, Money lost, bool isWholeGiven, bool isOverdue) =>
        open.IsZero ? !lost.IsZero ? InvoiceState.Uncollectible : isWholeGiven ? InvoiceState.Credited : InvoiceState.Paid
        : !disputed.IsZero ? InvoiceState.Disputed
        : isOverdue ? InvoiceState.Overdue
        : open < payable ? InvoiceState.PartlyPaid
        : InvoiceState.Open;

    private static Money Of(SumRow? row, Currency currency) => row is null ? Money.Zero(currency) : Money.FromParts(row.Micro, row.Pico, currency);

    private sealed record InvoiceRow(string Number, string Seller, string Organisation, string Channel, string Currency, long Micro, long Pico, long NetMicro, long TaxMicro, long DueAt);

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class SumRow
    {
        public string Number { get; init; } = "";

        public string Kind { get; init; } = "";

        public long Micro { get; init; }

        public long Pico { get; init; }
    }
}
