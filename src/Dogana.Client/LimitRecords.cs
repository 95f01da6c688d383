namespace Dogana.Client;

/// <summary>An organisation's quota of a model in a region.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">Whose it is, for all its projects together.</param>
/// <param name="Model">Of which model.</param>
/// <param name="Region">In which region.</param>
/// <param name="TokensPerMinute">How many tokens a minute.</param>
/// <param name="RequestsPerMinute">How many requests a minute, by the model's ratio; null where it limits tokens alone.</param>
/// <param name="Unallotted">What is not allotted, in tokens a minute.</param>
/// <param name="Window"><c>minute</c> or <c>sliding</c>.</param>
/// <param name="RequestSliceSeconds">In slices of how many seconds requests are checked.</param>
/// <param name="Mode"><c>enforce</c> or <c>observe</c>.</param>
/// <param name="Allotments">How it is cut.</param>
/// <param name="Refused">How many of the refusals that are kept were its own.</param>
/// <param name="Observed">How many calls were served that it would have refused, of those that are kept.</param>
public sealed record QuotaRecord(
    string Id, string Organisation, string Model, string Region, long TokensPerMinute, decimal? RequestsPerMinute, long Unallotted, string Window, int RequestSliceSeconds, string Mode,
    IReadOnlyList<QuotaAllotmentRecord> Allotments, long Refused, long Observed);

/// <summary>A part of a quota that is kept for a deployment.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Project">Of which project only; null for all of the organisation.</param>
/// <param name="TokensPerMinute">How many tokens a minute.</param>
public sealed record QuotaAllotmentRecord(string Deployment, string? Project, long TokensPerMinute);

/// <summary>Adds a quota, which needs the first four, or changes one: what is left out stays, or is the usual.</summary>
/// <param name="Organisation">Whose it is; never changes.</param>
/// <param name="Model">Of which model; never changes.</param>
/// <param name="TokensPerMinute">How many tokens a minute, to 1,000,000,000,000.</param>
/// <param name="Region">In which region, <c>global</c> at first; never changes.</param>
/// <param name="Window"><c>minute</c> or <c>sliding</c>.</param>
/// <param name="RequestSliceSeconds">1, 10 or 60.</param>
/// <param name="Mode"><c>enforce</c> or <c>observe</c>.</param>
public sealed record SetQuotaRequest(
    string? Organisation = null, string? Model = null, long? TokensPerMinute = null, string? Region = null, string? Window = null, int? RequestSliceSeconds = null, string? Mode = null);

/// <summary>Keeps a part of a quota for a deployment, or takes it back.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Project">Of which project only; null for all of the organisation.</param>
/// <param name="TokensPerMinute">How many tokens a minute; null takes the allotment back.</param>
public sealed record AllotQuotaRequest(string Deployment, string? Project = null, long? TokensPerMinute = null);

/// <summary>A quota and how its limits stand.</summary>
/// <param name="Quota">The quota.</param>
/// <param name="At">When.</param>
/// <param name="Limits">Its limits: of what is not allotted, and of each allotment.</param>
public sealed record QuotaDetail(QuotaRecord Quota, DateTimeOffset At, IReadOnlyList<LimitStateRecord> Limits);

/// <summary>How a limit stands over all nodes.</summary>
/// <param name="Limit">Its id.</param>
/// <param name="Kind">What sort of limit: <c>quota</c>, <c>deployment</c>, <c>measure</c> and others.</param>
/// <param name="Unit"><c>requests</c>, <c>tokens</c>, <c>throughput</c> (weighted tokens) or <c>money</c>.</param>
/// <param name="Currency">Of money.</param>
/// <param name="Amount">How much may be used in a window.</param>
/// <param name="Used">What calls used or hold.</param>
/// <param name="Left">What a call could have now.</param>
/// <param name="Free">What nodes have at hand and did not use.</param>
/// <param name="WindowStart">When the window began; null where it has none.</param>
/// <param name="WindowEnd">When it ends; null where it has no end.</param>
/// <param name="Mode"><c>enforce</c> or <c>observe</c>.</param>
/// <param name="Refusal">What a call for what was asked about would be told; null where there is room.</param>
/// <param name="LastRefusals">The last calls that it refused, or would have, newest first.</param>
public sealed record LimitStateRecord(
    string Limit, string Kind, string Unit, string? Currency, decimal Amount, decimal Used, decimal Left, IReadOnlyList<NodeFreeRecord> Free, DateTimeOffset? WindowStart,
    DateTimeOffset? WindowEnd, string Mode, string? Refusal, IReadOnlyList<RefusalRecord> LastRefusals);

/// <summary>What a node holds of a limit and did not use.</summary>
/// <param name="Node">The node.</param>
/// <param name="Free">How much.</param>
/// <param name="IsLive">Is the node heard of? Then it gives back what another one needs.</param>
public sealed record NodeFreeRecord(string Node, decimal Free, bool IsLive);

/// <summary>A call that a limit refused, or would have refused.</summary>
/// <param name="Id">The key of pages.</param>
/// <param name="Call">The call's id, as the client saw it in <c>x-request-id</c>.</param>
/// <param name="At">When.</param>
/// <param name="Project">The project.</param>
/// <param name="Deployment">What was called.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Currency">Of money.</param>
/// <param name="Amount">How much it allowed in a window.</param>
/// <param name="Asked">What the call asked for.</param>
/// <param name="Left">What was left; null where the call asked for more than there ever is.</param>
/// <param name="WindowEnd">When the window ended; null where it has no end.</param>
/// <param name="Code">What the client was told.</param>
/// <param name="IsObserved">Was the call served, for the limit only observed?</param>
public sealed record RefusalRecord(
    string Id, string Call, DateTimeOffset At, string Project, string Deployment, string Limit, string Unit, string? Currency, decimal Amount, decimal Asked, decimal? Left,
    DateTimeOffset? WindowEnd, string Code, bool IsObserved);

/// <summary>Which limits a call would count against, and what it would be told now.</summary>
/// <param name="Project">Who would call.</param>
/// <param name="Organisation">Its organisation.</param>
/// <param name="Deployment">What it would call.</param>
/// <param name="Model">The model behind it.</param>
/// <param name="Region">The deployment's region.</param>
/// <param name="Key">By which key, if that was said.</param>
/// <param name="Tokens">For how many tokens, prompt and output together.</param>
/// <param name="At">When.</param>
/// <param name="IsServed">Is there room in every limit that refuses?</param>
/// <param name="RefusedBy">The limit that would refuse it.</param>
/// <param name="Message">What it would be told.</param>
/// <param name="Until">When it may be tried again; null where it is served, or where waiting does not help.</param>
/// <param name="Limits">The limits, in the order in which they are asked.</param>
public sealed record LimitExplanation(
    string Project, string Organisation, string Deployment, string Model, string Region, string? Key, long Tokens, DateTimeOffset At, bool IsServed, string? RefusedBy, string? Message,
    DateTimeOffset? Until, IReadOnlyList<LimitStateRecord> Limits);
