using System.Globalization;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Insight;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

public sealed class SeriesTests(StoreFixture stores)
{
    private const string Quarters = "quarter,value\n2023Q1,100\n2023Q2,110\n2023Q3,120\n2023Q4,130\n2024Q1,135\n2024Q2,142\n2024Q3,155\n2024Q4,168\n";

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_series_of_a_file_stays_apart_and_is_forecast_against_its_own_guidance(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var series = (await store.WriteAsync(session => InsightSeries.ImportAsync(session, "cloud", "USD", "10-Q", Quarters, "tester", InsightScene.Now))).Value;

        var guidance = (await store.WriteAsync(session => GuidanceRegister.SetAsync(
            session, series, new GuidanceRequest("imported/cloud", "2025Q1", "earnings call", LowPercent: "30", HighPercent: "31"), "tester", InsightScene.Now))).Value;
        var read = (await store.ReadAsync(session => InsightSeries.FindAsync(session, "imported/cloud", new InsightRequest()))).Value;
        var forecast = (await store.ReadAsync(session => ForecastReports.ReadAsync(session, read, 4, 1))).Value;

        (guidance.Low.Amount, guidance.High.Amount, guidance.Source).ShouldBe((175.5m, 176.85m, GuidanceSource.Imported));
        (read.Values.Count, read.StepMonths, read.Source, read.Origin).ShouldBe((8, 3, GuidanceSource.Imported, "10-Q"));
        read.Values.ShouldBe(series.Values);
        (forecast.SeriesSource, forecast.Steps.Count, forecast.Steps[0].Month).ShouldBe(("imported", 4, "2025-01"));
        var outlook = forecast.Guidance.ShouldHaveSingleItem();
        (outlook.Quarter, outlook.IsKnown).ShouldBe(("2025Q1", false));
        double.Parse(outlook.Expected, CultureInfo.InvariantCulture).ShouldBe(forecast.Steps[0].Mean, 0.01);
        (outlook.ToMeet >= outlook.ToExceed).ShouldBeTrue();
        forecast.ToString().ShouldNotBeEmpty();
        (await store.ReadAsync(session => ForecastReports.ReadAsync(session, read, 4, 1))).Value.Steps.ShouldBe(forecast.Steps);
        (await store.ReadAsync(static session => AuditLog.ReadAsync(session, 9))).Select(static row => row.Action).ShouldBe(["insight.guidance_set", "insight.series_import"]);
    }

    [Fact]
    public async Task A_quarter_that_is_over_is_compared_with_what_was_said_of_it_and_what_is_known_of_one_is_certain()
    {
        await using var scene = await InsightScene.OpenAsync(stores, StoreKind.Sqlite);
        await RevenueRollup.RunAsync(scene.Store);
        var series = (await scene.Store.ReadAsync(session => InsightSeries.FindAsync(session, "channel/direct", new InsightRequest(Currency: "USD")))).Value;
        var over = series.Values.Where(static value => value.Month is { Year: 2025, Month: >= 10 }).Sum(static value => value.Amount.Amount);
        foreach (var (quarter, low, high) in new[] { ("2025Q4", over, over), ("2026Q1", 1m, 2m) })
        {
            (await scene.Store.WriteAsync(session => GuidanceRegister.SetAsync(
                session, series, new GuidanceRequest(series.Name, quarter, "board", low.ToString(CultureInfo.InvariantCulture), high.ToString(CultureInfo.InvariantCulture)), "tester", InsightScene.Now))).Problem.ShouldBeNull();
        }

        var forecast = (await scene.Store.ReadAsync(session => ForecastReports.ReadAsync(session, series, 12, 1))).Value;

        (forecast.Guidance[0].IsKnown, forecast.Guidance[0].ToMeet, forecast.Guidance[0].ToExceed, decimal.Parse(forecast.Guidance[0].Gap, CultureInfo.InvariantCulture)).ShouldBe((true, 1.0, 0.0, 0m));
        var next = forecast.Guidance[1];
        var known = series.Values.Where(static value => value.Month.Year == 2026).Sum(static value => (double)value.Amount.Amount);
        double.Parse(next.Expected, CultureInfo.InvariantCulture).ShouldBe(known + forecast.Steps[0].Mean, 0.01);
        forecast.Steps[0].Month.ShouldBe("2026-03");
    }

    [Theory]
    [InlineData("month,value\n2024-01,1\n2024-03,2\n", "does not follow 2024-01")]
    [InlineData("month,value\n2024-01,1\n2024-01,2\n", "does not follow 2024-01")]
    [InlineData("month,value\n2024-13,1\n", "is not a month")]
    [InlineData("quarter,value\n2024Q5,1\n", "is not a quarter")]
    [InlineData("month,value\n2024-01,a lot\n", "is not a decimal")]
    [InlineData("month,amount\n2024-01,1\n", "name the columns")]
    [InlineData("month,value\n", "A series has 1 to")]
    public async Task A_file_that_is_no_series_is_refused_whole(string csv, string message)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);

        (await store.WriteAsync(session => InsightSeries.ImportAsync(session, "cloud", "percent", "page", csv, "tester", InsightScene.Now))).Problem!.Message.ShouldContain(message);
        (await store.ReadAsync(session => InsightSeries.FindAsync(session, "imported/cloud", new InsightRequest()))).Problem!.Code.ShouldBe(ProblemCode.NotFound);
    }

    [Fact]
    public async Task Too_few_values_are_said_to_be_too_few()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var series = (await store.WriteAsync(session => InsightSeries.ImportAsync(session, "new", "percent", "page", "month,value\n2024-01,1\n2024-02,2\n", "tester", InsightScene.Now))).Value;

        (await store.ReadAsync(session => ForecastReports.ReadAsync(session, series, 3, 1))).Problem!.Code.ShouldBe(ProblemCode.SeriesTooShort);
        (await store.WriteAsync(session => GuidanceRegister.SetAsync(session, series, new GuidanceRequest("imported/new", "2024Q2", "x", LowPercent: "1", HighPercent: "2"), "tester", InsightScene.Now)))
            .Problem!.Code.ShouldBe(ProblemCode.SeriesTooShort);
    }
}
