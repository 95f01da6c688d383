namespace Dogana.Conduct;

/// <summary>What became of a signal. Stored by name.</summary>
public enum SignalState
{
    /// <summary>It is kept, and nothing follows: the owner only observes.</summary>
    Observed = 1,

    /// <summary>The customer was asked what it uses models for.</summary>
    Asked = 2,

    /// <summary>It is in a case.</summary>
    InCase = 3,

    /// <summary>An officer dismissed it.</summary>
    Dismissed = 4,
}

/// <summary>A finding on record. The same one within its window is one signal, however often it is found.</summary>
/// <param name="Id">A version 7 UUID.</param>
/// <param name="Finding">What was found, as it was found last.</param>
/// <param name="State">What became of it.</param>
/// <param name="Source"><c>detector</c>, or <c>report</c> for what people brought.</param>
/// <param name="RecordedAt">When it was recorded first.</param>
/// <param name="UpdatedAt">And last.</param>
/// <param name="WindowUntil">From when on the same finding is a new signal.</param>
/// <param name="Case">The case that it is in, or null.</param>
public sealed record ConductSignal(
    string Id, ConductFinding Finding, SignalState State, string Source, DateTimeOffset RecordedAt, DateTimeOffset UpdatedAt, DateTimeOffset WindowUntil, string? Case)
{
    /// <summary>Found by a detector.</summary>
    public const string ByDetector = "detector";

    /// <summary>Brought by people.</summary>
    public const string ByReport = "report";
}

/// <summary>A question to a customer: what does it use models for? It comes before any case.</summary>
/// <param name="Id">A version 7 UUID.</param>
/// <param name="Signal">The weak signal that it is about.</param>
/// <param name="Account">Whom it is put to.</param>
/// <param name="AskedAt">When.</param>
/// <param name="DueAt">Until when an answer is waited for; without one an officer looks.</param>
public sealed record UseQuestion(string Id, string Signal, ConductAccount Account, DateTimeOffset AskedAt, DateTimeOffset DueAt)
{
    /// <summary>The uses that the customer named, of <see cref="Terms.UseWords"/>; null without an answer.</summary>
    public IReadOnlyList<string>? Uses { get; init; }

    /// <summary>What it said.</summary>
    public string? Answer { get; init; }

    /// <summary>Who answered.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When the time was over without an answer.</summary>
    public DateTimeOffset? OverdueAt { get; init; }
}
