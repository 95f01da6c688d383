using System.Globalization;

namespace Dogana.Conduct.Cases;

/// <summary>One step of a case while it is made.</summary>
internal sealed class CaseWork(ConductCase item)
{
    private readonly List<CaseEvent> _events = [];
    private readonly List<CaseEffect> _effects = [];

    public ConductCase Case { get; private set; } = item;

    public CaseStep ToStep() => new(Case, _events, _effects);

    public void Add(CaseEventKind kind, CaseActor actor, DateTimeOffset at, string text, string? channel = null)
    {
        Case = Case with { Events = Case.Events + 1 };
        _events.Add(new CaseEvent(Case.Events, at, actor, kind, text) { Channel = channel });
    }

    public void Advance(DateTimeOffset now)
    {
        while (CaseLife.DueAt(Case) is { } due && due <= now)
        {
            if (Case.Interim?.Until == due)
            {
                Case = Case with { Interim = null }; // the measure ends by itself
                Add(CaseEventKind.ThrottleEnded, CaseActor.Automation, due, "The throttle ended.");
                continue;
            }

            switch (Case.State)
            {
                case CaseState.Triage:
                    Case = Case with { EscalatedAt = due };
                    Add(CaseEventKind.Escalated, CaseActor.Automation, due, "Nobody looked at it in time.");
                    break;
                case CaseState.Cure:
                    Case = Case with { State = CaseState.Review };
                    Add(CaseEventKind.CureEnded, CaseActor.Automation, due, "The time to put things right is over.");
                    break;
                case CaseState.Appealed:
                    Case = Case with { Appeal = Case.Appeal! with { EscalatedAt = due } };
                    Add(CaseEventKind.Escalated, CaseActor.Automation, due, "Nobody decided the appeal in time.");
                    break;
                case CaseState.Upheld or CaseState.Reinstated:
                    Add(CaseEventKind.Closed, CaseActor.Automation, due, "Nothing more came up: the case is closed.");
                    End(CaseState.Closed, due);
                    break;
                default:
                    Add(CaseEventKind.AppealWindowEnded, CaseActor.Automation, due, "The time to appeal is over: the case is closed.");
                    End(CaseState.Closed, due);
                    break;
            }
        }
    }

    /// <summary>Does what <see cref="CaseRules"/> let pass.</summary>
    public void Do(CaseCommand command, CaseActor actor, ConductSettings settings, DateTimeOffset now)
    {
        switch (command)
        {
            case CaseCommand.Open open:
                Case = Case with { State = CaseState.Open };
                Add(CaseEventKind.Opened, actor, now, open.Reason);
                break;
            case CaseCommand.Dismiss dismiss:
                LiftInterim(dismiss.Reason);
                Add(CaseEventKind.Dismissed, actor, now, dismiss.Reason);
                End(CaseState.Dismissed, now);
                break;
            case CaseCommand.Throttle throttle:
                Throttle(throttle, actor, now);
                break;
            case CaseCommand.Hold hold:
                Hold(hold, actor, settings, now);
                break;
            case CaseCommand.Notice notice:
                Tell(notice.Statement, settings, now, isUrgent: false);
                Add(CaseEventKind.Noticed, actor, now, $"The customer can answer and put things right until {Case.CureUntil:u}.");
                break;
            case CaseCommand.Answer answer:
                Add(CaseEventKind.Answered, actor, now, answer.Text);
                break;
            case CaseCommand.SellerAnswer answer:
                Add(CaseEventKind.SellerAnswered, actor, now, $"{(answer.Decision == ChannelDecision.Adopt ? "Would adopt a measure" : "Would decline a measure")}: {answer.Text}", answer.Channel);
                break;
            case CaseCommand.Extend extend:
                Case = Case with { CureUntil = extend.Until, Statement = Case.Statement! with { RedressBy = extend.Until } };
                Add(CaseEventKind.Extended, actor, now, $"Until {extend.Until:u}: {extend.Reason}");
                break;
            case CaseCommand.Withdraw withdraw:
                LiftInterim(withdraw.Reason);
                Case = Case with { Proposal = null };
                Add(CaseEventKind.Withdrawn, actor, now, withdraw.Reason);
                End(CaseState.Closed, now);
                break;
            default:
                Decide(command, actor, settings, now);
                break;
        }
    }

    private void Decide(CaseCommand command, CaseActor actor, ConductSettings settings, DateTimeOffset now)
    {
        switch (command)
        {
            case CaseCommand.Propose propose:
                Case = Case with
                {
                    State = CaseState.Proposed,
                    Proposal = new CaseDecision(propose.Outcome, propose.Statement, actor, now) { RequestsPerMinute = propose.RequestsPerMinute, TokensPerDay = propose.TokensPerDay },
                };
                Add(CaseEventKind.Proposed, actor, now, EnumWords.Of(propose.Outcome));
                break;
            case CaseCommand.Approve:
                Approve(actor, settings, now);
                break;
            case CaseCommand.Reject reject:
                Case = Case with { State = Case.CureUntil > now && Case.Urgency is null ? CaseState.Cure : CaseState.Review, Proposal = null };
                Add(CaseEventKind.Rejected, actor, now, reject.Reason);
                break;
            case CaseCommand.Appeal appeal:
                Case = Case with { State = CaseState.Appealed, Appeal = new CaseAppeal(appeal.Text, actor, now) { DecideBy = now.AddDays(settings.AppealDecisionDays) } };
                Add(CaseEventKind.Appealed, actor, now, appeal.Text);
                break;
            case CaseCommand.DecideAppeal decide:
                Case = Case with { Appeal = Case.Appeal! with { DecidedBy = actor, DecidedAt = now, Reason = decide.Reason } };
                if (decide.IsGranted)
                {
                    Reinstate(CaseEventKind.Reinstated, decide.Reason, actor, now);
                }
                else
                {
                    Case = Case with { State = CaseState.Upheld };
                    Add(CaseEventKind.Upheld, actor, now, decide.Reason);
                }

                break;
            case CaseCommand.Lift lift:
                Reinstate(CaseEventKind.Lifted, lift.Reason, actor, now);
                break;
            default:
                Add(CaseEventKind.Closed, actor, now, "The case is closed.");
                End(CaseState.Closed, now);
                break;
        }
    }

    private void Throttle(CaseCommand.Throttle throttle, CaseActor actor, DateTimeOffset now)
    {
        var until = now.AddHours(throttle.Hours);
        var statement = new StatementOfReasons(throttle.Reason, "", "") { Until = until, IsFoundByAutomation = actor.Side == CaseSide.Automation };
        var id = Take(MeasureLevel.Throttle, statement, actor, actor, "interim, for some hours, while it is looked into", throttle.RequestsPerMinute);
        Case = Case with
        {
            Interim = new CaseInterim(id, actor, now, until, null),
            WasThrottledByAutomation = Case.WasThrottledByAutomation || actor.Side == CaseSide.Automation,
        };
        Add(CaseEventKind.Throttled, actor, now, string.Create(CultureInfo.InvariantCulture, $"{throttle.RequestsPerMinute} requests a minute until {until:u}: {throttle.Reason}"));
    }

    private void Hold(CaseCommand.Hold hold, CaseActor actor, ConductSettings settings, DateTimeOffset now)
    {
        LiftInterim("A suspension takes its place.");
        Case = Case with { Urgency = hold.Urgency };
        if (Case.NoticedAt is null)
        {
            Tell(hold.Statement, settings, now, isUrgent: true);
        }

        var id = Take(MeasureLevel.Suspend, Case.Statement! with { Models = hold.Statement.Models, Channels = hold.Statement.Channels, Until = null }, actor, actor, hold.Urgency);
        Case = Case with { Interim = new CaseInterim(id, actor, now, null, hold.Urgency) };
        Add(CaseEventKind.Held, actor, now, hold.Urgency);
    }

    // What the customer is told stays as it was told: the evidence is frozen in the same step.
    private void Tell(StatementOfReasons statement, ConductSettings settings, DateTimeOffset now, bool isUrgent)
    {
        var until = now.AddDays(settings.CureDays);
        Case = Case with
        {
            State = isUrgent ? CaseState.Review : CaseState.Cure,
            NoticedAt = now,
            CureUntil = isUrgent ? null : until,
            Statement = statement with { Redress = $"Answer in the case: dogana case answer {Case.Id}, or POST /admin/v1/cases/{Case.Id}/answer.", RedressBy = until },
        };
        _effects.Add(new CaseEffect.Freeze());
    }

    private void Approve(CaseActor actor, ConductSettings settings, DateTimeOffset now)
    {
        var proposal = Case.Proposal!;
        var appealBy = now.AddDays(settings.AppealDays);
        var statement = proposal.Statement with { Redress = $"Appeal in the case: dogana case appeal {Case.Id}, or POST /admin/v1/cases/{Case.Id}/appeal. Another person decides it.", RedressBy = appealBy };
        LiftInterim("The case is decided.");
        MeasureLevel? level = proposal.Outcome switch
        {
            CaseOutcome.Warning => MeasureLevel.Warn,
            CaseOutcome.Limited => proposal.RequestsPerMinute is null ? MeasureLevel.Limit : MeasureLevel.Throttle,
            CaseOutcome.Suspended => MeasureLevel.Suspend,
            CaseOutcome.Terminated => MeasureLevel.Terminate,
            _ => null,
        };
        var measure = level is { } taken ? Take(taken, statement, proposal.ProposedBy, actor, null, proposal.RequestsPerMinute, proposal.TokensPerDay) : null;
        Case = Case with
        {
            State = CaseState.Decided,
            Proposal = null,
            Decision = proposal with { Statement = statement, ApprovedBy = actor, DecidedAt = now, AppealBy = appealBy, Measure = measure },
        };
        Add(CaseEventKind.Decided, actor, now, EnumWords.Of(proposal.Outcome));
        if (proposal.Outcome == CaseOutcome.NoAction)
        {
            End(CaseState.Closed, now); // nothing to appeal against
        }
    }

    private void Reinstate(CaseEventKind kind, string reason, CaseActor actor, DateTimeOffset now)
    {
        if (Case.Decision!.Measure is { } measure)
        {
            _effects.Add(new CaseEffect.Lift(measure, reason));
        }

        Case = Case with { State = CaseState.Reinstated, ReinstatedAt = now, ClosedAt = null };
        Add(kind, actor, now, reason);
    }

    private string Take(
        MeasureLevel level, StatementOfReasons statement, CaseActor proposedBy, CaseActor approvedBy, string? urgency, long? requestsPerMinute = null, long? tokensPerDay = null)
    {
        Case = Case with { Measures = Case.Measures + 1 };
        var id = string.Create(CultureInfo.InvariantCulture, $"{Case.Id}.{Case.Measures}");
        _effects.Add(new CaseEffect.Take(id, level, statement, proposedBy, approvedBy, urgency) { RequestsPerMinute = requestsPerMinute, TokensPerDay = tokensPerDay });
        return id;
    }

    private void LiftInterim(string reason)
    {
        if (Case.Interim is { } interim)
        {
            _effects.Add(new CaseEffect.Lift(interim.Measure, reason));
            Case = Case with { Interim = null };
        }
    }

    private void End(CaseState state, DateTimeOffset at) => Case = Case with { State = state, ClosedAt = at };
}
