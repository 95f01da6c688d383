using System.Globalization;

namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>A page of the price books.</summary>
    public Task<Page<PriceBookRecord>> ListPriceBooksAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<PriceBookRecord>>("/price-books" + PageQuery(after, limit), cancellation);

    /// <summary>A page of the published prices: of all books or one, of all models or one, of all times or those in force at an instant.</summary>
    public Task<Page<PriceRecord>> ListPricesAsync(
        string? book = null, string? model = null, DateTimeOffset? at = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<PriceRecord>>(
            "/prices" + Query(("book", book), ("model", model), ("at", at is { } instant ? Unescaped(instant) : null), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>A book as a file: <c>csv</c> or <c>yaml</c>.</summary>
    public Task<PriceExport> ExportPricesAsync(string book, string format, CancellationToken cancellation = default) =>
        GetAsync<PriceExport>($"/price-books/{Uri.EscapeDataString(book)}/export" + Query(("format", format)), cancellation);

    /// <summary>Publishes books and versions from CSV, or says what would change.</summary>
    public Task<ApplyResult> ImportPricesAsync(PriceImportRequest request, CancellationToken cancellation = default) =>
        PostAsync<ApplyResult>("/price-books/import", request, cancellation);

    /// <summary>By which price a quantity is charged, and what each part of it costs.</summary>
    public Task<PriceExplanation> ExplainPriceAsync(
        string organisation, string channel, string model, string meter, long quantity, DateTimeOffset? at = null, string? tier = null, long? prompt = null,
        CancellationToken cancellation = default) => GetAsync<PriceExplanation>(
            "/prices/explain" + Query(
                ("organisation", organisation), ("channel", channel), ("model", model), ("meter", meter), ("quantity", quantity.ToString(CultureInfo.InvariantCulture)),
                ("at", at is { } instant ? Unescaped(instant) : null), ("tier", tier), ("prompt", prompt?.ToString(CultureInfo.InvariantCulture))),
            cancellation);

    /// <summary>A page of what upstreams charge, by day, model and meter.</summary>
    public Task<Page<UpstreamCostRecord>> ListUpstreamCostsAsync(
        string? upstream = null, DateOnly? from = null, DateOnly? to = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<UpstreamCostRecord>>(
            "/upstream-costs" + Query(
                ("upstream", upstream), ("from", from?.ToString("O", CultureInfo.InvariantCulture)), ("to", to?.ToString("O", CultureInfo.InvariantCulture)), ("after", after),
                ("limit", Text(limit))),
            cancellation);

    /// <summary>A provider's bill beside what was metered.</summary>
    public Task<ReconciliationRecord> ReconcileUpstreamAsync(string upstream, ReconcileRequest request, CancellationToken cancellation = default) =>
        PostAsync<ReconciliationRecord>($"/upstreams/{Uri.EscapeDataString(upstream)}/reconcile", request, cancellation);
}
