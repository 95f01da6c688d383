using Dogana.Conduct.Cases;

namespace Dogana.Conduct;

/// <summary>
/// The life of a case as a pure function: a case and a command give the next case, what happened and what is to be done. It knows no store and no clock, so
/// that its promises can be tried by hundreds of thousands of random commands.
/// </summary>
public static class CaseLife
{
    /// <summary>The longest that a customer's time can be extended from now on.</summary>
    public static readonly TimeSpan ExtensionMax = TimeSpan.FromDays(365);

    /// <summary>How long a case that was upheld, or whose measure was lifted, stays open for a word more.</summary>
    public static readonly TimeSpan CloseAfter = TimeSpan.FromDays(30);

    /// <summary>The next instant at which something happens by itself, or null.</summary>
    public static DateTimeOffset? DueAt(ConductCase item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var own = item.State switch
        {
            CaseState.Triage => item.EscalatedAt is null ? item.TriageBy : null,
            CaseState.Cure => item.CureUntil,
            CaseState.Decided => item.Decision!.AppealBy,
            CaseState.Appealed => item.Appeal is { EscalatedAt: null } appeal ? appeal.DecideBy : null,
            CaseState.Upheld => item.Appeal?.DecidedAt + CloseAfter,
            CaseState.Reinstated => item.ReinstatedAt + CloseAfter,
            _ => null,
        };
        return item.Interim?.Until is { } end && !(own < end) ? end : own;
    }

    /// <summary>Lets every deadline up to now do what it does; each does it once.</summary>
    public static CaseStep Advance(ConductCase item, DateTimeOffset now)
    {
        var work = new CaseWork(item);
        work.Advance(now);
        return work.ToStep();
    }

    /// <summary>Does what somebody wants, after the deadlines that are over; or says why not. A refusal leaves the case as it is.</summary>
    public static Outcome<CaseStep> Do(ConductCase item, CaseCommand command, CaseActor actor, ConductSettings settings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(actor);
        var work = new CaseWork(item);
        work.Advance(now);
        if (CaseRules.Check(work.Case, command, actor, settings, now) is { } problem)
        {
            return problem;
        }

        work.Do(command, actor, settings, now);
        return work.ToStep();
    }

    /// <summary>A new case, which waits for an officer.</summary>
    public static CaseStep Begin(string id, ConductAccount account, string reason, CaseActor actor, ConductSettings settings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var work = new CaseWork(new ConductCase(id, account, now, now.AddHours(settings.TriageHours)));
        work.Add(CaseEventKind.Triaged, actor, now, reason);
        return work.ToStep();
    }
}
