using Dogana.Catalog;
using Dogana.Limits;
using Dogana.Parties;
using FsCheck.Fluent;

namespace Dogana.Tests.Limits;

/// <summary>Which limits a quota makes, and which of them a call counts against.</summary>
public sealed class QuotaLimitTests
{
    private static readonly Organisation Acme = new("acme", "Acme", "FR", "Europe/Paris", null);

    [Theory]
    [InlineData(100_000, "6", 1, "10 in 1 s")]
    [InlineData(100_000, "6", 10, "100 in 10 s")]
    [InlineData(100_000, "6", 60, "600 in 60 s")]
    [InlineData(1_000, "119", 1, "2 in 1 s, 119 in 60 s")]
    [InlineData(1_000, "30", 1, "1 in 1 s, 30 in 60 s")]
    [InlineData(1_000, "1", 10, "1 in 60 s")]
    [InlineData(1_000, "0.5", 10, "1 in 120 s")]
    [InlineData(1_000, "0.4", 1, "1 in 180 s")]
    [InlineData(0, "6", 10, "0 in 60 s")]
    [InlineData(1_000, null, 10, "")]
    public void Requests_follow_by_the_models_ratio_and_are_checked_in_slices(long tokens, string? ratio, int slice, string expected)
    {
        var quota = new Quota("q", "acme", "m", "global", tokens) { RequestSliceSeconds = slice };

        var limits = QuotaTable.LimitsOf(quota, ModelOf(ratio));

        string.Join(", ", limits.Where(static limit => limit.Unit == LimitUnit.Requests).Select(static limit => $"{Limit.UnitsDown(limit.Amount)} in {limit.Period.Length.TotalSeconds} s")).ShouldBe(expected);
        limits.Single(static limit => limit.Unit == LimitUnit.Tokens).Amount.ShouldBe(Limit.Parts(tokens));
    }

    [Fact]
    public void No_slice_lets_more_through_than_a_minute_allows_and_none_keeps_a_minute_from_being_used() => Checked.ForAll(
        from tokens in Gen.Choose(1, 2_000_000)
        from ratio in Gen.Choose(1, 20_000_000)
        from slice in Gen.Elements(1, 10, 60)
        select (tokens, ratio, slice),
        seed: 47,
        static input =>
        {
            var (tokens, ratio, slice) = input;
            var perMinute = tokens * (ratio / 1_000_000m) / 1000m;
            var limits = QuotaTable.LimitsOf(
                new Quota("q", "acme", "m", "global", tokens) { RequestSliceSeconds = slice }, ModelOf(null) with { RequestsPerThousandTokens = ratio / 1_000_000m });

            // What each lets through in its own time, told for a minute.
            decimal[] rates = [.. limits.Where(static limit => limit.Unit == LimitUnit.Requests).Select(static limit => Limit.UnitsDown(limit.Amount) * 60m / (decimal)limit.Period.Length.TotalSeconds)];
            rates.Min().ShouldBeLessThanOrEqualTo(perMinute);
            rates.Min().ShouldBeGreaterThan(perMinute >= 1 ? perMinute - 1 : perMinute / 2);
        });

    [Fact]
    public void A_call_counts_against_its_own_allotment_or_what_is_not_allotted()
    {
        var table = new QuotaTable([new Quota("q", "acme", "m", "west", 1_000)
        {
            Allotments = [new("gpt", null, 300), new("gpt", "shop", 200), new("other", "shop", 100)],
        }]);

        Find(table, "gpt", "shop").ShouldBe(("quota/q/gpt/shop/tokens/minute", 200));
        Find(table, "gpt", "lab").ShouldBe(("quota/q/gpt/*/tokens/minute", 300));
        Find(table, "other", "shop").ShouldBe(("quota/q/other/shop/tokens/minute", 100));
        Find(table, "other", "lab").ShouldBe(("quota/q/unallotted/tokens/minute", 400));
        Find(table, "third", "shop").ShouldBe(Find(table, "third", "lab"), "what is not allotted is shared");
        Find(table, "gpt", "shop", region: "east").ShouldBe((null, 0), "quotas are of a region");
        Find(table, "gpt", "shop", model: "n").ShouldBe((null, 0), "and of a model");
    }

    private static (string? Id, long Amount) Find(QuotaTable quotas, string deployment, string project, string region = "west", string model = "m")
    {
        var facts = new LimitFacts(
            new Project(project, "acme", "direct"), Acme, "key", new Deployment(deployment, model, [], 10) { Region = region }, ModelOf(null) with { Id = model }, Currency.Of("EUR"));
        var limits = new LimitTable(quotas, new BudgetTable([])).Find(facts);
        return limits.Count == 0 ? (null, 0) : (limits.ShouldHaveSingleItem().Id, Limit.UnitsDown(limits[0].Amount));
    }

    private static Model ModelOf(string? ratio) => new("m", "northwind", ModelKind.Chat, 1_000, 1_000)
    {
        RequestsPerThousandTokens = ratio is null ? null : decimal.Parse(ratio, System.Globalization.CultureInfo.InvariantCulture),
    };
}
