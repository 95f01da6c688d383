namespace Dogana.Client;

/// <summary>A case about what a customer does with an owner's models.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">The organisation that buys.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="EndCustomer">For whom a reseller's project called, or null.</param>
/// <param name="State"><c>triage</c>, <c>dismissed</c>, <c>open</c>, <c>cure</c>, <c>review</c>, <c>proposed</c>, <c>decided</c>, <c>appealed</c>, <c>reinstated</c>, <c>upheld</c> or <c>closed</c>.</param>
/// <param name="CreatedAt">When it came up.</param>
/// <param name="NextDueAt">When something happens by itself, or null.</param>
/// <param name="NoticedAt">When the customer was told.</param>
/// <param name="CureUntil">Until when it can put things right.</param>
/// <param name="Outcome">What was decided: <c>no_action</c>, <c>warning</c>, <c>limited</c>, <c>suspended</c>, <c>terminated</c>; or null.</param>
/// <param name="Measure">The measure that it became, or null.</param>
/// <param name="AppealBy">Until when the customer may appeal.</param>
/// <param name="ClosedAt">When it ended.</param>
public sealed record CaseRecord(
    string Id, string Organisation, string Owner, string? EndCustomer, string State, DateTimeOffset CreatedAt, DateTimeOffset? NextDueAt, DateTimeOffset? NoticedAt, DateTimeOffset? CureUntil,
    string? Outcome, string? Measure, DateTimeOffset? AppealBy, DateTimeOffset? ClosedAt);

/// <summary>A statement of reasons, in the parts of Art. 17 of the Digital Services Act.</summary>
/// <param name="Facts">What is held against the customer.</param>
/// <param name="Terms">The ground: <c>TERMS@VERSION</c>.</param>
/// <param name="Clause">The clause.</param>
/// <param name="Models">Model ids, or <c>*</c> alone.</param>
/// <param name="Channels">Channel ids, or <c>*</c> alone.</param>
/// <param name="Until">When it ends by itself; null for until it is lifted.</param>
/// <param name="FoundByAutomation">Did a detector find it?</param>
/// <param name="Redress">What the customer can do.</param>
/// <param name="RedressBy">Until when.</param>
public sealed record StatementRecord(
    string Facts, string Terms, string Clause, IReadOnlyList<string> Models, IReadOnlyList<string> Channels, DateTimeOffset? Until, bool FoundByAutomation, string Redress, DateTimeOffset? RedressBy);

/// <summary>What holds before anything is decided.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Kind"><c>throttle</c> or <c>hold</c>.</param>
/// <param name="At">Since when.</param>
/// <param name="Until">Until when, or null for the decision.</param>
/// <param name="Urgency">The ground of a hold.</param>
public sealed record CaseInterimRecord(string Measure, string Kind, DateTimeOffset At, DateTimeOffset? Until, string? Urgency);

/// <summary>A decision, proposed or made.</summary>
/// <param name="Outcome">What.</param>
/// <param name="Statement">Why.</param>
/// <param name="RequestsPerMinute">For <c>limited</c>.</param>
/// <param name="TokensPerDay">For <c>limited</c>.</param>
/// <param name="ProposedBy">Who proposed it; empty for tenants.</param>
/// <param name="ApprovedBy">Who approved it; empty for tenants, null for a proposal.</param>
/// <param name="DecidedAt">When.</param>
public sealed record CaseDecisionRecord(
    string Outcome, StatementRecord Statement, long? RequestsPerMinute, long? TokensPerDay, string ProposedBy, string? ApprovedBy, DateTimeOffset? DecidedAt);

/// <summary>Something that happened in a case.</summary>
/// <param name="Sequence">From 1.</param>
/// <param name="At">When.</param>
/// <param name="By">Who; for tenants only whether it was the platform, the customer, the seller or automation.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">In words.</param>
public sealed record CaseEventRecord(int Sequence, DateTimeOffset At, string By, string Kind, string Text);

/// <summary>A piece of a call.</summary>
/// <param name="CallId">The call.</param>
/// <param name="At">When.</param>
/// <param name="Hash">SHA-256 of the text.</param>
/// <param name="Text">The text; null where it may not be kept, or was erased.</param>
public sealed record CaseExcerptRecord(string CallId, DateTimeOffset At, string Hash, string? Text);

/// <summary>A case with all that belongs to it, as the caller may read it.</summary>
/// <param name="Case">The case.</param>
/// <param name="Statement">What the customer was told, or null.</param>
/// <param name="Interim">What holds before anything is decided, or null.</param>
/// <param name="Proposal">What waits for approval, or null; never for tenants.</param>
/// <param name="Decision">What was decided, or null.</param>
/// <param name="EvidenceHash">SHA-256 of the frozen evidence in this view, or null.</param>
/// <param name="Signals">What it stands on.</param>
/// <param name="Questions">What the customer was asked, and said.</param>
/// <param name="Excerpts">Pieces of calls.</param>
/// <param name="Events">What happened.</param>
public sealed record CaseDetail(
    CaseRecord Case, StatementRecord? Statement, CaseInterimRecord? Interim, CaseDecisionRecord? Proposal, CaseDecisionRecord? Decision, string? EvidenceHash,
    IReadOnlyList<SignalRecord> Signals, IReadOnlyList<QuestionRecord> Questions, IReadOnlyList<CaseExcerptRecord> Excerpts, IReadOnlyList<CaseEventRecord> Events);

/// <summary>What rehashing the evidence of a case gave.</summary>
/// <param name="Case">The case.</param>
/// <param name="Intact">Is it what was frozen? Null where nothing is frozen, or it was erased.</param>
/// <param name="Hash">The hash on record.</param>
/// <param name="Words">For a person.</param>
public sealed record CaseVerification(string Case, bool? Intact, string? Hash, string Words);

/// <summary>A finding on record.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">The organisation that buys.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="EndCustomer">The end customer, or null.</param>
/// <param name="Detector">What looked: <c>judge_template</c>.</param>
/// <param name="Signature">What was met.</param>
/// <param name="Version">Its version.</param>
/// <param name="Strength"><c>weak</c> or <c>strong</c>.</param>
/// <param name="State"><c>observed</c>, <c>asked</c>, <c>in_case</c> or <c>dismissed</c>.</param>
/// <param name="Source"><c>detector</c> or <c>report</c>.</param>
/// <param name="Case">The case that it is in, or null.</param>
/// <param name="FirstAt">The first call that met it.</param>
/// <param name="LastAt">The last one.</param>
/// <param name="Requests">How many calls met it.</param>
/// <param name="OfRequests">Of how many.</param>
/// <param name="DistinctItems">How many different things it met.</param>
/// <param name="Statement">What was found.</param>
/// <param name="Innocent">What would explain it innocently.</param>
public sealed record SignalRecord(
    string Id, string Organisation, string Owner, string? EndCustomer, string Detector, string Signature, string Version, string Strength, string State, string Source, string? Case,
    DateTimeOffset FirstAt, DateTimeOffset LastAt, long Requests, long OfRequests, long DistinctItems, string Statement, string Innocent)
{
    /// <summary>Ids of calls that met it.</summary>
    public IReadOnlyList<string> CallIds { get; init; } = [];

    /// <summary>How many of a hundred benign accounts show less of it, or null.</summary>
    public double? BenignPercentile { get; init; }

    /// <summary>By how many that was measured.</summary>
    public int? BenignAccounts { get; init; }

    /// <summary>The other accounts of the cluster; for tenants without names.</summary>
    public IReadOnlyList<string> Linked { get; init; } = [];

    /// <summary>What links them.</summary>
    public string? LinkingFact { get; init; }
}

/// <summary>Brings a finding from outside, such as a report of a model owner.</summary>
/// <param name="Organisation">The organisation that buys.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Detector">The kind of conduct, as in <see cref="SignalRecord"/>.</param>
/// <param name="Signature">A name for what was met.</param>
/// <param name="Version">Its version.</param>
/// <param name="Strength"><c>weak</c> or <c>strong</c>.</param>
/// <param name="FirstAt">The first call.</param>
/// <param name="LastAt">The last one.</param>
/// <param name="Requests">How many calls met it.</param>
/// <param name="OfRequests">Of how many.</param>
/// <param name="DistinctItems">How many different things it met.</param>
/// <param name="Statement">What was found, on one line.</param>
/// <param name="Innocent">What would explain it innocently, on one line.</param>
/// <param name="EndCustomer">The end customer, or null.</param>
/// <param name="CallIds">Ids of calls, at most 20.</param>
/// <param name="Linked">Other accounts of the cluster.</param>
/// <param name="LinkingFact">What links them.</param>
public sealed record ReportSignalRequest(
    string Organisation, string Owner, string Detector, string Signature, string Version, string Strength, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Requests, long OfRequests,
    long DistinctItems, string Statement, string Innocent, string? EndCustomer = null, IReadOnlyList<string>? CallIds = null, IReadOnlyList<string>? Linked = null, string? LinkingFact = null);

/// <summary>A question to a customer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">The organisation that buys.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="EndCustomer">The end customer, or null.</param>
/// <param name="AskedAt">When it was asked.</param>
/// <param name="DueAt">Until when an answer is waited for.</param>
/// <param name="Uses">What the customer named; null without an answer.</param>
/// <param name="Answer">What it said.</param>
/// <param name="AnsweredAt">When.</param>
public sealed record QuestionRecord(
    string Id, string Organisation, string Owner, string? EndCustomer, DateTimeOffset AskedAt, DateTimeOffset DueAt, IReadOnlyList<string>? Uses, string? Answer, DateTimeOffset? AnsweredAt);

/// <summary>Answers a question.</summary>
/// <param name="Uses">One or more of the words for uses.</param>
/// <param name="Text">In words.</param>
public sealed record AnswerQuestionRequest(IReadOnlyList<string> Uses, string Text);

/// <summary>A step of a case that needs a reason.</summary>
/// <param name="Reason">Why, on one line, at most 500 characters.</param>
public sealed record CaseReasonRequest(string Reason);

/// <summary>Puts a signal into triage by hand.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Reason">Why.</param>
public sealed record TriageRequest(string Signal, string Reason);

/// <summary>Slows calls down for some hours.</summary>
/// <param name="RequestsPerMinute">At least 1.</param>
/// <param name="Hours">At least 1.</param>
/// <param name="Reason">For the customer.</param>
public sealed record ThrottleCaseRequest(long RequestsPerMinute, int Hours, string Reason);

/// <summary>Tells the customer, or suspends at once.</summary>
/// <param name="Facts">What is held against it, at most 4,000 characters.</param>
/// <param name="Terms">The ground: <c>TERMS@VERSION</c>.</param>
/// <param name="Clause">The clause.</param>
/// <param name="Models">Model ids; all when left out.</param>
/// <param name="Channels">Channel ids; all when left out.</param>
/// <param name="Urgency">Why it cannot wait: for <c>hold</c> only.</param>
public sealed record CaseNoticeRequest(string Facts, string Terms, string Clause, IReadOnlyList<string>? Models = null, IReadOnlyList<string>? Channels = null, string? Urgency = null);

/// <summary>An answer of a customer; with a channel and a decision of the channel's seller.</summary>
/// <param name="Text">In words.</param>
/// <param name="Channel">The seller's channel, or null.</param>
/// <param name="Decision"><c>adopt</c> or <c>decline</c>, with a channel.</param>
public sealed record CaseAnswerRequest(string Text, string? Channel = null, string? Decision = null);

/// <summary>Gives the customer more time.</summary>
/// <param name="Until">Until when.</param>
/// <param name="Reason">Why.</param>
public sealed record ExtendCaseRequest(DateTimeOffset Until, string Reason);

/// <summary>Proposes a decision.</summary>
/// <param name="Outcome"><c>no_action</c>, <c>warning</c>, <c>limited</c>, <c>suspended</c> or <c>terminated</c>.</param>
/// <param name="Facts">Why.</param>
/// <param name="Terms">The ground: <c>TERMS@VERSION</c>.</param>
/// <param name="Clause">The clause.</param>
/// <param name="Models">Model ids; all when left out.</param>
/// <param name="Channels">Channel ids; all when left out.</param>
/// <param name="Until">When it ends by itself; until it is lifted when left out.</param>
/// <param name="RequestsPerMinute">For <c>limited</c>.</param>
/// <param name="TokensPerDay">For <c>limited</c>.</param>
public sealed record ProposeDecisionRequest(
    string Outcome, string Facts, string Terms, string Clause, IReadOnlyList<string>? Models = null, IReadOnlyList<string>? Channels = null, DateTimeOffset? Until = null,
    long? RequestsPerMinute = null, long? TokensPerDay = null);

/// <summary>An appeal.</summary>
/// <param name="Text">In words.</param>
public sealed record AppealCaseRequest(string Text);

/// <summary>Decides an appeal.</summary>
/// <param name="Decision"><c>grant</c> or <c>uphold</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record DecideAppealRequest(string Decision, string Reason);
