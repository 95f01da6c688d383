namespace Dogana.Billing;

/// <summary>What became of a dispute. Stored by name; grows by appending.</summary>
public enum DisputeState
{
    /// <summary>Not decided.</summary>
    Open = 1,

    /// <summary>The seller gave something back.</summary>
    Accepted = 2,

    /// <summary>The invoice stays as it is.</summary>
    Rejected = 3,
}

/// <summary>That a customer says an invoice, or a line of it, is wrong. What is disputed is not reminded of.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Invoice">The invoice.</param>
/// <param name="Line">The position of the line; null for the whole invoice.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Amount">What was open of it when it was opened, with tax.</param>
/// <param name="State">What became of it.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="OpenedBy">Who opened it.</param>
public sealed record Dispute(
    long Number, string Invoice, int? Line, string Reason, Money Amount, DisputeState State, DateTimeOffset OpenedAt, string OpenedBy)
{
    /// <summary>When it was decided, or null.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Who decided it.</summary>
    public string? ResolvedBy { get; init; }

    /// <summary>What was said to it.</summary>
    public string? Resolution { get; init; }

    /// <summary>The credit note that gave something back.</summary>
    public string? CreditNote { get; init; }
}
