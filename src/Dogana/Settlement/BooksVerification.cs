using Dogana.Audit;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Costs;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>Everything that counts money, verified against each other in one snapshot: usage, rated lines, costs, journal, invoices, credit notes, payments,
/// statements; and the audit log, which says who made them so.</summary>
public static class BooksVerification
{
    /// <summary>Verifies the whole store.</summary>
    public static async Task<BooksVerificationReport> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var ledger = await LedgerVerification.VerifyAsync(session);
        var audit = await AuditVerification.VerifyAsync(session);
        IReadOnlyList<BookFault> faults =
        [
            .. ledger.Faults,
            .. await AccrualVerification.VerifyAsync(session),
            .. await CostVerification.VerifyAsync(session),
            .. await InvoiceVerification.VerifyAsync(session),
            .. await CreditNoteVerification.VerifyAsync(session),
            .. await PaymentVerification.VerifyAsync(session),
            .. await StatementVerification.VerifyAsync(session),
        ];
        return new BooksVerificationReport(
            faults.Count == 0 && audit.Verified, ledger.Entries, ledger.Head,
            [.. faults.Select(static fault => new VerificationFault(fault.Subject, fault.Message, fault.Stored, fault.Computed)), .. audit.Faults])
        {
            AuditRows = audit.Rows,
            AuditRoot = audit.Root,
        };
    }
}
