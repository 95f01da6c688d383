using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>A customer's credit, and what is left of it.</summary>
internal sealed record Credit(string Contract, Prepayment Terms, Money Left);

/// <summary>Prepaid credit: what was bought or given, and what documents drew of it.</summary>
internal static class PrepaidCredit
{
    /// <summary>Grants credits, with the document that charges them; what is given is posted at once.</summary>
    public static async Task GrantAsync(StoreSession session, Contract contract, string seller, Currency currency, IReadOnlyList<Prepayment> items, string? invoice, DateTimeOffset now)
    {
        await session.InsertAsync(
            "prepayment", ["contract", "id", "seller", "organisation", "currency", "invoice", "granted_at"], items,
            item => [contract.Id, item.Id, seller, contract.Organisation, currency.Code, item.IsPromotional ? null : invoice, now.ToMicros()]);
        await LedgerJournal.PostAsync(session, [.. items.Where(static item => item.IsPromotional).Select(item => new NewEntry(
            $"credit/{contract.Id}/{item.Id}", now, $"Credit '{item.Id}' given by contract '{contract.Id}'",
            [
                new Posting(new Account(seller, AccountKind.Discount, contract.Organisation), new Money(item.Amount, currency)),
                new Posting(new Account(seller, AccountKind.Deferred, contract.Organisation), -new Money(item.Amount, currency)),
            ]))], now);
    }

    /// <summary>Says which documents drew on which credits.</summary>
    public static Task UseAsync(StoreSession session, IReadOnlyList<(string Invoice, Credit Credit, Money Amount)> drawn) => session.InsertAsync(
        "prepayment_use", ["contract", "id", "invoice", "micro", "pico"], drawn,
        static item => [item.Credit.Contract, item.Credit.Terms.Id, item.Invoice, item.Amount.Micro, item.Amount.Pico]);

    /// <summary>Credits that are granted, in the order of their contracts, with what documents drew of them.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="condition">Of which ones, of <c>prepayment p</c>.</param>
    /// <param name="parameters">The condition's parameters.</param>
    public static Task<IReadOnlyList<StoredRow>> ReadAsync(StoreSession session, string condition, object? parameters = null) => session.QueryAsync<StoredRow>(
        $"""
        select p.contract as Contract, p.id as Id, p.seller as Seller, p.organisation as Organisation, p.currency as Currency, p.ended_at as EndedAt,
            cast(coalesce(sum(u.micro), 0) as bigint) as Micro, cast(coalesce(sum(u.pico), 0) as bigint) as Pico
        from prepayment p left join prepayment_use u on u.contract = p.contract and u.id = p.id where {condition}
        group by p.contract, p.id, p.seller, p.organisation, p.currency, p.ended_at order by p.contract, p.id
        """, parameters);

    /// <summary>Ends what can no longer be used, once the period in which it ended is on documents: what is left of it is earned.</summary>
    public static async Task<int> EndAsync(StoreSession session, BillingMonth month, DateTimeOffset now)
    {
        var rows = await ReadAsync(session, "p.ended_at is null");
        var contracts = await Contracts.ReadBesideAsync(session, [.. rows.Select(static row => row.Contract).Distinct(StringComparer.Ordinal)]);
        var entries = new List<NewEntry>();
        foreach (var row in rows)
        {
            var (credit, contract) = (row.ToCredit(contracts), contracts.ById[row.Contract]);
            if (credit.Terms.Expires is not { } end || contract.Calendar.Of(end.AddMicroseconds(-1)).End > month.End(contract.Zone))
            {
                continue;
            }

            await session.ExecuteAsync("update prepayment set ended_at = @at where contract = @Contract and id = @Id", new { row.Contract, row.Id, at = end.ToMicros() });
            if (!credit.Left.IsZero)
            {
                entries.Add(new NewEntry($"credit-end/{row.Contract}/{row.Id}", now, $"Credit '{row.Id}' of contract '{row.Contract}' ended unused",
                [
                    new Posting(new Account(row.Seller, AccountKind.Deferred, row.Organisation), credit.Left),
                    new Posting(new Account(row.Seller, AccountKind.BreakageRevenue, row.Organisation), -credit.Left),
                ]));
            }
        }

        await LedgerJournal.PostAsync(session, entries, now);
        return entries.Count;
    }

    /// <summary>The lines of credit that a document charges.</summary>
    public static async Task<IReadOnlyList<ChargeLine>> ReadBoughtAsync(StoreSession session, Contract contract, string invoice, BillingPeriod period, Currency currency)
    {
        var ids = contract.Terms.Prepayments.Count == 0 ? []
            : await session.QueryAsync<string>("select id from prepayment where contract = @Id and invoice = @invoice", new { contract.Id, invoice });
        return [.. contract.Terms.Prepayments.Where(item => ids.Contains(item.Id, StringComparer.Ordinal)).Select(item => Line(item, period, currency))];
    }

    /// <summary>The line that charges bought credit.</summary>
    public static ChargeLine Line(Prepayment item, BillingPeriod period, Currency currency) =>
        ChargeLine.Of(ChargeLine.Prepayment, period, AccountKind.Deferred, new Money(item.Amount, currency)) with { Text = item.Name };

    /// <summary>What a document drew.</summary>
    public static async Task<Money> SumUsesAsync(StoreSession session, string invoice, Currency currency)
    {
        var sums = await session.QueryAsync<UseRow>(
            "select micro as Micro, pico as Pico from prepayment_use where invoice = @invoice", new { invoice });
        return Money.Sum(sums.Select(row => Money.FromParts(row.Micro, row.Pico, currency)), currency);
    }

    private sealed record UseRow(long Micro, long Pico);

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    internal sealed class StoredRow
    {
        public string Contract { get; init; } = "";

        public string Id { get; init; } = "";

        public string Seller { get; init; } = "";

        public string Organisation { get; init; } = "";

        public string Currency { get; init; } = "";

        public long? EndedAt { get; init; }

        public long Micro { get; init; }

        public long Pico { get; init; }

        public Credit ToCredit(ContractTable contracts)
        {
            var (terms, currency) = (contracts.ById[Contract].Terms.Prepayments.First(item => item.Id == Id), Dogana.Currency.Of(Currency));
            return new(Contract, terms, new Money(terms.Amount, currency) - Money.FromParts(Micro, Pico, currency));
        }
    }
}
