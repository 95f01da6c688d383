using System.Text.RegularExpressions;
using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Apply;

public sealed partial class StarterCatalogueTests(StoreFixture stores)
{
    private const string Book = "list-2026";

    // Chat models without a price that could be sourced: they are refused.
    private static readonly string[] Unpriced = ["command-a-plus-05-2026"];

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "samples", "models-2026.yaml"));

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task It_applies_after_opening_day_and_a_second_time_changes_nothing(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text, now: Now);

        var first = (await store.ApplyAsync(Text, now: Now)).Value;
        var dump = await store.DumpAsync();
        var second = (await store.ApplyAsync(Text, now: Now.AddDays(40))).Value;
        var sample = (await store.ApplyAsync(OpeningDay.Text, now: Now.AddDays(40))).Value;

        first.ShouldAllBe(change => change.Kind == ChangeKind.Created);
        first.Select(change => change.Type).Distinct(StringComparer.Ordinal).ShouldBe(["organisation", "model", "upstream", "deployment", "price_book", "price_book_version"]);
        second.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        sample.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        (await store.DumpAsync()).ShouldBe(dump);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_model_can_be_called_and_is_priced_or_known_not_to_be(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(Text, now: Now);

        var (parties, catalog, prices) = await store.ReadAsync(async session => (
            await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), await PriceBooks.ReadAsync(session)));

        catalog.Models.Count.ShouldBeInRange(40, 80);
        catalog.Deployments.Values.Select(deployment => deployment.Model).Order(StringComparer.Ordinal).ShouldBe(catalog.Models.Keys.Order(StringComparer.Ordinal));
        catalog.Models.Values.Select(model => model.Owner).Distinct(StringComparer.Ordinal).ShouldBe(parties.Organisations.Keys, ignoreOrder: true);
        foreach (var model in catalog.Models.Values)
        {
            decimal? PriceOf(Meter meter) => prices.FindInForce(Book, model.Id, meter, Now)?.Price.Amount;
            var (input, cached, output) = (PriceOf(Meter.InputTokens), PriceOf(Meter.CachedInputTokens), PriceOf(Meter.OutputTokens));

            input.HasValue.ShouldBe(!Unpriced.Contains(model.Id), model.Id);
            output.HasValue.ShouldBe(model.Kind == ModelKind.Chat && !Unpriced.Contains(model.Id), model.Id);
            (cached ?? 0m).ShouldBeLessThanOrEqualTo(input ?? 0m, model.Id);
            (output ?? decimal.MaxValue).ShouldBeGreaterThanOrEqualTo(input ?? 0m, model.Id);
            model.MaxOutputTokens.ShouldBeLessThanOrEqualTo(model.ContextTokens, model.Id);
            (catalog.Deployments[model.Id].DefaultOutputCap <= model.MaxOutputTokens).ShouldBeTrue(model.Id);
        }
    }

    [Fact]
    public void Every_price_row_names_its_source_and_the_day_and_every_group_of_models_too()
    {
        var lines = Text.Split('\n');
        var prices = lines.Where(static line => line.Contains("meter:", StringComparison.Ordinal)).ToArray();
        var groups = lines.Where(static line => line.Contains("Limits: ", StringComparison.Ordinal)).ToArray();

        prices.Length.ShouldBeGreaterThan(100);
        prices.ShouldAllBe(line => PriceSource().IsMatch(line));
        prices.ShouldAllBe(line => line.Contains("per: 1000000 }", StringComparison.Ordinal));
        groups.Length.ShouldBeGreaterThan(10);
        groups.ShouldAllBe(line => DayOfReading().IsMatch(line));
    }

    [Fact]
    public void It_declares_nothing_of_the_user() =>
        Text.Split('\n').Where(static line => line.Length > 0 && char.IsAsciiLetter(line[0])).ShouldBe(
            ["dogana: 1", "organisations:", "models:", "upstreams:", "deployments:", "price_books:"]);

    [GeneratedRegex(@"# source: [a-z0-9.-]+/\S+, as of 20\d\d-\d\d-\d\d \[[a-z.-]+\]$", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex PriceSource();

    [GeneratedRegex(@"as of 20\d\d-\d\d-\d\d \[[a-z.-]+\]", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex DayOfReading();
}
