namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>How many served calls conduct saw, by hour and node, latest first.</summary>
    /// <param name="from">The first hour; null for a day ago.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<ConductCoverageRecord>> GetConductCoverageAsync(DateTimeOffset? from = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<ConductCoverageRecord>>("/conduct/coverage" + Query(("from", from is { } first ? Instant(first) : null), ("limit", Text(limit))), cancellation);

    /// <summary>All signatures that are looked for, as a document for others.</summary>
    public Task<IndicatorsDocument> ExportIndicatorsAsync(CancellationToken cancellation = default) => GetAsync<IndicatorsDocument>("/conduct/signatures", cancellation);

    /// <summary>The sets of indicators that were taken over from others.</summary>
    public Task<IReadOnlyList<IndicatorsRecord>> ListIndicatorsAsync(CancellationToken cancellation = default) => GetAsync<IReadOnlyList<IndicatorsRecord>>("/conduct/indicators", cancellation);

    /// <summary>Takes a set of indicators over.</summary>
    public Task<IndicatorsRecord> ImportIndicatorsAsync(string id, string document, CancellationToken cancellation = default) =>
        PostAsync<IndicatorsRecord>($"/conduct/indicators/{Uri.EscapeDataString(id)}", new ImportIndicatorsRequest(document), cancellation);

    /// <summary>Removes a set of indicators and gives what it was.</summary>
    public Task<IndicatorsRecord> RemoveIndicatorsAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<IndicatorsRecord>(HttpMethod.Delete, $"/conduct/indicators/{Uri.EscapeDataString(id)}", null, cancellation);
}
