using System.Globalization;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Insight;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

/// <summary>What hand-written SQL says of the documents.</summary>
internal sealed record PlainSum(string Month, string Service, string Seller, string Organisation, string Channel, string Model, string Kind, string Currency, decimal Amount);

/// <summary>
/// Fourteen months of the world of money, closed one by one: three customers on two channels, one of them in yen, one that comes late and one that leaves; a family of two from
/// January 2026 on; a credit note, a fee and a prepayment. Amounts come from a seed.
/// </summary>
internal sealed class InsightScene : IAsyncDisposable
{
    public static readonly BillingMonth First = new(2025, 1);
    public static readonly BillingMonth Last = new(2026, 2);
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StoreKind _kind;

    private InsightScene(MoneyWorld world, StoreKind kind) => (World, _kind) = (world, kind);

    public MoneyWorld World { get; }

    public Store Store => World.Store;

    public static async Task<InsightScene> OpenAsync(StoreFixture stores, StoreKind kind, int seed = 11)
    {
        var scene = new InsightScene(await MoneyWorld.OpenAsync(stores, kind), kind);
        await scene.DeclareAsync();
        await scene.World.UseAsync([.. Calls(new Random(seed))]);
        for (var month = First; month <= Last; month = month.Next)
        {
            await scene.World.CloseAsync(month, Now);
        }

        var credited = (await scene.Store.ReadAsync(session => Invoices.ListAsync(session, new BillingMonth(2025, 12)))).First(static invoice => invoice.Organisation == "acme" && invoice.Channel == "resale");
        (await scene.Store.WriteAsync(session => CreditNotes.IssueAsync(session, credited.Number, new CreditRequest("goodwill") { Amount = 3.50m }, Reach.All, "tester", Now))).Problem.ShouldBeNull();
        return scene;
    }

    /// <summary>A scope of everything in dollars.</summary>
    public Task<ReportScope> ScopeAsync(InsightRequest? request = null, int months = 12) => Store.ReadAsync(async session =>
        (await ReportScope.ResolveAsync(session, request ?? new InsightRequest(Currency: "USD"), months)).Value);

    /// <summary>Every line of every final document, by nothing but the store's own functions for JSON: no code of Dogana's is in it.</summary>
    public async Task<IReadOnlyList<PlainSum>> PlainAsync()
    {
        var sql = _kind == StoreKind.Sqlite
            ? """
              select i.month as Month, json_extract(l.value, '$.service_month') as Service, i.seller as Seller, i.organisation as Organisation, i.channel as Channel,
                  coalesce(json_extract(l.value, '$.model'), '') as Model, json_extract(l.value, '$.kind') as Kind, i.currency as Currency, json_extract(l.value, '$.amount') as Amount
              from invoice i, json_each(i.document, '$.lines') l
              """
            : """
              select i.month as Month, l ->> 'service_month' as Service, i.seller as Seller, i.organisation as Organisation, i.channel as Channel,
                  coalesce(l ->> 'model', '') as Model, l ->> 'kind' as Kind, i.currency as Currency, l ->> 'amount' as Amount
              from invoice i, jsonb_array_elements(cast(i.document as jsonb) -> 'lines') l
              """;
        return [.. (await Store.ReadAsync(session => session.QueryAsync<Row>(sql))).Select(static row => new PlainSum(
            row.Month, row.Service, row.Seller, row.Organisation, row.Channel, row.Model, row.Kind, row.Currency, decimal.Parse(row.Amount, CultureInfo.InvariantCulture)))];
    }

    /// <summary>Yen in dollars at a month's end, as declared below.</summary>
    public static decimal Dollars(PlainSum line) => Dollars(line, line.Month);

    /// <summary>The same at another month's end.</summary>
    public static decimal Dollars(PlainSum line, string month) => line.Currency == "USD" ? line.Amount : line.Amount * Rate(BillingMonth.Parse(month).Value);

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private static decimal Rate(BillingMonth month) => 0.0060m + (month.Year - 2025) * 0.0012m + month.Month * 0.0001m;

    private static IEnumerable<Call> Calls(Random random)
    {
        for (var month = First; month <= Last; month = month.Next)
        {
            var at = new DateTimeOffset(month.Year, month.Month, 10, 12, 0, 0, TimeSpan.Zero);
            yield return new Call("acme", at, random.NextInt64(100_000_000, 900_000_000));
            yield return new Call("acme", at, random.NextInt64(100_000_000, 900_000_000)) { Channel = "resale" };
            yield return new Call("acme", at.AddDays(3), random.NextInt64(10_000_000, 90_000_000)) { Channel = "resale", Model = "large" };
            if (month.Year == 2025)
            {
                yield return new Call("nippon", at, random.NextInt64(100_000_000, 900_000_000)); // leaves
            }

            if (month >= new BillingMonth(2025, 6))
            {
                yield return new Call("pacific", at, random.NextInt64(10_000_000, 900_000_000)) { Channel = "resale" };
            }
        }
    }

    private Task<int> DeclareAsync() => Store.WriteAsync(async session =>
    {
        await PartyRegister.DeclareAsync(session, [new Organisation("holding", "Holding SE", "DE", "Europe/Berlin", null)], [], [], []);
        await PartyRegister.DeclareOwnershipAsync(
            session, [],
            [
                new OwnershipStatement("one", "acme", "holding", InterestKind.Shareholding, ShareRange.All, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null, "register"),
                new OwnershipStatement("two", "pacific", "holding", InterestKind.Shareholding, ShareRange.All, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null, "register"),
            ], []);
        await CatalogRegister.DeclareAsync(session, [new Model("small", "owner", ModelKind.Chat, 8_000, 1_000), new Model("large", "cloud", ModelKind.Chat, 8_000, 1_000)], [], [], []);
        await ExchangeRates.DeclareAsync(session, [.. Enumerable.Range(0, 15).Select(static index => new BillingMonth(2025 + index / 12, index % 12 + 1)).Select(static month => new ExchangeRate(
            "JPY", "USD", new DateTimeOffset(month.Year, month.Month, 20, 0, 0, 0, TimeSpan.Zero), Rate(month), "test"))], Start);
        await Contracts.DeclareAsync(
            session, MoneyWorld.Parties,
            [
                new Contract("pacific-direct", "pacific", "direct", "list", new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 9, 1, 10, 0, 0, TimeSpan.Zero))
                {
                    Terms = ContractTerms.Standard with
                    {
                        TimeZone = "Etc/UTC", Fees = [new ContractFee("support", "Support", 20m, IsProrated: false)],
                        Minimums = [new SpendMinimum("floor", 50m, MinimumCadence.Period, EarlyEnd.Full)],
                        Prepayments = [new Prepayment("credit", "Credit", 500m, new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero), null, 0, IsPromotional: false)],
                    },
                },
            ], Start);
        return 0;
    });

    private sealed class Row
    {
        public string Month { get; init; } = "";

        public string Service { get; init; } = "";

        public string Seller { get; init; } = "";

        public string Organisation { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Model { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Currency { get; init; } = "";

        public string Amount { get; init; } = "";
    }
}
