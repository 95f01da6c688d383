using Dogana.Billing;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>What customers paid of invoices: the basis of legs that share what was collected.</summary>
public static class CollectedPayments
{
    /// <summary>All payments of invoices, in the order in which they were recorded.</summary>
    public static async Task<IReadOnlyList<CollectedPayment>> ReadAsync(StoreSession session) =>
        [.. (await InvoicePayments.ReadAsync(session)).Select(static paid => new CollectedPayment(paid.Invoice, paid.Reference, paid.Amount))];
}
