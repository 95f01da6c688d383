namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>A page of what content filters found, as counts of calls by hour.</summary>
    /// <param name="project">Of this project only.</param>
    /// <param name="policy">Of this policy only.</param>
    /// <param name="from">From this instant's hour on; null for seven days ago.</param>
    /// <param name="to">Before this instant.</param>
    /// <param name="after">Behind this row.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<Page<FilterFindingRecord>> ListFilterFindingsAsync(
        string? project = null, string? policy = null, DateTimeOffset? from = null, DateTimeOffset? to = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<FilterFindingRecord>>(
            "/filter/findings" + Query(
                ("project", project), ("policy", policy), ("from", from is { } first ? Instant(first) : null), ("to", to is { } last ? Instant(last) : null), ("after", after), ("limit", Text(limit))),
            cancellation);
}
