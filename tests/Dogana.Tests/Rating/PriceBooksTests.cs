using Dogana.Catalog;
using Dogana.Rating;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Rating;

public sealed class PriceBooksTests(StoreFixture stores)
{
    private static readonly PriceBook Book = new("list", "List", "USD");
    private static readonly DateTimeOffset January = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset July = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceBookVersion First = new("list", January, [new Price("small", Meter.InputTokens, 0.15m, 1_000_000)]);
    private static readonly PriceBookVersion Second = new("list", July, [new Price("small", Meter.InputTokens, 0.10m, 1_000_000)]);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Declaring_twice_changes_nothing_the_second_time(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);

        var first = await DeclareAsync(store, [First, Second]);
        var version = await store.ReadConfigurationVersionAsync();
        var second = await DeclareAsync(store, [First, Second]);

        first.ShouldAllBe(change => change.Kind == ChangeKind.Created);
        second.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        second.Select(static change => $"{change.Type} {change.Id}").ShouldBe(
            ["price_book list", "price_book_version list@2026-01-01T00:00:00Z", "price_book_version list@2026-07-01T00:00:00Z"]);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version);
        var table = await store.ReadAsync(PriceBooks.ReadAsync);
        table.Find("list", "small", Meter.InputTokens, July).ShouldBe(Second.Prices[0]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_published_version_never_changes(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await DeclareAsync(store, [First]);

        var refused = await Should.ThrowAsync<ProblemException>(() => DeclareAsync(store, [First with { Prices = Second.Prices }]));

        refused.Problem.Code.ShouldBe(ProblemCode.Conflict);
        refused.Problem.Message.ShouldContain("later effective_from");
        (await store.ReadAsync(PriceBooks.ReadAsync)).Find("list", "small", Meter.InputTokens, July).ShouldBe(First.Prices[0]);
    }

    [Fact]
    public async Task Prices_of_the_past_cannot_be_slipped_in()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await DeclareAsync(store, [First]);

        var refused = await Should.ThrowAsync<ProblemException>(() => DeclareAsync(store, [Second with { EffectiveFrom = January.AddDays(-1) }]));

        refused.Problem.Code.ShouldBe(ProblemCode.Conflict);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_kind_of_price_is_read_as_it_was_published(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var input = First.Prices[0];
        var version = First with
        {
            Prices =
            [
                input, input with { Amount = 0.30m, PromptAbove = 200_000 }, input with { Amount = 0.30m, ServiceTier = ServiceTier.Priority },
                input with { Meter = Meter.OutputTokens, Amount = 0, Per = 1, Kind = PriceKind.Graduated, Tiers = [new(10, 20_000_000.000000000001m, 0.5m), new(null, 0.000000000001m)] },
                input with { Meter = Meter.CachedInputTokens, Amount = 3, Per = 7, Kind = PriceKind.Package }, input with { Meter = Meter.CacheWriteTokens, Amount = 3, Per = 1, Kind = PriceKind.Flat },
            ],
        };
        await DeclareAsync(store, [version]);

        (await DeclareAsync(store, [version])).ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        var table = await store.ReadAsync(PriceBooks.ReadAsync);

        version.Prices.ShouldAllBe(price => table.FindPublished("list", January, price.Model, price.Meter, price.Key)!.Price == price);
        table.Rate("list", "small", Meter.OutputTokens, 1, January).Value.ToAmountText().ShouldBe("20000000.500000000001");
        var refused = await Should.ThrowAsync<ProblemException>(() => DeclareAsync(store, [version with { Prices = [.. version.Prices.Skip(1)] }]));
        refused.Problem.Code.ShouldBe(ProblemCode.InvalidRequest); // the band and the priority price without their base
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_retroactive_version_of_a_cost_book_may_begin_in_the_past_and_never_changes(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var past = Second with { EffectiveFrom = January.AddDays(-10), IsRetroactive = true };
        await CostAsync(First);

        await CostAsync(past);

        (await store.ReadAsync(PriceBooks.ReadAsync)).Find("list", "small", Meter.InputTokens, January.AddDays(-1)).ShouldBe(past.Prices[0]);
        (await Should.ThrowAsync<ProblemException>(() => CostAsync(past with { IsRetroactive = false }))).Problem.Code.ShouldBe(ProblemCode.Conflict);
        (await Should.ThrowAsync<ProblemException>(() => CostAsync(past with { Prices = First.Prices }))).Problem.Code.ShouldBe(ProblemCode.Conflict);

        Task CostAsync(PriceBookVersion version) => store.WriteAsync(session => PriceBooks.DeclareAsync(session, [Book with { Kind = PriceBookKind.Cost }], [version], January));
    }

    [Fact]
    public async Task A_book_that_customers_pay_by_takes_prices_of_the_past_only_where_it_is_said()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await DeclareAsync(store, [First]);
        var past = Second with { EffectiveFrom = January.AddDays(-10) };

        (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(store, [past]))).Problem.Message.ShouldContain("retroactive: true");
        await DeclareAsync(store, [past with { IsRetroactive = true }]);
    }

    [Theory]
    [InlineData("0.10", 3, "no exact price of one unit")]
    [InlineData("0.0000001", 1_000_000, "no exact price of one unit")]
    [InlineData("-1", 1, "0 to 1000000000")]
    [InlineData("1", 0, "per is 0")]
    public async Task A_price_that_cannot_be_exact_is_refused_by_name(string amount, long per, string reason)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var price = new Price("small", Meter.InputTokens, decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), per);

        var refused = await Should.ThrowAsync<ProblemException>(() => DeclareAsync(store, [First with { Prices = [price] }]));

        refused.Problem.Code.ShouldBe(ProblemCode.InvalidRequest);
        refused.Problem.Message.ShouldContain(reason);
        refused.Problem.Message.ShouldContain("input_tokens of 'small'");
    }

    [Fact]
    public async Task Unknown_books_and_currencies_and_double_prices_are_refused()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);

        (await RefusedAsync([Book with { Currency = "XXX" }], [])).Message.ShouldContain("'XXX'");
        (await RefusedAsync([], [First])).Message.ShouldContain("no price book 'list'");
        (await RefusedAsync([Book], [First, First])).Message.ShouldContain("declared twice");
        (await RefusedAsync([Book], [First with { Prices = [First.Prices[0], First.Prices[0]] }])).Message.ShouldContain("priced twice");

        async Task<Problem> RefusedAsync(IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions) =>
            (await Should.ThrowAsync<ProblemException>(() => store.WriteAsync(session => PriceBooks.DeclareAsync(session, books, versions, January)))).Problem;
    }

    [Fact]
    public async Task A_published_book_keeps_its_currency()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await DeclareAsync(store, [First]);

        var refused = await Should.ThrowAsync<ProblemException>(() => store.WriteAsync(session => PriceBooks.DeclareAsync(session, [Book with { Currency = "EUR" }], [], January)));

        refused.Problem.Message.ShouldContain("published in USD");
    }

    private static Task<IReadOnlyList<Change>> DeclareAsync(Store store, IReadOnlyList<PriceBookVersion> versions) =>
        store.WriteAsync(session => PriceBooks.DeclareAsync(session, [Book], versions, January));
}
