using Dogana.Audit;
using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Conduct.Reaching;
using Dogana.Conduct.Register;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>The measures that model owners take: proposed by one person, put in force by another, lifted when their ground is gone.</summary>
public static class Measures
{
    /// <summary>The ground on record where a single person suspends and gives none.</summary>
    public const string DefaultUrgency = "urgent: taken by one person";

    /// <summary>All measures, whatever became of them, in the order of their start.</summary>
    public static Task<IReadOnlyList<Measure>> ReadAsync(StoreSession session) => MeasureRows.ReadAsync(session);

    /// <summary>All members on record, released ones too.</summary>
    public static Task<IReadOnlyList<MeasureMember>> ReadMembersAsync(StoreSession session) => MeasureRows.ReadMembersAsync(session);

    /// <summary>All decisions of sellers.</summary>
    public static Task<IReadOnlyList<MeasureDecision>> ReadDecisionsAsync(StoreSession session) => MeasureRows.ReadDecisionsAsync(session);

    /// <summary>A measure by its id.</summary>
    public static async Task<Outcome<Measure>> FindAsync(StoreSession session, string id) =>
        await MeasureRows.FindAsync(session, id) is { } measure ? measure : new Problem(ProblemCode.NotFound, $"No measure has the id '{id}'.", "id");

    /// <summary>Proposes a measure: nothing holds until another person approves it.</summary>
    public static async Task<Outcome<Measure>> ProposeAsync(StoreSession session, MeasureProposal proposal, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        now = Stored(now);
        var (parties, catalog) = (await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session));
        if (!ProposalRules.Check(proposal, parties, catalog, Guid.CreateVersion7(now).ToString(), actor, now).TryGet(out var measure, out var problem))
        {
            return problem;
        }

        if (measure.EndsAt <= now)
        {
            return new Problem(ProblemCode.InvalidRequest, "It would be over already. Give a later end, or none.", "to");
        }

        await MeasureRows.InsertAsync(session, measure);
        await AuditAsync(session, measure, now, actor, "measure.propose", $"{MeasureNames.Of(measure.Level)}: {measure.Reason}");
        return measure;
    }

    /// <summary>Approves what somebody else proposed: it holds from its start, or from now where that has passed.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="id">The measure.</param>
    /// <param name="actor">Who approves.</param>
    /// <param name="now">Now.</param>
    /// <param name="persons">Says which human being is behind an actor: the two must differ. Where null, every actor is a person of its own.</param>
    public static async Task<Outcome<Measure>> ApproveAsync(StoreSession session, string id, string actor, DateTimeOffset now, IPersons? persons = null)
    {
        now = Stored(now);
        if (!(await FindAsync(session, id)).TryGet(out var measure, out var problem))
        {
            return problem;
        }

        var state = measure.StateAt(now);
        if (state != MeasureState.Proposed)
        {
            return Conflict(measure, $"is {Words(state)}", "Only a proposal can be approved.");
        }

        if (measure.ProposedBy == actor || (persons is not null && await persons.BehindAsync(session, measure.ProposedBy) == await persons.BehindAsync(session, actor)))
        {
            return Conflict(
                measure, $"was proposed by '{actor}'", "Another person approves it: a user with the role, another admin key that the same user did not make, or, on a store without a server, under another name in DOGANA_OPERATOR.");
        }

        if (measure.EndsAt <= now)
        {
            return Conflict(measure, "would have ended before it is approved", "Reject it and propose another.");
        }

        var approved = measure with { ApprovedBy = actor, ApprovedAt = now, StartsAt = measure.StartsAt > now ? measure.StartsAt : now };
        await MeasureRows.UpdateAsync(session, approved);
        await AuditAsync(session, approved, now, actor, "measure.approve", id);
        await PutInForceAsync(session, approved, await PartyRegister.ReadAsync(session), now);
        return approved;
    }

    /// <summary>Rejects a proposal; whoever made it may take it back so.</summary>
    public static async Task<Outcome<Measure>> RejectAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        now = Stored(now);
        if (!(await FindAsync(session, id)).TryGet(out var measure, out var problem))
        {
            return problem;
        }

        var state = measure.StateAt(now);
        if (state == MeasureState.Rejected)
        {
            return measure;
        }

        if (state != MeasureState.Proposed)
        {
            return Conflict(measure, $"is {Words(state)}", "Lift it instead.");
        }

        var rejected = measure with { RejectedAt = now, RejectedBy = actor };
        await MeasureRows.UpdateAsync(session, rejected);
        await AuditAsync(session, rejected, now, actor, "measure.reject", id);
        return rejected;
    }

    /// <summary>
    /// Suspends a customer and its family at once, by one person, whose ground is recorded. Where the same suspension (organisation, owner, models and
    /// channels) stands without an end, it gives that one.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="owner">The model owner.</param>
    /// <param name="reason">For the customer.</param>
    /// <param name="actor">Who suspends.</param>
    /// <param name="now">Now.</param>
    /// <param name="urgency">Why it does not wait for a second person.</param>
    /// <param name="models">Model ids; null for all.</param>
    /// <param name="channels">Channel ids; null for all.</param>
    public static async Task<Outcome<Measure>> SuspendAsync(
        StoreSession session, string organisation, string owner, string reason, string actor, DateTimeOffset now, string? urgency = null,
        IReadOnlyList<string>? models = null, IReadOnlyList<string>? channels = null)
    {
        now = Stored(now);
        var (parties, catalog) = (await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session));
        var proposal = new MeasureProposal(organisation, owner, MeasureLevel.Suspend, reason) { Models = models ?? [Measure.All], Channels = channels ?? [Measure.All] };
        if (!ProposalRules.Check(proposal, parties, catalog, Guid.CreateVersion7(now).ToString(), actor, now).TryGet(out var checkedOne, out var problem))
        {
            return problem;
        }

        var measure = checkedOne with { ApprovedBy = actor, ApprovedAt = now, Urgency = urgency ?? DefaultUrgency };
        if (ProposalRules.CheckText(measure.Urgency, "urgency", "Give the ground of the urgency in at most 500 characters on one line.") is { } wrong)
        {
            return wrong;
        }

        var same = (await ReadAsync(session)).FirstOrDefault(other =>
            (other.Organisation, other.Owner, other.Level, other.EndsAt) == (organisation, owner, MeasureLevel.Suspend, null) && other.StateAt(now) == MeasureState.InForce
            && other.Models.SequenceEqual(measure.Models, StringComparer.Ordinal) && other.Channels.SequenceEqual(measure.Channels, StringComparer.Ordinal));
        if (same is not null)
        {
            return same;
        }

        await MeasureRows.InsertAsync(session, measure);
        await AuditAsync(session, measure, now, actor, "measure.suspend", reason);
        await PutInForceAsync(session, measure, parties, now);
        return measure;
    }

    /// <summary>Lifts a measure: what was is again. Lifting a lifted one changes nothing. A termination is lifted with a reason only.</summary>
    public static async Task<Outcome<Measure>> LiftAsync(StoreSession session, string id, string actor, DateTimeOffset now, string? reason = null)
    {
        now = Stored(now);
        if (!(await FindAsync(session, id)).TryGet(out var measure, out var problem))
        {
            return problem;
        }

        var state = measure.StateAt(now);
        if (state == MeasureState.Lifted)
        {
            return measure;
        }

        if (!measure.IsStandingAt(now))
        {
            return Conflict(measure, $"is {Words(state)}", state == MeasureState.Proposed ? "Reject it instead." : "There is nothing to lift.");
        }

        if ((reason is not null || measure.Level == MeasureLevel.Terminate)
            && ProposalRules.CheckText(reason, "reason", "Give the reason in at most 500 characters on one line; a termination is not lifted without one.") is { } wrong)
        {
            return wrong;
        }

        var lifted = measure with { LiftedAt = now, LiftedBy = actor, LiftReason = reason };
        await MeasureRows.UpdateAsync(session, lifted);
        await AuditAsync(session, lifted, now, actor, "measure.lift", reason is null ? id : $"{id}: {reason}");
        await (await NoticesAsync(session, lifted, await PartyRegister.ReadAsync(session), now)).PostLiftedAsync(session);
        session.ChangesConfiguration();
        return lifted;
    }

    /// <summary>Releases a member that is on record and no affiliate any more. The target is never released: lift the measure instead.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="id">The measure.</param>
    /// <param name="organisation">The member.</param>
    /// <param name="reason">Why, on one line, at most 500 characters.</param>
    /// <param name="actor">Who releases it.</param>
    /// <param name="now">Now.</param>
    public static async Task<Outcome<MeasureMember>> ReleaseAsync(
        StoreSession session, string id, string organisation, string reason, string actor, DateTimeOffset now)
    {
        now = Stored(now);
        if (!(await FindStandingAsync(session, id, now)).TryGet(out var measure, out var problem))
        {
            return problem;
        }

        if (ProposalRules.CheckText(reason, "reason", "A release needs a reason of at most 500 characters on one line.") is { } wrong)
        {
            return wrong;
        }

        if (organisation == measure.Organisation)
        {
            return Conflict(measure, $"was taken against '{organisation}' itself", "Lift the measure instead.");
        }

        var recorded = (await MeasureRows.ReadMembersAsync(session, id)).FirstOrDefault(member => member.Organisation == organisation);
        if (recorded is null)
        {
            return new Problem(ProblemCode.NotFound, $"'{organisation}' is no member on record of the measure '{id}'.", "organisation");
        }

        if (recorded.ReleasedAt is not null)
        {
            return recorded;
        }

        var parties = await PartyRegister.ReadAsync(session);
        if (new Membership(parties.Ownership.At(now), []).Of(measure).GetValueOrDefault(organisation) is { Certainty: Certainty.Yes })
        {
            return Conflict(measure, $"reaches '{organisation}' as an affiliate", "Declare who owns it now, then release it; or lift the measure.");
        }

        var released = recorded with { ReleasedAt = now, ReleasedBy = actor, ReleaseReason = reason };
        await MeasureRows.ReleaseAsync(session, released);
        await AuditAsync(session, measure, now, actor, "measure.release", $"{id}, {organisation}: {reason}");
        session.ChangesConfiguration();
        return released;
    }

    /// <summary>An instant as the store keeps it: what is returned equals what is read again.</summary>
    internal static DateTimeOffset Stored(DateTimeOffset instant) => StoredTime.FromMicros(instant.ToMicros());

    /// <summary>A member's basis as the store keeps it: at most <see cref="MeasureMember.BasisMax"/> characters, however long the chain of ownership is.</summary>
    private static string Stored(string basis) => basis.Length <= MeasureMember.BasisMax ? basis : $"{basis.AsSpan(0, MeasureMember.BasisMax - 1)}…";

    internal static string Words(MeasureState state) => MeasureNames.Of(state).Replace('_', ' ');

    internal static Problem Conflict(Measure measure, string what, string remedy) => new(ProblemCode.Conflict, $"The measure '{measure.Id}' {what}. {remedy}");

    internal static Task AuditAsync(StoreSession session, Measure measure, DateTimeOffset now, string actor, string action, string detail) =>
        AuditLog.WriteAsync(session, now, actor, action, $"{measure.Organisation} from {measure.Owner}", detail);

    /// <summary>Records who is a member, tells everybody, and lets the nodes know.</summary>
    internal static async Task PutInForceAsync(StoreSession session, Measure measure, PartyTable parties, DateTimeOffset now)
    {
        Member[] members = [.. new Membership(parties.Ownership.At(now), []).Of(measure).Values];
        await MeasureRows.InsertAsync(session, [.. members.Where(static member => member.Certainty == Certainty.Yes)
            .Select(member => new MeasureMember(measure.Id, member.Organisation, Stored(member.Basis()), now))]);
        await new MeasureNotices(measure, parties, members, [], now).PostStartedAsync(session);
        session.ChangesConfiguration();
    }

    internal static async Task<MeasureNotices> NoticesAsync(StoreSession session, Measure measure, PartyTable parties, DateTimeOffset now)
    {
        var members = new Membership(parties.Ownership.At(now), await MeasureRows.ReadMembersAsync(session, measure.Id)).Of(measure);
        return new MeasureNotices(measure, parties, [.. members.Values], await MeasureRows.ReadDecisionsAsync(session, measure.Id), now);
    }

    /// <summary>The measure, if it stands.</summary>
    internal static async Task<Outcome<Measure>> FindStandingAsync(StoreSession session, string id, DateTimeOffset now)
    {
        var found = await FindAsync(session, id);
        return found.TryGet(out var measure, out _) && !measure.IsStandingAt(now)
            ? Conflict(measure, $"is {Words(measure.StateAt(now))}", "Only one that stands can be decided on, or its members released.")
            : found;
    }
}
