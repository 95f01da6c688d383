namespace Dogana.Billing;

/// <summary>How an invoice stands. Derived from what was set off against it and from the date, and kept nowhere.</summary>
public enum InvoiceState
{
    /// <summary>To be paid, and not due yet.</summary>
    Open = 1,

    /// <summary>A part is paid; not due yet.</summary>
    PartlyPaid = 2,

    /// <summary>Nothing is open.</summary>
    Paid = 3,

    /// <summary>Something is open after the due date.</summary>
    Overdue = 4,

    /// <summary>Something is open, and the customer disputes it or a part of it.</summary>
    Disputed = 5,

    /// <summary>What was open was given up.</summary>
    Uncollectible = 6,

    /// <summary>All of it was given back.</summary>
    Credited = 7,
}

/// <summary>An invoice as it stands.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Seller">The seller.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Payable">What was to be paid.</param>
/// <param name="Paid">Set off by payments.</param>
/// <param name="Credited">Set off by credit notes.</param>
/// <param name="WrittenOff">Given up.</param>
/// <param name="Open">What is left.</param>
/// <param name="Disputed">What the customer disputes of what is left.</param>
/// <param name="DueDate">The seller's date, as <c>2026-03-04</c>.</param>
/// <param name="State">How it stands.</param>
/// <param name="Reminders">The level of the last reminder; 0 where there was none.</param>
public sealed record Receivable(
    string Number, string Seller, string Organisation, string Channel, Money Payable, Money Paid, Money Credited, Money WrittenOff, Money Open, Money Disputed, string DueDate,
    InvoiceState State, int Reminders);
