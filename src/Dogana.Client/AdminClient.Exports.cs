using System.Net.Http.Headers;

namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>Is every unit that was metered accounted for: of a month, or of all time?</summary>
    public Task<ReconcileReport> ReconcileUsageAsync(string? month = null, CancellationToken cancellation = default) =>
        GetAsync<ReconcileReport>("/usage/reconcile" + Query(("month", month)), cancellation);

    /// <summary>A month's final invoices as FOCUS 1.2 in CSV.</summary>
    /// <param name="month">As <c>2026-01</c>.</param>
    /// <param name="organisation">Of one customer; null for all.</param>
    /// <param name="provider">As this organisation sees it: what others invoice is billed by others. Null for what invoices say.</param>
    /// <param name="withImported">With the bills of others that were taken in.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<string> ExportFocusAsync(string month, string? organisation, string? provider, bool withImported, CancellationToken cancellation = default) => GetTextAsync(
        "/exports/focus" + Query(("month", month), ("organisation", organisation), ("provider", provider), ("imported", withImported ? "true" : null)), cancellation);

    /// <summary>The ledger's postings of a time in CSV.</summary>
    public Task<string> ExportJournalAsync(string from, string to, string? book, CancellationToken cancellation = default) =>
        GetTextAsync("/exports/journal" + Query(("from", from), ("to", to), ("book", book)), cancellation);

    /// <summary>Takes in a bill of another provider, FOCUS in CSV.</summary>
    public async Task<FocusImportReport> ImportFocusAsync(string provider, Stream csv, CancellationToken cancellation = default)
    {
        using var content = new StreamContent(csv);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return await SendAsync<FocusImportReport>(HttpMethod.Post, "/imports/focus" + Query(("provider", provider)), content, cancellation);
    }

    /// <summary>What outside providers billed, by month.</summary>
    public Task<IReadOnlyList<ImportedSum>> ListImportedAsync(CancellationToken cancellation = default) => GetAsync<IReadOnlyList<ImportedSum>>("/imports/focus", cancellation);

    private async Task<string> GetTextAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }
}
