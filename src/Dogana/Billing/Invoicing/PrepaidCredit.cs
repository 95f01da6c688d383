using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>A customer's credit, and what is left of it.</summary>
internal sealed record Credit(string Contract, Prepayment Terms, Money Left);

/// <summary>Prepaid credit: what was bought or given, and what documents drew of it.</summary>
internal static class PrepaidCredit
{
    /// <summary>A customer's credits with a seller that are not ended, and what is left of them.</summary>
    public static async Task<IReadOnlyList<Credit>> ReadAsync(StoreSession session, ContractTable contracts, string seller, string organisation, Currency currency)
    {
        var rows = await session.QueryAsync<Row>(
            """
            select p.contract as Contract, p.id as Id, cast(coalesce(sum(u.micro), 0) as bigint) as Micro, cast(coalesce(sum(u.pico), 0) as bigint) as Pico
            from prepayment p left join prepayment_use u on u.contract = p.contract and u.id = p.id
            where p.seller = @seller and p.organisation = @organisation and p.currency = @Code and p.ended_at is null group by p.contract, p.id
            """, new { seller, organisation, currency.Code });
        return
        [
            .. rows.Select(row => (row.Contract, Terms: TermsOf(contracts, row.Contract, row.Id), Used: Money.FromParts(row.Micro, row.Pico, currency)))
                .Select(item => new Credit(item.Contract, item.Terms, new Money(item.Terms.Amount, currency) - item.Used)),
        ];
    }

    /// <summary>Which of a contract's credits are not granted yet and begin before an instant.</summary>
    public static async Task<IReadOnlyList<Prepayment>> ReadDueAsync(StoreSession session, Contract contract, DateTimeOffset before)
    {
        if (contract.Terms.Prepayments.Count == 0)
        {
            return [];
        }

        var granted = (await session.QueryAsync<string>("select id from prepayment where contract = @Id", new { contract.Id })).ToHashSet(StringComparer.Ordinal);
        return [.. contract.Terms.Prepayments.Where(item => item.From < before && !granted.Contains(item.Id))];
    }

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

    /// <summary>Says which document drew on which credit.</summary>
    public static Task UseAsync(StoreSession session, string invoice, IReadOnlyList<(Credit Credit, Money Amount)> drawn) => session.InsertAsync(
        "prepayment_use", ["contract", "id", "invoice", "micro", "pico"], drawn,
        item => [item.Credit.Contract, item.Credit.Terms.Id, invoice, item.Amount.Micro, item.Amount.Pico]);

    /// <summary>Ends what can no longer be used, once the period in which it ended is on documents: what is left of it is earned.</summary>
    public static async Task<int> EndAsync(StoreSession session, ContractTable contracts, BillingMonth month, DateTimeOffset now)
    {
        var rows = await session.QueryAsync<OpenRow>(
            """
            select p.contract as Contract, p.id as Id, p.seller as Seller, p.organisation as Organisation, p.currency as Currency, cast(coalesce(sum(u.micro), 0) as bigint) as Micro,
                cast(coalesce(sum(u.pico), 0) as bigint) as Pico
            from prepayment p left join prepayment_use u on u.contract = p.contract and u.id = p.id where p.ended_at is null
            group by p.contract, p.id, p.seller, p.organisation, p.currency order by p.contract, p.id
            """);
        var entries = new List<NewEntry>();
        foreach (var row in rows)
        {
            var terms = TermsOf(contracts, row.Contract, row.Id);
            var contract = contracts.ById[row.Contract];
            if (terms.Expires is not { } end || contract.Calendar.Of(end.AddMicroseconds(-1)).End > month.End(contract.Zone))
            {
                continue;
            }

            var currency = Currency.Of(row.Currency);
            var left = new Money(terms.Amount, currency) - Money.FromParts(row.Micro, row.Pico, currency);
            await session.ExecuteAsync("update prepayment set ended_at = @at where contract = @Contract and id = @Id", new { row.Contract, row.Id, at = end.ToMicros() });
            if (!left.IsZero)
            {
                entries.Add(new NewEntry($"credit-end/{row.Contract}/{row.Id}", now, $"Credit '{row.Id}' of contract '{row.Contract}' ended unused",
                [
                    new Posting(new Account(row.Seller, AccountKind.Deferred, row.Organisation), left),
                    new Posting(new Account(row.Seller, AccountKind.BreakageRevenue, row.Organisation), -left),
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
        var sums = await session.QueryAsync<Row>(
            "select contract as Contract, id as Id, micro as Micro, pico as Pico from prepayment_use where invoice = @invoice", new { invoice });
        return Money.Sum(sums.Select(row => Money.FromParts(row.Micro, row.Pico, currency)), currency);
    }

    private static Prepayment TermsOf(ContractTable contracts, string contract, string id) => contracts.ById[contract].Terms.Prepayments.First(item => item.Id == id);

    // Not positional records: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class Row
    {
        public string Contract { get; init; } = "";

        public string Id { get; init; } = "";

        public long Micro { get; init; }

        public long Pico { get; init; }
    }

    private sealed class OpenRow
    {
        public string Contract { get; init; } = "";

        public string Id { get; init; } = "";

        public string Seller { get; init; } = "";

        public string Organisation { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }

        public long Pico { get; init; }
    }
}
