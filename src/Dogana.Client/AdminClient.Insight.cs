using System.Globalization;
using System.Net.Http.Json;

namespace Dogana.Client;

/// <summary>What a report is asked about; whatever is null is for the server to find.</summary>
/// <param name="Seller">Whose documents; all channels' sellers when null.</param>
/// <param name="Channel">Only this channel.</param>
/// <param name="Owner">Only this owner's models.</param>
/// <param name="Model">Only this model.</param>
/// <param name="Through">The last month, as <c>2026-01</c>; the last closed one when null.</param>
/// <param name="Months">How many months, 1 to 120.</param>
/// <param name="Basis"><c>invoiced</c> (when null) or <c>service</c>.</param>
/// <param name="Currency">In which currency; the only one there is when null.</param>
/// <param name="Rates"><c>month_end</c> (when null), or an instant whose exchange rates count for all months.</param>
public sealed record InsightFilter(
    string? Seller = null, string? Channel = null, string? Owner = null, string? Model = null, string? Through = null, int? Months = null, string? Basis = null,
    string? Currency = null, string? Rates = null);

public sealed partial class AdminClient
{
    /// <summary>How far revenue depends on few.</summary>
    public Task<ConcentrationRecord> GetConcentrationAsync(InsightFilter filter, string? axis = null, int? limit = null, bool history = false, CancellationToken cancellation = default) =>
        GetInsightAsync<ConcentrationRecord>("/concentration", filter, cancellation, ("axis", axis), ("limit", Number(limit)), ("history", Flag(history)));

    /// <summary>Revenue by month and quarter.</summary>
    public Task<GrowthRecord> GetGrowthAsync(InsightFilter filter, CancellationToken cancellation = default) => GetInsightAsync<GrowthRecord>("/growth", filter, cancellation);

    /// <summary>What is kept of the same months a year before.</summary>
    public Task<RetentionRecord> GetRetentionAsync(InsightFilter filter, string? axis = null, CancellationToken cancellation = default) =>
        GetInsightAsync<RetentionRecord>("/retention", filter, cancellation, ("axis", axis));

    /// <summary>Run rates.</summary>
    public Task<RunRateReportRecord> GetRunRateAsync(InsightFilter filter, CancellationToken cancellation = default) => GetInsightAsync<RunRateReportRecord>("/run-rate", filter, cancellation);

    /// <summary>What contracts have customers pay in any case.</summary>
    public Task<CommitmentsRecord> GetCommitmentsAsync(InsightFilter filter, CancellationToken cancellation = default) => GetInsightAsync<CommitmentsRecord>("/commitments", filter, cancellation);

    /// <summary>What both sides of share agreements depend on each other for.</summary>
    public Task<DependenceRecord> GetDependenceAsync(InsightFilter filter, CancellationToken cancellation = default) => GetInsightAsync<DependenceRecord>("/dependence", filter, cancellation);

    /// <summary>Revenue less what upstreams charge.</summary>
    public Task<MarginRecord> GetMarginAsync(InsightFilter filter, string? axis = null, int? limit = null, CancellationToken cancellation = default) =>
        GetInsightAsync<MarginRecord>("/margin", filter, cancellation, ("axis", axis), ("limit", Number(limit)));

    /// <summary>What capacity pools bring and cost; <paramref name="rate"/> is a year's discount rate, 0.1 for 10 %.</summary>
    public Task<PoolsRecord> GetPoolsAsync(InsightFilter filter, decimal? rate = null, CancellationToken cancellation = default) =>
        GetInsightAsync<PoolsRecord>("/pools", filter, cancellation, ("rate", rate?.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A customer's own view.</summary>
    public Task<CustomerRecord> GetCustomerInsightAsync(string organisation, InsightFilter filter, CancellationToken cancellation = default) =>
        GetInsightAsync<CustomerRecord>($"/customers/{Uri.EscapeDataString(organisation)}", filter, cancellation);

    /// <summary>The names of all series, in pages.</summary>
    public Task<Page<SeriesNameRecord>> ListSeriesAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<SeriesNameRecord>>("/insight/series" + PageQuery(after, limit), cancellation);

    /// <summary>A series.</summary>
    public Task<SeriesRecord> GetSeriesAsync(string name, InsightFilter filter, CancellationToken cancellation = default) =>
        GetInsightAsync<SeriesRecord>("/series/values", filter, cancellation, ("name", name));

    /// <summary>Reads a series in, in the place of the one before.</summary>
    public Task<SeriesRecord> ImportSeriesAsync(string name, SeriesImportRequest request, CancellationToken cancellation = default) =>
        PutInsightAsync<SeriesRecord>($"/series/imported/{Uri.EscapeDataString(name)}", request, cancellation);

    /// <summary>A series carried on.</summary>
    public Task<ForecastRecord> GetForecastAsync(string? series, InsightFilter filter, int? steps = null, int? seed = null, CancellationToken cancellation = default) =>
        GetInsightAsync<ForecastRecord>("/forecast", filter, cancellation, ("series", series), ("steps", Number(steps)), ("seed", Number(seed)));

    /// <summary>What was said of series' quarters, in pages.</summary>
    public Task<Page<GuidanceRecord>> ListGuidanceAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<GuidanceRecord>>("/insight/guidance" + PageQuery(after, limit), cancellation);

    /// <summary>Sets what is said of a series' quarter; an own series is reckoned in <paramref name="currency"/>.</summary>
    public Task<GuidanceRecord> SetGuidanceAsync(GuidanceRequest request, string? currency = null, CancellationToken cancellation = default) =>
        PutInsightAsync<GuidanceRecord>("/guidance" + Query(("currency", currency)), request, cancellation);

    /// <summary>The alerts, in pages.</summary>
    public Task<Page<AlertRecord>> ListAlertsAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<AlertRecord>>("/insight/alerts" + PageQuery(after, limit), cancellation);

    /// <summary>Adds an alert, or changes it.</summary>
    public Task<AlertRecord> SetAlertAsync(string id, AlertRequest request, CancellationToken cancellation = default) =>
        PutInsightAsync<AlertRecord>($"/alerts/{Uri.EscapeDataString(id)}", request, cancellation);

    /// <summary>Takes an alert away.</summary>
    public Task<AlertRecord> RemoveAlertAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<AlertRecord>(HttpMethod.Delete, $"/insight/alerts/{Uri.EscapeDataString(id)}", null, cancellation);

    /// <summary>Looks at all alerts now.</summary>
    public Task<Page<AlertRecord>> EvaluateAlertsAsync(CancellationToken cancellation = default) => PostAsync<Page<AlertRecord>>("/insight/alerts/evaluate", null, cancellation);

    /// <summary>Scenarios beside the baseline; <paramref name="seed"/> is what chance comes from.</summary>
    public Task<WhatIfReport> GetWhatIfAsync(IReadOnlyList<WhatIfFile> scenarios, InsightFilter filter, int? seed = null, CancellationToken cancellation = default) =>
        PostAsync<WhatIfReport>("/insight/what-if" + InsightQuery(filter, ("seed", Number(seed))), new WhatIfRequest(scenarios), cancellation);

    /// <summary>Is everything in scenarios known, to come and of one mind?</summary>
    public Task<WhatIfCheckRecord> CheckWhatIfAsync(IReadOnlyList<WhatIfFile> scenarios, InsightFilter filter, CancellationToken cancellation = default) =>
        PostAsync<WhatIfCheckRecord>("/insight/what-if/check" + InsightQuery(filter), new WhatIfRequest(scenarios), cancellation);

    /// <summary>Adds all documents up anew.</summary>
    public Task<RollupRecord> RebuildInsightAsync(CancellationToken cancellation = default) => PostAsync<RollupRecord>("/insight/rebuild", null, cancellation);

    /// <summary>Do the sums equal the documents?</summary>
    public Task<RollupVerificationRecord> VerifyInsightAsync(CancellationToken cancellation = default) => PostAsync<RollupVerificationRecord>("/insight/verify", null, cancellation);

    /// <summary>All reports as one HTML page for a board, with scenarios beside the baseline where some are given. The same store, filter and <paramref name="asOf"/> give the same bytes; now when null.</summary>
    public async Task<string> GetBoardReportAsync(InsightFilter filter, IReadOnlyList<WhatIfFile>? scenarios = null, string? asOf = null, CancellationToken cancellation = default)
    {
        var path = "/insight/report.html" + InsightQuery(filter, ("as_of", asOf));
        if (scenarios is not { Count: > 0 })
        {
            return await GetTextAsync(path, cancellation);
        }

        using var content = JsonContent.Create(new WhatIfRequest(scenarios), options: DoganaJson.Options);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    private Task<T> GetInsightAsync<T>(string report, InsightFilter filter, CancellationToken cancellation, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        return GetAsync<T>("/insight" + report + InsightQuery(filter, more), cancellation);
    }

    private static string InsightQuery(InsightFilter filter, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Query([
            ("seller", filter.Seller), ("channel", filter.Channel), ("owner", filter.Owner), ("model", filter.Model), ("through", filter.Through), ("months", Number(filter.Months)),
            ("basis", filter.Basis), ("currency", filter.Currency), ("rates", filter.Rates), .. more,
        ]);
    }

    private async Task<T> PutInsightAsync<T>(string path, object body, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(body, body.GetType(), options: DoganaJson.Options);
        return await SendAsync<T>(HttpMethod.Put, "/insight" + path, content, cancellation);
    }

    private static string? Number(int? number) => number is { } known ? Text(known) : null;
}
