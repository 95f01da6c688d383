namespace Dogana.Billing;

/// <summary>A line of a statement of account: one posting of the ledger.</summary>
/// <param name="Date">The seller's date.</param>
/// <param name="Kind"><c>invoice</c>, <c>credit_note</c>, <c>payment</c>, <c>refund</c>, <c>write_off</c>; <c>other</c> for what other documents did, as a partner statement.</param>
/// <param name="Number">The document's number.</param>
/// <param name="Text">The payment's reference, or the entry's description where it is another.</param>
/// <param name="Amount">What it raised the balance by.</param>
/// <param name="Balance">The balance behind it.</param>
public sealed record AccountLine(string Date, string Kind, string Number, string Text, Money Amount, Money Balance);

/// <summary>What is open, by how many days it is overdue.</summary>
/// <param name="NotDue">Not due yet.</param>
/// <param name="To30">1 to 30 days.</param>
/// <param name="To60">31 to 60 days.</param>
/// <param name="To90">61 to 90 days.</param>
/// <param name="Over90">More than 90 days.</param>
/// <param name="OnAccount">Less what is on account: paid or given back, and set off against nothing.</param>
/// <param name="Other">What other documents than these left on the account.</param>
public sealed record AccountAgeing(Money NotDue, Money To30, Money To60, Money To90, Money Over90, Money OnAccount, Money Other)
{
    /// <summary>All of it: the balance of the account.</summary>
    public Money Total => NotDue + To30 + To60 + To90 + Over90 - OnAccount + Other;
}

/// <summary>A customer's account with a seller in one currency over some days. Above zero the customer owes.</summary>
/// <param name="Organisation">The customer.</param>
/// <param name="Seller">The seller.</param>
/// <param name="Currency">The currency.</param>
/// <param name="From">The first day, the seller's; null from the beginning.</param>
/// <param name="To">The last day; null until now.</param>
/// <param name="Opening">The balance before the first day.</param>
/// <param name="Lines">What changed it, by date.</param>
/// <param name="Closing">The balance after the last day; until now it is the ledger's.</param>
/// <param name="Ageing">What is open now; null where the statement ends before.</param>
public sealed record AccountStatement(
    string Organisation, string Seller, Currency Currency, string? From, string? To, Money Opening, IReadOnlyList<AccountLine> Lines, Money Closing, AccountAgeing? Ageing);
