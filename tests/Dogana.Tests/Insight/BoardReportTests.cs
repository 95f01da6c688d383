using Dogana.Client;
using Dogana.Insight;
using Dogana.Insight.Board;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

/// <summary>The report for a board: what is on it, and that it needs nothing else.</summary>
public sealed class BoardReportTests(StoreFixture stores)
{
    private static readonly InsightBasis Basis = new(["cloud"], "invoiced", "2024-01", "2024-02", "USD", "month_end", DateTimeOffset.UnixEpoch, "Lines.");

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_page_shows_what_the_reports_say_and_the_same_instant_gives_the_same_bytes(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);
        await RevenueRollup.RunAsync(scene.Store);
        await scene.Store.WriteAsync(static session => InsightAlerts.DeclareAsync(
            session, [new InsightAlert("one", AlertMeasure.LargestShare, AlertComparison.Above, 0.1m, "owner") { Currency = "USD" }, new InsightAlert("two", AlertMeasure.Growth, AlertComparison.Below, 0.2m, "owner") { Currency = "USD" }]));
        await AlertEvaluation.RunAsync(scene.Store, InsightScene.Now);
        var request = new InsightRequest(Currency: "USD", Months: 2);

        var page = await scene.Store.ReadAsync(session => BoardReport.ReadAsync(session, request, InsightScene.Now));

        (await scene.Store.ReadAsync(session => BoardReport.ReadAsync(session, request, InsightScene.Now))).ShouldBe(page);
        var scope = await scene.ScopeAsync(request);
        var family = await scene.Store.ReadAsync(session => ConcentrationReports.ReadAsync(session, scope, InsightAxis.Family, 10, withHistory: true));
        page.ShouldContain($"Largest family</span><b>{Encoded(BoardText.Percent(family.Cr1))}</b>");
        foreach (var party in family.Largest)
        {
            page.ShouldContain($"<td class=\"n\">{BoardText.Exact(party.Amount)}</td><td class=\"n\">{Encoded(BoardText.Percent(party.Share))}</td>");
        }

        var quarter = await scene.ScopeAsync(request with { Months = 3 });
        var retention = await scene.Store.ReadAsync(session => GrowthReports.ReadRetentionAsync(session, quarter, isByFamily: true));
        page.ShouldContain(Encoded(BoardText.Percent(retention.All.NetRetention)));
        foreach (var section in new[] { "concentration", "growth", "forecast", "dependence", "margin", "alerts" })
        {
            page.Split($"<section id=\"{section}\">")[1].Split("</section>")[0].ShouldContain("<svg", Case.Sensitive, section);
        }

        page.ShouldContain("two: growth cannot be said yet", Case.Sensitive, "what has no value is told in words");
        NeedsNothing(page);
    }

    [Fact]
    public async Task Before_the_first_document_there_is_nothing_to_show()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);

        var refused = await Should.ThrowAsync<ProblemException>(() => store.ReadAsync(static session => BoardReport.ReadAsync(session, new InsightRequest(), DateTimeOffset.UnixEpoch)));

        refused.Problem.Code.ShouldBe(ProblemCode.NothingInvoiced);
    }

    [Fact]
    public void What_a_report_cannot_say_is_a_sentence_in_its_place_and_the_others_are_shown()
    {
        var missing = new Problem(ProblemCode.SeriesTooShort, "Too <short>.", "series");
        var page = BoardPage.Write(Empty(missing) with { Pools = Pools(), Margin = new[] { Margin() } });

        (page.Split("<li>Too &lt;short&gt;.</li>").Length - 1).ShouldBeGreaterThan(3);
        page.ShouldContain("id=\"margin-model\"");
        page.ShouldContain("id=\"payback\"");
        page.ShouldContain("The capital of own is back in month 40; discounted it never is.");
        page.ShouldNotContain("id=\"what-if\"");
        NeedsNothing(page);
    }

    [Fact]
    public void Backtests_guidance_and_scenarios_are_drawn_where_there_are_any()
    {
        var page = BoardPage.Write(Empty(new Problem(ProblemCode.SeriesTooShort, "Too short.", "series")) with
        {
            Forecasts = new[] { Forecast() },
            WhatIf = WhatIf(),
        });

        foreach (var figure in new[] { "forecast-0", "guidance-0", "backtest-0", "what-if-months", "what-if-margin", "what-if-concentration", "what-if-guidance", "what-if-shares", "what-if-idle", "what-if-commitments" })
        {
            page.ShouldContain($"<figure id=\"{figure}\">");
        }

        page.ShouldContain("would have held 75.0&#160;% of what came");
        page.ShouldContain("a family leaves reaches it in March 2024");
        page.ShouldContain("total 2024Q2: nothing changes 60.0&#160;%; a family leaves 20.0&#160;%.");
        NeedsNothing(page);
    }

    // Nothing that a browser would fetch, and nothing that it would run.
    private static void NeedsNothing(string page)
    {
        page.ShouldNotContain("<script", Case.Insensitive);
        page.ShouldNotContain("<link", Case.Insensitive);
        page.ShouldNotContain("<img", Case.Insensitive);
        page.ShouldNotContain("src=", Case.Insensitive);
        page.ShouldNotContain("url(", Case.Insensitive);
        page.ShouldNotContain("@import", Case.Insensitive);
        page.ShouldNotContain("http", Case.Insensitive);
        Values(page, " href=\"").ShouldAllBe(static target => target.StartsWith('#'));
        var ids = Values(page, " id=\"");
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(ids.Length, "an id is there once");
    }

    private static string[] Values(string page, string attribute) => [.. page.Split(attribute).Skip(1).Select(static rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)])];

    private static string Encoded(string text) => System.Net.WebUtility.HtmlEncode(text);

    private static BoardFigures Empty(Problem problem) => new(Basis, DateTimeOffset.UnixEpoch)
    {
        Concentration = problem, Growth = problem, Channels = problem, RunRate = problem, Retention = problem, Commitments = problem, Forecasts = problem, Dependence = problem, Customer = problem, Margin = problem,
        Pools = problem, Alerts = [],
    };

    private static MarginRecord Margin() => new(
        Basis, "model", new MarginRowRecord("", "100", "60", "40", 0.4), "0", [new MarginRowRecord("a", "80", "30", "50", 0.625), new MarginRowRecord("b", "20", "30", "-10", -0.5)]);

    private static PoolsRecord Pools() => new(Basis, 0.1m, [new PoolRecord("own", 2, 1_000_000, 0.55, "100", "50", "10", "40", 0.4, "90", "60", "100", "3000", 5, "-12", 40, null)]);

    private static ForecastRecord Forecast() => new(
        "total", "own", "Lines.", "USD", [.. Enumerable.Range(1, 12).Select(static month => new MonthAmountRecord($"2023-{month:00}", $"{100 + month}"))], "holt", IsBootstrapped: false, 1,
        [.. Enumerable.Range(1, 6).Select(static month => new ForecastStepRecord($"2024-{month:00}", 112 + month, 100, 130, 95, 140))],
        [new BacktestRecord("holt", 8, 6, 0.7, [new(0.1, 1), new(0.5, 2), new(0.9, 1)], [new(0.8, 0.75, 0.8), new(0.95, 0.9, 1)])],
        [new GuidanceOutlookRecord("2024Q1", "the board", "330", "350", IsKnown: false, "342", 8, 0.93, 0.16, "12", 1.5)]);

    private static WhatIfReport WhatIf()
    {
        return new WhatIfReport(
            Basis, "2024-03", "2024-04", 1, [], ["Assumed."], Outlook("100", 0.24, null, 0.6),
            [new WhatIfScenarioRecord("a family leaves", "leaves.yaml", ["It leaves."], [], Outlook("70", 0.05, "2024-03", 0.2), new("-30", "0", "0", "0", "0", "-30"),
                [new WhatIfCommitmentRecord("c", "lumen", "cloud", DateTimeOffset.UnixEpoch, "50", "20", "5", "It binds.")])]);

        static WhatIfOutlookRecord Outlook(string revenue, double share, string? reached, double toMeet) => new(
            new(revenue, "0", "0", "10", "5", "60"), [new("2024-03", new(revenue, "0", "0", "10", "5", "60")), new("2024-04", new(revenue, "0", "0", "10", "5", "60"))],
            [new("agreement", "leg", "cloud", "owner", revenue, "20", "40", "0", reached, [])], [new("own", 1, 0.2, "10", "0", [])], new("lumen", share, 0.5, 0.7, 900, 11),
            [new("total", "2024Q2", "90", "110", "the board", revenue, toMeet, 0.1)], "50");
    }
}
