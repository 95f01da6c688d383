namespace Dogana.Ledger;

/// <summary>Something that verification found wrong with the books.</summary>
/// <param name="Subject">The object at fault, by its name: <c>ledger entry 17 (accrual/…), posting 2</c>, <c>invoice ACME-000004</c>.</param>
/// <param name="Message">What is wrong with it.</param>
/// <param name="Stored">What the store has, where one value stands against another.</param>
/// <param name="Computed">What it should be.</param>
public sealed record BookFault(string Subject, string Message, string? Stored = null, string? Computed = null);

/// <summary>What verifying the journal found.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Head">The hash of the last entry. Keep it outside the store: with it a journal that was rewritten from end to end is found too.</param>
/// <param name="Faults">Empty when all is well.</param>
public sealed record LedgerReport(long Entries, string Head, IReadOnlyList<BookFault> Faults)
{
    /// <summary>Nothing was found.</summary>
    public bool Ok => Faults.Count == 0;
}
