namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>Closes a month: final invoices, then partner statements. Closing again gives the same ones.</summary>
    public Task<PeriodCloseResult> ClosePeriodAsync(string month, CancellationToken cancellation = default) =>
        PostAsync<PeriodCloseResult>($"/periods/{Uri.EscapeDataString(month)}/close", null, cancellation);

    /// <summary>As the other, and stops after so many invoices; asking again goes on where it is.</summary>
    public Task<PeriodCloseResult> ClosePeriodAsync(string month, long documents, CancellationToken cancellation = default) =>
        PostAsync<PeriodCloseResult>($"/periods/{Uri.EscapeDataString(month)}/close?documents={Text(documents)}", null, cancellation);

    /// <summary>How far the close of a month is, and what stands open of it.</summary>
    public Task<PeriodReport> GetPeriodAsync(string month, CancellationToken cancellation = default) => GetAsync<PeriodReport>($"/periods/{Uri.EscapeDataString(month)}", cancellation);

    /// <summary>A page of the contracts, by id.</summary>
    public Task<Page<ContractSummary>> ListContractsAsync(string? after = null, int? limit = null, CancellationToken cancellation = default) =>
        GetAsync<Page<ContractSummary>>("/contracts" + PageQuery(after, limit ?? 100), cancellation);

    /// <summary>The invoice that a contract would get now.</summary>
    public Task<InvoiceDocument> GetDraftAsync(string contract, string? month = null, CancellationToken cancellation = default) =>
        GetAsync<InvoiceDocument>($"/invoices/drafts/{Uri.EscapeDataString(contract)}{(month is null ? "" : $"?month={Uri.EscapeDataString(month)}")}", cancellation);

    /// <summary>How a line of an invoice came about, with a page of the rated lines that it stands on.</summary>
    public Task<InvoiceLineExplanation> ExplainInvoiceLineAsync(string number, int position, long after = 0, CancellationToken cancellation = default) =>
        GetAsync<InvoiceLineExplanation>($"/invoices/{Uri.EscapeDataString(number)}/lines/{Text(position)}{PageQuery(Text(after), 1_000)}", cancellation);

    /// <summary>A rated line and the first 1,000 usage records that it adds up.</summary>
    public Task<RatedLineUsage> GetRatedUsageAsync(long ratedLine, CancellationToken cancellation = default) =>
        GetAsync<RatedLineUsage>($"/rated-lines/{Text(ratedLine)}/usage?limit=1000", cancellation);
}
