using System.Net.Http.Headers;
using System.Text;

namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>A page of the invoices as they stand.</summary>
    public Task<Page<ReceivableRecord>> ListReceivablesAsync(
        string? organisation = null, string? seller = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<ReceivableRecord>>("/receivables" + Query(("organisation", organisation), ("seller", seller), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>An invoice as it stands.</summary>
    public Task<ReceivableRecord> GetReceivableAsync(string number, CancellationToken cancellation = default) =>
        GetAsync<ReceivableRecord>($"/receivables/{Uri.EscapeDataString(number)}", cancellation);

    /// <summary>Gives back of an invoice.</summary>
    public Task<InvoiceSummary> CreditInvoiceAsync(string number, CreditInvoiceRequest request, CancellationToken cancellation = default) =>
        PostAsync<InvoiceSummary>($"/invoices/{Uri.EscapeDataString(number)}/credit-notes", request, cancellation);

    /// <summary>Sends a document once more.</summary>
    public Task<SentRecord> SendInvoiceAsync(string number, CancellationToken cancellation = default) =>
        PostAsync<SentRecord>($"/invoices/{Uri.EscapeDataString(number)}/send", null, cancellation);

    /// <summary>Gives up what is open of an invoice.</summary>
    public Task<PaymentRecord> WriteOffInvoiceAsync(string number, WriteOffRequest request, CancellationToken cancellation = default) =>
        PostAsync<PaymentRecord>($"/invoices/{Uri.EscapeDataString(number)}/write-off", request, cancellation);

    /// <summary>Opens a dispute.</summary>
    public Task<DisputeRecord> DisputeInvoiceAsync(string number, NewDisputeRequest request, CancellationToken cancellation = default) =>
        PostAsync<DisputeRecord>($"/invoices/{Uri.EscapeDataString(number)}/disputes", request, cancellation);

    /// <summary>Decides a dispute.</summary>
    public Task<DisputeRecord> ResolveDisputeAsync(string number, ResolveDisputeRequest request, CancellationToken cancellation = default) =>
        PostAsync<DisputeRecord>($"/invoices/{Uri.EscapeDataString(number)}/disputes/resolve", request, cancellation);

    /// <summary>A page of the disputes; those about one invoice, where it is given.</summary>
    public Task<Page<DisputeRecord>> ListDisputesAsync(string? invoice = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<DisputeRecord>>("/disputes" + Query(("invoice", invoice), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>A page of the payments, refunds and write-offs.</summary>
    public Task<Page<PaymentRecord>> ListPaymentsAsync(
        string? organisation = null, string? seller = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<PaymentRecord>>("/payments" + Query(("organisation", organisation), ("seller", seller), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>Records a payment.</summary>
    public Task<PaymentRecord> RecordPaymentAsync(NewPaymentRequest request, CancellationToken cancellation = default) => PostAsync<PaymentRecord>("/payments", request, cancellation);

    /// <summary>Records what was paid back.</summary>
    public Task<PaymentRecord> RefundAsync(NewPaymentRequest request, CancellationToken cancellation = default) => PostAsync<PaymentRecord>("/refunds", request, cancellation);

    /// <summary>Sets what is on account off against invoices.</summary>
    public Task<PaymentAllocationRecord> AllocatePaymentAsync(string number, AllocatePaymentRequest request, CancellationToken cancellation = default) =>
        PostAsync<PaymentAllocationRecord>($"/payments/{Uri.EscapeDataString(number)}/allocations", request, cancellation);

    /// <summary>Takes in a bank's statement as CSV.</summary>
    public async Task<PaymentImportResult> ImportPaymentsAsync(string seller, string csv, bool paysOldest, CancellationToken cancellation = default)
    {
        using var content = new StringContent(csv, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));
        return await SendAsync<PaymentImportResult>(HttpMethod.Post, "/payments/import" + Query(("seller", seller), ("allocate", paysOldest ? "oldest" : null)), content, cancellation);
    }

    /// <summary>A customer's account with a seller, one statement for each currency.</summary>
    public Task<IReadOnlyList<AccountStatementRecord>> GetAccountStatementAsync(
        string organisation, string seller, string? from = null, string? to = null, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<AccountStatementRecord>>(
            $"/accounts/{Uri.EscapeDataString(organisation)}/statement" + Query(("seller", seller), ("from", from), ("to", to)), cancellation);
}
