namespace Dogana.Limits;

/// <summary>Which call reserves, for the record of what was refused.</summary>
/// <param name="Id">The call's id, as its client sees it.</param>
/// <param name="Project">The project.</param>
/// <param name="Deployment">What is called.</param>
public readonly record struct LimitedCall(string Id, string Project, string Deployment);

/// <summary>A call that a limit refused, or would have refused if it did more than observe.</summary>
/// <param name="Call">Which call.</param>
/// <param name="Limit">The limit, as it was then.</param>
/// <param name="At">When.</param>
/// <param name="Asked">What the call asked for, in parts.</param>
/// <param name="Left">What was left of the limit, as far as the node knew, in parts; null where the call asked for more than there ever is.</param>
/// <param name="WindowEnd">When the limit's window ended; null where it has no end.</param>
/// <param name="Code">What the client was told; of a call that was served, what it would have been.</param>
/// <param name="IsObserved">Was the call served, for the limit only observes?</param>
public sealed record LimitRefusal(
    LimitedCall Call, Limit Limit, DateTimeOffset At, Int128 Asked, Int128? Left, DateTimeOffset? WindowEnd, ProblemCode Code, bool IsObserved);

/// <summary>A refusal as it is kept: the limit by its id.</summary>
/// <param name="Id">Rises with the calls' ids; the key of pages.</param>
/// <param name="Call">Which call.</param>
/// <param name="At">When.</param>
/// <param name="Limit">The limit's id.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Currency">Of a limit of money.</param>
/// <param name="Amount">The limit's amount then, in parts.</param>
/// <param name="Asked">What the call asked for, in parts.</param>
/// <param name="Left">What was left, in parts; null where the call asked for more than there ever is.</param>
/// <param name="WindowEnd">When the window ended; null where it has no end.</param>
/// <param name="Code">What the client was told.</param>
/// <param name="IsObserved">Was the call served?</param>
public sealed record KeptRefusal(
    string Id, LimitedCall Call, DateTimeOffset At, string Limit, LimitUnit Unit, string? Currency, Int128 Amount, Int128 Asked, Int128? Left, DateTimeOffset? WindowEnd,
    ProblemCode Code, bool IsObserved);
