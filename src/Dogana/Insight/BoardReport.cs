using Dogana.Authority;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Insight.Board;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>
/// The report for a board: one HTML page with a picture for each question, drawn from what the other reports answer and from nothing else. It reads in one transaction, so that all its pictures
/// are of the same books; what one report cannot say is a sentence in its place.
/// </summary>
public static class BoardReport
{
    private const int Year = 12, Quarter = 3, ThreeYears = 36;
    private const int Cohorts = 8;
    private const int ChannelsMax = 5;
    private const int Seed = 1;
    private const decimal AnnualRate = 0.1m;
    private static readonly InsightAxis[] Axes = [InsightAxis.Family, InsightAxis.Counterparty, InsightAxis.Channel, InsightAxis.Model, InsightAxis.Owner];

    /// <summary>The page.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="request">What it is about; its months are those of concentration, dependence, margins and the customer's view: twelve when null. Growth has three years, retention quarters.</param>
    /// <param name="asOf">From when on commitments, and until when the last 28 days, are counted. The same store, request and instant give the same bytes.</param>
    /// <param name="scenarios">Set beside the baseline where there are any.</param>
    /// <exception cref="ProblemException">Nothing was invoiced, or the request is wrong.</exception>
    public static async Task<string> ReadAsync(StoreSession session, InsightRequest request, DateTimeOffset asOf, IReadOnlyList<Scenario>? scenarios = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scope = await ScopeAsync(session, request, Year);

        // All of them end with the same month, whichever of them has documents in it.
        var fixedRequest = request with { Through = scope.To.ToString(), Months = null };
        var concentration = await TryAsync(async () =>
        {
            var reports = new List<ConcentrationRecord>();
            foreach (var axis in Axes)
            {
                reports.Add(await ConcentrationReports.ReadAsync(session, scope, axis, ConcentrationSection.Named, withHistory: true));
            }

            return (IReadOnlyList<ConcentrationRecord>)reports;
        });
        return BoardPage.Write(new BoardFigures(scope.ToBasis(), asOf)
        {
            Concentration = concentration,
            Growth = await TryAsync(async () => await GrowthReports.ReadGrowthAsync(session, await ScopeAsync(session, fixedRequest, ThreeYears))),
            Channels = await TryAsync(() => ReadChannelsAsync(session, fixedRequest, concentration)),
            RunRate = await TryAsync(async () => await GrowthReports.ReadRunRateAsync(session, await ScopeAsync(session, fixedRequest, Year), asOf)),
            Retention = await TryAsync(() => ReadRetentionAsync(session, fixedRequest, scope.To)),
            Commitments = await TryAsync(async () => await CommitmentReports.ReadAsync(session, await ScopeAsync(session, fixedRequest, ThreeYears), asOf)),
            Forecasts = await TryAsync(() => ReadForecastsAsync(session, fixedRequest)),
            Dependence = await TryAsync(() => DependenceReports.ReadAsync(session, scope)),
            Customer = await TryAsync(() => ReadCustomerAsync(session, request with { Through = scope.To.ToString() }, concentration, asOf)),
            Margin = await TryAsync(async () => (IReadOnlyList<MarginRecord>)
                [await MarginReports.ReadAsync(session, scope, InsightAxis.Model), await MarginReports.ReadAsync(session, scope, InsightAxis.Channel)]),
            Pools = await TryAsync(() => MarginReports.ReadPoolsAsync(session, scope, AnnualRate)),
            WhatIf = scenarios is { Count: > 0 }
                ? await TryAsync(async () => Given(await WhatIfReports.ReadAsync(session, await ScopeAsync(session, fixedRequest, ReportScope.MonthsMax), scenarios, Seed))) : (Outcome<WhatIfReport>?)null,
            Alerts = await InsightAlerts.ReadAsync(session),
        });
    }

    private static async Task<Outcome<T>> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
    }

    private static async Task<ReportScope> ScopeAsync(StoreSession session, InsightRequest request, int months, string? organisation = null) =>
        Given(await ReportScope.ResolveAsync(session, request, months, organisation));

    private static T Given<T>(Outcome<T> outcome) => outcome.TryGet(out var value, out var problem) ? value : throw new ProblemException(problem);

    // The channels that the picture of months is stacked of: all of them or none.
    private static async Task<IReadOnlyList<GrowthRecord>> ReadChannelsAsync(StoreSession session, InsightRequest request, Outcome<IReadOnlyList<ConcentrationRecord>> concentration)
    {
        var reports = new List<GrowthRecord>();
        if (request.Channel is null && concentration.TryGet(out var known, out _) && known.Single(static report => report.Axis == EnumWords.Of(InsightAxis.Channel)) is { Parties: > 1 and <= ChannelsMax } channels)
        {
            foreach (var channel in channels.Largest)
            {
                reports.Add(await GrowthReports.ReadGrowthAsync(session, await ScopeAsync(session, request with { Channel = channel.Party }, ThreeYears)));
            }
        }

        return reports;
    }

    // Three months and the three before, as far back as there is a year before them.
    private static async Task<IReadOnlyList<RetentionRecord>> ReadRetentionAsync(StoreSession session, InsightRequest request, BillingMonth to)
    {
        var reports = new List<RetentionRecord>();
        for (var cohort = 0; cohort < Cohorts; cohort++)
        {
            var scope = await ScopeAsync(session, request with { Through = to.Plus(-cohort * Quarter).ToString() }, Quarter);
            var report = await GrowthReports.ReadRetentionAsync(session, scope, isByFamily: true);
            if (report.OpeningCustomers == 0)
            {
                break;
            }

            reports.Add(report);
        }

        return reports;
    }

    private static async Task<IReadOnlyList<ForecastRecord>> ReadForecastsAsync(StoreSession session, InsightRequest request)
    {
        var said = (await GuidanceRegister.ReadAsync(session)).Select(static item => item.Guidance.Series);
        var forecasts = new List<ForecastRecord>();
        foreach (var name in said.Prepend("total").Distinct(StringComparer.Ordinal))
        {
            var series = Given(await InsightSeries.FindAsync(session, name, request));
            forecasts.Add(Given(await ForecastReports.ReadAsync(session, series, Year / series.StepMonths, Seed)));
        }

        return forecasts;
    }

    private static async Task<CustomerRecord> ReadCustomerAsync(StoreSession session, InsightRequest request, Outcome<IReadOnlyList<ConcentrationRecord>> concentration, DateTimeOffset asOf)
    {
        var largest = Given(concentration).Single(static report => report.Axis == EnumWords.Of(InsightAxis.Counterparty)).Largest;
        return largest.Count == 0
            ? throw new ProblemException(new Problem(ProblemCode.NothingInvoiced, "There is no customer in these months whose view could be shown."))
            : await CustomerReports.ReadAsync(session, await ScopeAsync(session, request, Year, largest[0].Party), largest[0].Party, Reach.All, asOf);
    }
}
