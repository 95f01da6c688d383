using Dogana.Audit;
using Dogana.Catalog;
using Dogana.Conduct.Register;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>A measure as a file declares it, decided by people whom the file names.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Proposal">What it is.</param>
/// <param name="ProposedBy">Who proposed it.</param>
/// <param name="ApprovedBy">Who approved it: another person, unless <paramref name="Urgency"/> says why one was enough.</param>
/// <param name="Urgency">The ground on which one person put it in force, or null.</param>
/// <param name="IsLifted">Is it lifted?</param>
/// <param name="LiftReason">Why; with <paramref name="IsLifted"/> only.</param>
public sealed record DeclaredMeasure(
    string Id, MeasureProposal Proposal, string ProposedBy, string ApprovedBy, string? Urgency = null, bool IsLifted = false, string? LiftReason = null);

/// <summary>
/// Measures from files. On the store itself the two people whom a file names decide. Over a server a file proves nothing about them: what comes without an
/// urgency is a proposal of the admin key that applies it, which another key approves; what comes with one is that key's own deed.
/// </summary>
public static class DeclaredMeasures
{
    /// <summary>Puts declared measures in force, or proposes them, once: one that is there already can only be lifted.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="parties">The parties, as this transaction leaves them.</param>
    /// <param name="wanted">The measures.</param>
    /// <param name="actor">Who applies the file: an operator of the store (<see cref="Actor.IsOperator"/>), or an admin key's id.</param>
    /// <param name="now">Now: a start before it is now.</param>
    /// <returns>What became of each: of the type <c>measure</c>, or <c>measure_proposal</c> for one that waits for approval.</returns>
    /// <exception cref="ProblemException">Something declared is invalid or contradicts what is there; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, PartyTable parties, IReadOnlyList<DeclaredMeasure> wanted, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        now = Measures.Stored(now);
        var changes = new List<Change>();
        if (wanted.Count == 0)
        {
            return changes;
        }

        var catalog = await CatalogRegister.ReadAsync(session);
        foreach (var item in wanted)
        {
            var present = await MeasureRows.FindAsync(session, item.Id);
            var declared = Check(item, parties, catalog, present?.ApprovedAt ?? present?.ProposedAt ?? now);
            changes.Add(present is null
                ? await CreateAsync(session, item, declared, parties, actor, now)
                : new Change(await LiftAsync(session, item, declared, present, actor, now), TypeOf(present, now), item.Id));
        }

        return changes;
    }

    private static string TypeOf(Measure measure, DateTimeOffset now) => measure.StateAt(now) == MeasureState.Proposed ? "measure_proposal" : "measure";

    // As it was, or is, approved: a file that was applied before gives the very measure that it gave then.
    private static Measure Check(DeclaredMeasure item, PartyTable parties, CatalogTable catalog, DateTimeOffset approvedAt)
    {
        if (item.ProposedBy == item.ApprovedBy != item.Urgency is not null)
        {
            throw Refused(item, "has one name and no urgency, or two names and an urgency", "Two people decide, or one whose urgency is on record.");
        }

        var outcome = ProposalRules.Check(item.Proposal, parties, catalog, item.Id, item.ProposedBy, approvedAt);
        return outcome.TryGet(out var measure, out var problem)
            ? measure with { ApprovedBy = item.ApprovedBy, ApprovedAt = approvedAt, Urgency = item.Urgency }
            : throw new ProblemException(problem with { Message = $"The measure '{item.Id}': {problem.Message}" });
    }

    private static async Task<Change> CreateAsync(StoreSession session, DeclaredMeasure item, Measure declared, PartyTable parties, string actor, DateTimeOffset now)
    {
        if (item.IsLifted)
        {
            // Another store's history: it never holds here, and nobody is told.
            await MeasureRows.InsertAsync(session, declared with { LiftedAt = now, LiftedBy = actor, LiftReason = item.LiftReason });
            await Measures.AuditAsync(session, declared, now, actor, "measure.lift", $"{item.Id}: declared as lifted, {item.LiftReason}");
            return new Change(ChangeKind.Created, "measure", item.Id);
        }

        if (declared.EndsAt <= now)
        {
            throw Refused(item, "has ended already", "Leave it out of the file, or give it a later 'to'.");
        }

        if (!Actor.IsOperator(actor) && item.Urgency is not null && declared.Level != MeasureLevel.Suspend)
        {
            throw Refused(item, "would be put in force by one admin key alone", "One key alone may only suspend. Leave urgency out, and let another key approve it.");
        }

        var made = Actor.IsOperator(actor) ? declared
            : item.Urgency is null ? declared with { ProposedBy = actor, ApprovedBy = null, ApprovedAt = null }
            : declared with { ProposedBy = actor, ApprovedBy = actor };
        await MeasureRows.InsertAsync(session, made);
        if (made.ApprovedAt is null)
        {
            await Measures.AuditAsync(session, made, now, actor, "measure.propose", $"{item.Id}: {MeasureNames.Of(made.Level)}, {made.Reason}");
        }
        else
        {
            await Measures.AuditAsync(session, made, now, actor, "measure.approve", $"{item.Id}: {made.ProposedBy} and {made.ApprovedBy}");
            await Measures.PutInForceAsync(session, made, parties, now);
        }

        return new Change(ChangeKind.Created, TypeOf(made, now), item.Id);
    }

    private static async Task<ChangeKind> LiftAsync(StoreSession session, DeclaredMeasure item, Measure declared, Measure present, string actor, DateTimeOffset now)
    {
        // What the keys of a server decided has other names than the file's; a proposal has no second one yet.
        var areNamesFacts = Actor.IsOperator(actor) && present.ApprovedAt is not null;
        var differing = Differing(areNamesFacts ? declared : declared with { ProposedBy = present.ProposedBy, ApprovedBy = present.ApprovedBy }, present);
        if (differing is not null)
        {
            throw Refused(item, $"is there with another {differing}, and never changes", "Write 'lifted: true' with a lift_reason, and declare another one.");
        }

        var state = present.StateAt(now);
        if (state == MeasureState.Proposed)
        {
            if (item.IsLifted && (await Measures.RejectAsync(session, item.Id, actor, now)).Problem is { } refused)
            {
                throw new ProblemException(refused);
            }

            return item.IsLifted ? ChangeKind.Updated : ChangeKind.Unchanged;
        }

        if (state == MeasureState.Rejected && !item.IsLifted)
        {
            throw Refused(item, "was rejected, and stays so", "Leave it out of the file, or declare another one.");
        }

        if (item.IsLifted == present.LiftedAt is not null || (item.IsLifted && !present.IsStandingAt(now)))
        {
            return ChangeKind.Unchanged;
        }

        if (!item.IsLifted)
        {
            throw Refused(item, "was lifted, and stays so", "Write 'lifted: true' with its lift_reason, and declare another one.");
        }

        var lifted = await Measures.LiftAsync(session, item.Id, actor, now, item.LiftReason);
        return lifted.Problem is null ? ChangeKind.Updated : throw new ProblemException(lifted.Problem);
    }

    private static string? Differing(Measure declared, Measure present) =>
        declared.Organisation != present.Organisation ? "organisation"
        : declared.Owner != present.Owner ? "owner"
        : declared.Level != present.Level ? "level"
        : !declared.Models.SequenceEqual(present.Models, StringComparer.Ordinal) ? "list of models"
        : !declared.Channels.SequenceEqual(present.Channels, StringComparer.Ordinal) ? "list of channels"
        : declared.RequestsPerMinute != present.RequestsPerMinute ? "requests_per_minute"
        : declared.TokensPerDay != present.TokensPerDay ? "tokens_per_day"
        : declared.StartsAt != present.StartsAt ? "from"
        : declared.EndsAt != present.EndsAt ? "to"
        : declared.Reason != present.Reason ? "reason"
        : declared.ProposedBy != present.ProposedBy ? "proposed_by"
        : declared.ApprovedBy != present.ApprovedBy ? "approved_by"
        : declared.Urgency != present.Urgency ? "urgency"
        : null;

    private static ProblemException Refused(DeclaredMeasure item, string what, string remedy) =>
        new(new Problem(ProblemCode.Conflict, $"The measure '{item.Id}' {what}. {remedy}", "measures"));
}
