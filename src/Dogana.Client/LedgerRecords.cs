namespace Dogana.Client;

/// <summary>The balance of an account in one currency.</summary>
/// <param name="Book">The organisation whose books these are.</param>
/// <param name="Kind">The account's kind, for example <c>receivable</c>.</param>
/// <param name="Party">The other side.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">Decimal text, exact; above zero is debit.</param>
public sealed record LedgerBalance(string Book, string Kind, string Party, string Currency, string Amount);

/// <summary>Something wrong with the books.</summary>
/// <param name="Subject">The object at fault, by its name.</param>
/// <param name="Message">What is wrong with it.</param>
/// <param name="Stored">What the store has, where one value stands against another.</param>
/// <param name="Computed">What it should be.</param>
public sealed record VerificationFault(string Subject, string Message, string? Stored, string? Computed);

/// <summary>What verifying the books found.</summary>
/// <param name="Verified">Nothing is wrong.</param>
/// <param name="Entries">Ledger entries read.</param>
/// <param name="Head">The last entry's hash: keep it outside the store.</param>
/// <param name="Faults">Empty when verified.</param>
public sealed record BooksVerificationReport(bool Verified, long Entries, string Head, IReadOnlyList<VerificationFault> Faults)
{
    /// <summary>Rows of the audit log read.</summary>
    public long AuditRows { get; init; }

    /// <summary>The Merkle root over them, in base64; null where it cannot be told.</summary>
    public string? AuditRoot { get; init; }
}
