using Dogana.Billing.Invoices;
using Dogana.Ledger;

namespace Dogana.Billing;

/// <summary>Legal: the face of a module that Billing may call, and the inside of its own.</summary>
public sealed record Bill(Posting Posting)
{
    internal Invoice ToInvoice() => new(Posting.Amount);
}
