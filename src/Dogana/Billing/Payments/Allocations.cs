using Dogana.Storage;

namespace Dogana.Billing.Payments;

/// <summary>An open item of a customer's account with a seller: what raises the receivable (invoices, refunds) or lessens it (payments, write-offs, credit notes).</summary>
/// <param name="Number">Its number.</param>
/// <param name="Amount">What it raises the receivable by; below zero where it lessens it.</param>
/// <param name="Rest">What is not set off of it, with the same sign.</param>
/// <param name="DueAt">When an invoice is to be paid; null for all else.</param>
internal sealed record AccountItem(string Number, Money Amount, Money Rest, DateTimeOffset? DueAt);

/// <summary>
/// What sets off what. Every item of an account raises the receivable or lessens it, and an allocation sets one of the latter off against one of the former: so the receivable
/// is the sum of the rests, whatever is allocated.
/// </summary>
internal static class Allocations
{
    private const string Counter = "allocation";

    /// <summary>The items of an account in all currencies, by the time at which they are due and their number.</summary>
    public static async Task<IReadOnlyList<AccountItem>> ReadItemsAsync(StoreSession session, string seller, string organisation)
    {
        var rows = await session.QueryAsync<ItemRow>(
            """
            select number as Number, 1 as Sign, currency as Currency, payable_micro as Micro, payable_pico as Pico, case when kind = 'Invoice' then due_at end as DueAt
            from invoice where seller = @seller and organisation = @organisation
            union all
            select number, case when kind = 'Refund' then 1 else -1 end, currency, micro, pico, null from payment where seller = @seller and organisation = @organisation
            """, new { seller, organisation });
        var allocations = await session.QueryAsync<Row>(
            """
            select source as Source, target as Target, currency as Currency, micro as Micro, pico as Pico from allocation
            where target in (select number from invoice where seller = @seller and organisation = @organisation)
                or target in (select number from payment where seller = @seller and organisation = @organisation)
            """, new { seller, organisation });
        var set = allocations.SelectMany(static row => new[] { (row.Source, Amount: row.Money), (Source: row.Target, Amount: -row.Money) }).ToLookup(static item => item.Source, static item => item.Amount, StringComparer.Ordinal);
        return
        [
            .. rows.Select(row =>
            {
                var currency = Dogana.Currency.Of(row.Currency);
                var amount = Money.FromParts(row.Micro, row.Pico, currency) * row.Sign;
                return new AccountItem(row.Number, amount, amount + Money.Sum(set[row.Number], currency), row.DueAt is { } due ? StoredTime.FromMicros(due) : null);
            }).OrderBy(static item => item.DueAt ?? DateTimeOffset.MaxValue).ThenBy(static item => item.Number, StringComparer.Ordinal),
        ];
    }

    /// <summary>What a source set off, or what set off a target, in order.</summary>
    public static async Task<IReadOnlyList<Allocation>> ReadOfAsync(StoreSession session, string number)
    {
        var rows = await session.QueryAsync<Row>(
            "select source as Source, target as Target, currency as Currency, micro as Micro, pico as Pico from allocation where source = @number or target = @number order by number", new { number });
        return [.. rows.Select(static row => new Allocation(row.Source, row.Target, row.Money))];
    }

    public static async Task<IReadOnlyList<Allocation>> ReadAllAsync(StoreSession session)
    {
        var rows = await session.QueryAsync<Row>("select source as Source, target as Target, currency as Currency, micro as Micro, pico as Pico from allocation order by number");
        return [.. rows.Select(static row => new Allocation(row.Source, row.Target, row.Money))];
    }

    /// <summary>Sets a source off against targets, in their order, as far as both go.</summary>
    public static async Task<IReadOnlyList<Allocation>> SetOffAsync(StoreSession session, AccountItem source, IEnumerable<AccountItem> targets, Money? most, string actor, DateTimeOffset now)
    {
        var rest = most is { } limit && limit < -source.Rest ? limit : -source.Rest;
        var made = new List<Allocation>();
        foreach (var target in targets.Where(target => target.Rest.Currency == rest.Currency && target.Rest.Amount > 0m))
        {
            var part = target.Rest < rest ? target.Rest : rest;
            if (part.Amount <= 0m)
            {
                break;
            }

            made.Add(new Allocation(source.Number, target.Number, part));
            rest -= part;
        }

        foreach (var allocation in made)
        {
            await session.ExecuteAsync(
                """
                insert into allocation(number, source, target, currency, micro, pico, allocated_at, actor)
                values(@Number, @Source, @Target, @Currency, @Micro, @Pico, @At, @actor)
                """,
                new
                {
                    Number = await session.NextAsync(Counter), allocation.Source, allocation.Target, Currency = allocation.Amount.Currency.Code, allocation.Amount.Micro,
                    allocation.Amount.Pico, At = now.ToMicros(), actor,
                });
        }

        return made;
    }

    /// <summary>Sets a new credit note off against its invoice, as far as that is open.</summary>
    public static async Task SetOffAsync(StoreSession session, Invoice note, string actor, DateTimeOffset now)
    {
        var items = await ReadItemsAsync(session, note.Seller, note.Organisation);
        await SetOffAsync(session, items.First(item => item.Number == note.Number), items.Where(item => item.Number == note.Corrects), most: null, actor, now);
    }

    private sealed class ItemRow
    {
        public string Number { get; init; } = "";

        public long Sign { get; init; }

        public string Currency { get; init; } = "";

        public long Micro { get; init; }

        public long Pico { get; init; }

        public long? DueAt { get; init; }
    }

    private sealed record Row(string Source, string Target, string Currency, long Micro, long Pico)
    {
        public Money Money => Dogana.Money.FromParts(Micro, Pico, Dogana.Currency.Of(Currency));
    }
}
