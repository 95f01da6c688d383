using Dogana.Conduct;

namespace Dogana.Testing.Cases;

/// <summary>Watches one case from outside: from its commands, events and effects it knows what stands, and says which promise was broken. It shares nothing with the rules.</summary>
/// <param name="settings">The owner's.</param>
public sealed class CaseWatch(ConductSettings settings)
{
    private static readonly Dictionary<CaseState, CaseState[]> Ways = new()
    {
        [CaseState.Triage] = [CaseState.Open, CaseState.Dismissed],
        [CaseState.Open] = [CaseState.Cure, CaseState.Review, CaseState.Dismissed],
        [CaseState.Cure] = [CaseState.Review, CaseState.Proposed, CaseState.Closed],
        [CaseState.Review] = [CaseState.Proposed, CaseState.Closed],
        [CaseState.Proposed] = [CaseState.Decided, CaseState.Review, CaseState.Cure, CaseState.Closed],
        [CaseState.Decided] = [CaseState.Appealed, CaseState.Reinstated, CaseState.Closed],
        [CaseState.Appealed] = [CaseState.Reinstated, CaseState.Upheld],
        [CaseState.Upheld] = [CaseState.Reinstated, CaseState.Closed],
        [CaseState.Reinstated] = [CaseState.Closed],
        [CaseState.Closed] = [CaseState.Reinstated],
        [CaseState.Dismissed] = [],
    };

    private readonly Dictionary<string, (MeasureLevel Level, DateTimeOffset? Until, CaseSide Side)> _standing = new(StringComparer.Ordinal);
    private readonly List<string> _violations = [];
    private readonly HashSet<string> _urgencies = new(StringComparer.Ordinal);
    private CaseState? _state;
    private int _sequence;
    private int _freezes;
    private DateTimeOffset? _cureUntil;
    private CaseActor? _proposer;
    private CaseActor? _approver;
    private double _automaticHours;

    /// <summary>What was broken.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Sees what a command or the clock did.</summary>
    public void See(CaseCommand? command, CaseActor? actor, CaseStep step, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(step);
        var item = step.Case;
        SeeEvents(step, now);
        foreach (var ended in _standing.Where(pair => pair.Value.Until <= now).Select(static pair => pair.Key).ToArray())
        {
            _standing.Remove(ended);
        }

        if (command is CaseCommand.Propose)
        {
            _proposer = actor;
        }

        if (command is CaseCommand.Approve)
        {
            _approver = actor;
            Must(actor!.Person != _proposer!.Person, "one person proposed and approved");
        }

        if (command is CaseCommand.DecideAppeal)
        {
            Must(actor!.Person != _proposer!.Person && actor.Person != _approver!.Person, "who took part decided the appeal");
        }

        if (actor is not null)
        {
            Must(actor.Side != CaseSide.Automation || command is CaseCommand.Throttle, "automation did more than slow down");
            Must((actor.Side == CaseSide.Customer) == command is CaseCommand.Answer or CaseCommand.Appeal, "a customer's step by somebody else, or another by a customer");
            Must((actor.Side == CaseSide.Seller) == command is CaseCommand.SellerAnswer, "a seller's step by somebody else, or another by a seller");
        }

        if (command is CaseCommand.Hold hold)
        {
            Must(actor!.Side == CaseSide.Platform && hold.Urgency.Length > 0, "a hold without a person or a ground");
            _urgencies.Add(hold.Urgency);
        }

        foreach (var effect in step.Effects)
        {
            See(effect, item, now);
        }

        if (command is CaseCommand.Notice)
        {
            _cureUntil = now.AddDays(settings.CureDays);
        }
        else if (command is CaseCommand.Extend extend)
        {
            Must(extend.Until > _cureUntil, "an extension that shortens");
            _cureUntil = extend.Until;
        }

        SeeState(item, now);
    }

    private void SeeEvents(CaseStep step, DateTimeOffset now)
    {
        foreach (var happened in step.Events)
        {
            Must(happened.Sequence == ++_sequence, "events are not numbered without a gap");
            Must(happened.At <= now, "an event of the future");
        }

        Must(step.Case.Events == _sequence, "the case does not know how many events it has");
        Must(CaseLife.DueAt(step.Case) is not { } due || due > now, "a deadline is over and nothing happened");
        Must(CaseLife.Advance(step.Case, now) is { Events.Count: 0, Effects.Count: 0 }, "a deadline fires twice");
    }

    private void See(CaseEffect effect, ConductCase item, DateTimeOffset now)
    {
        switch (effect)
        {
            case CaseEffect.Freeze:
                Must(++_freezes == 1, "the evidence was frozen twice");
                break;
            case CaseEffect.Lift lift:
                Must(_standing.Remove(lift.Measure) || item.Decision?.Measure == lift.Measure, "something was lifted that was not taken");
                break;
            case CaseEffect.Take take:
                Must(!_standing.ContainsKey(take.Measure), "a measure was taken twice");
                _standing[take.Measure] = (take.Level, take.Statement.Until, take.ApprovedBy.Side);
                Must(take.Statement.Facts.Length > 0, "a measure without facts");
                if (take.ApprovedBy.Side == CaseSide.Automation)
                {
                    Must(take.Level == MeasureLevel.Throttle, "automation took something else than a throttle");
                    _automaticHours += (take.Statement.Until!.Value - now).TotalHours;
                    Must(_automaticHours <= settings.InterimThrottleHours, "automation slowed down for longer than it may");
                }

                if (take.Level is MeasureLevel.Suspend or MeasureLevel.Terminate or MeasureLevel.Limit || (take.Level == MeasureLevel.Throttle && take.Urgency is null))
                {
                    Must(_freezes == 1 && item.NoticedAt is not null, "a hard measure without frozen evidence and a notice");
                    Must(take.Statement.Terms.Length > 0 && take.Statement.Clause.Length > 0, "a hard measure without a ground");
                    Must(take.Statement.RedressBy > now || take.Urgency is not null, "a hard measure without a redress date");
                    Must(take.Urgency is not null || _urgencies.Count > 0 || _cureUntil <= now, "a hard measure before the customer's time was over");
                    Must(take.Urgency is not null || take.ProposedBy.Person != take.ApprovedBy.Person, "a hard measure by one person without a ground");
                }

                break;
        }
    }

    private void SeeState(ConductCase item, DateTimeOffset now)
    {
        // A step may pass a deadline's state on its way.
        var before = _state;
        Must(before is null || before == item.State || Ways[before.Value].Contains(item.State) || Ways[before.Value].Any(way => Ways[way].Contains(item.State)), $"from {before} to {item.State}");
        _state = item.State;
        string?[] known = [item.Interim?.Measure, item.ReinstatedAt is null ? item.Decision?.Measure : null];
        Must(_standing.Keys.All(id => known.Contains(id, StringComparer.Ordinal)), "something stands that the case does not know");
        Must(item.State is not (CaseState.Dismissed or CaseState.Reinstated) || _standing.Count == 0, "something stands after it was taken back");
        Must(item.State is not (CaseState.Decided or CaseState.Appealed or CaseState.Upheld or CaseState.Closed or CaseState.Dismissed or CaseState.Reinstated) || item.Interim is null, "an interim measure outlives the decision");
        Must((item.ClosedAt is not null) == item.IsEnded, "closed without an end, or the other way round");
        Must(item.Interim?.Until is not { } end || end - now <= TimeSpan.FromHours(settings.InterimThrottleHours), "an interim throttle longer than it may be");
    }

    private void Must(bool holds, string broken)
    {
        if (!holds)
        {
            _violations.Add(broken);
        }
    }
}
