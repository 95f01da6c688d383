namespace Dogana.Client;

/// <summary>A project and where it buys.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel that it buys on now.</param>
/// <param name="Country">Its contract's country; null for the organisation's own.</param>
/// <param name="Resells">Does it call for end customers of its own?</param>
/// <param name="Moves">All its moves, past and future, by time.</param>
public sealed record ProjectRecord(string Id, string Organisation, string Channel, string? Country, bool Resells, IReadOnlyList<MoveRecord> Moves);

/// <summary>A move to another channel.</summary>
/// <param name="Channel">Where to.</param>
/// <param name="At">The first instant there.</param>
public sealed record MoveRecord(string Channel, DateTimeOffset At);

/// <summary>Asks to move a project.</summary>
/// <param name="Channel">Where to.</param>
/// <param name="At">The first instant there, ten seconds from now at the earliest; null for just then.</param>
/// <param name="AcceptGaps">Move even where some model would no longer be served.</param>
public sealed record MoveRequest(string Channel, DateTimeOffset? At = null, bool AcceptGaps = false);

/// <summary>Whether a call would be served, and why.</summary>
/// <param name="Project">Who calls.</param>
/// <param name="Organisation">Its organisation.</param>
/// <param name="Channel">On which channel.</param>
/// <param name="Model">Which model.</param>
/// <param name="EndCustomer">For whom, if for another.</param>
/// <param name="Country">From which country by its address, if that is said.</param>
/// <param name="At">When.</param>
/// <param name="Verdict"><c>allow</c>, <c>deny</c>, or <c>unknown</c> where what is known does not decide it.</param>
/// <param name="IsServed">Is it served? What is unknown is, unless the model is restricted.</param>
/// <param name="Findings">What each rule says, the strictest first.</param>
/// <param name="Measures">The ids of measures that hold and let it through: warnings and limits.</param>
/// <param name="Upstreams">The upstreams that the agreement allows; null for any.</param>
/// <param name="Regions">The upstream regions that the market requires; null for any.</param>
/// <param name="Labels">The marks that the output must carry, or null.</param>
/// <param name="MayLog">May prompts and answers be kept or traced, where the project asks for it?</param>
public sealed record AdmissionExplanation(
    string Project, string Organisation, string Channel, string Model, string? EndCustomer, string? Country, DateTimeOffset At, string Verdict, bool IsServed,
    IReadOnlyList<FindingRecord> Findings, IReadOnlyList<string> Measures, IReadOnlyList<string>? Upstreams, IReadOnlyList<string>? Regions, string? Labels, bool MayLog);

/// <summary>What one rule says.</summary>
/// <param name="Verdict"><c>allow</c>, <c>unknown</c> or <c>deny</c>.</param>
/// <param name="Rule">Which rule.</param>
/// <param name="Text">Why.</param>
public sealed record FindingRecord(string Verdict, string Rule, string Text);
