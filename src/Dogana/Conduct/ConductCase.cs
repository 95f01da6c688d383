namespace Dogana.Conduct;

/// <summary>Who does something in a case.</summary>
/// <param name="Name">As audit rows name it.</param>
/// <param name="Person">Who is behind it: the same for a user and the user's keys.</param>
/// <param name="Side">For whom.</param>
public sealed record CaseActor(string Name, string Person, CaseSide Side)
{
    /// <summary>Detectors and deadlines.</summary>
    public static CaseActor Automation { get; } = new("automation", "automation", CaseSide.Automation);
}

/// <summary>What was done before anything is decided: calls slowed down for some hours, or suspended on a recorded ground.</summary>
/// <param name="Measure">The measure that does it.</param>
/// <param name="By">Who did it.</param>
/// <param name="At">When.</param>
/// <param name="Until">When it ends by itself; null for a suspension, which ends with the decision.</param>
/// <param name="Urgency">The ground of a suspension; null for a throttle.</param>
public sealed record CaseInterim(string Measure, CaseActor By, DateTimeOffset At, DateTimeOffset? Until, string? Urgency);

/// <summary>What the owner's people want done, or did.</summary>
/// <param name="Outcome">What.</param>
/// <param name="Statement">Why.</param>
/// <param name="ProposedBy">Who proposed it.</param>
/// <param name="ProposedAt">When.</param>
public sealed record CaseDecision(CaseOutcome Outcome, StatementOfReasons Statement, CaseActor ProposedBy, DateTimeOffset ProposedAt)
{
    /// <summary>For <see cref="CaseOutcome.Limited"/>: the most requests a minute; this or <see cref="TokensPerDay"/>.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>For <see cref="CaseOutcome.Limited"/>: the most tokens a day.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>Who approved it: another person; null for a proposal.</summary>
    public CaseActor? ApprovedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Until when the customer may appeal.</summary>
    public DateTimeOffset? AppealBy { get; init; }

    /// <summary>The measure that it became; null where nothing was done.</summary>
    public string? Measure { get; init; }
}

/// <summary>A customer's appeal.</summary>
/// <param name="Text">What the customer says.</param>
/// <param name="By">Who sent it.</param>
/// <param name="At">When.</param>
public sealed record CaseAppeal(string Text, CaseActor By, DateTimeOffset At)
{
    /// <summary>Until when it is to be decided; null for those of before there was such a time.</summary>
    public DateTimeOffset? DecideBy { get; init; }

    /// <summary>When somebody was told that nobody decided in time.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>Who decided it: neither who proposed nor who approved.</summary>
    public CaseActor? DecidedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>
/// A case about what a customer does with the models of an owner: from the first look to the end of the appeal. Immutable; <see cref="CaseLife"/> says what
/// becomes of it. It enforces nothing: what it decides are <see cref="Measure"/>s.
/// </summary>
/// <param name="Id">A version 7 UUID.</param>
/// <param name="Account">Whose conduct it is about.</param>
/// <param name="CreatedAt">When it came up.</param>
/// <param name="TriageBy">Until when an officer must have looked.</param>
public sealed record ConductCase(string Id, ConductAccount Account, DateTimeOffset CreatedAt, DateTimeOffset TriageBy)
{
    /// <summary>Where it stands.</summary>
    public CaseState State { get; init; } = CaseState.Triage;

    /// <summary>When somebody was told that nobody looked in time.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>When the customer was told and the evidence frozen.</summary>
    public DateTimeOffset? NoticedAt { get; init; }

    /// <summary>What the customer was told.</summary>
    public StatementOfReasons? Statement { get; init; }

    /// <summary>Until when the customer can put things right; null where urgency left no time.</summary>
    public DateTimeOffset? CureUntil { get; init; }

    /// <summary>The ground on which there was no time, and who recorded it; null where there was.</summary>
    public string? Urgency { get; init; }

    /// <summary>What holds before anything is decided.</summary>
    public CaseInterim? Interim { get; init; }

    /// <summary>Was it slowed down by automation? That happens once.</summary>
    public bool WasThrottledByAutomation { get; init; }

    /// <summary>The decision that waits for another person.</summary>
    public CaseDecision? Proposal { get; init; }

    /// <summary>The decision.</summary>
    public CaseDecision? Decision { get; init; }

    /// <summary>The appeal.</summary>
    public CaseAppeal? Appeal { get; init; }

    /// <summary>When what was decided was taken back, on appeal or by the owner.</summary>
    public DateTimeOffset? ReinstatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When what people wrote was erased.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>How many measures it took: the next one's id ends with the next number.</summary>
    public int Measures { get; init; }

    /// <summary>How many events it has.</summary>
    public int Events { get; init; }

    /// <summary>Is it over?</summary>
    public bool IsEnded => State is CaseState.Dismissed or CaseState.Closed;

    /// <summary>May the customer and its seller know of it? Not while nothing was done and nobody was told.</summary>
    public bool IsKnownToCustomer => NoticedAt is not null || Measures > 0;
}

/// <summary>Something that happened in a case.</summary>
/// <param name="Sequence">From 1, without a gap.</param>
/// <param name="At">When; a deadline's own instant.</param>
/// <param name="By">Who did it.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">In a few words, or what somebody wrote.</param>
public sealed record CaseEvent(int Sequence, DateTimeOffset At, CaseActor By, CaseEventKind Kind, string Text)
{
    /// <summary>The channel whose seller answered; null for everything else.</summary>
    public string? Channel { get; init; }
}
