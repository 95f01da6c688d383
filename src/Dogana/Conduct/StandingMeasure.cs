using Dogana.Parties;

namespace Dogana.Conduct;

/// <summary>How far a measure has come on a channel: derived, never stored.</summary>
public enum MeasureReach
{
    /// <summary>It holds there.</summary>
    Holds = 1,

    /// <summary>The channel's seller still has time to decide.</summary>
    UnderReview = 2,

    /// <summary>The seller declined it: it does not hold.</summary>
    Declined = 3,

    /// <summary>The agreement does not carry it, and the seller has not adopted it: it does not hold.</summary>
    NotCarried = 4,

    /// <summary>It is approved and begins later.</summary>
    NotYet = 5,
}

/// <summary>A measure as an organisation meets it on one channel; the same for all that meet it alike.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Member">Is the organisation under it? By the owner's rule: <see cref="Certainty.Unknown"/> only where that rule leaves it open; never <see cref="Certainty.No"/>.</param>
/// <param name="Reach">Does it hold on the channel?</param>
/// <param name="ReachChangesAt">When that changes by itself (it begins, the review is over, it ends), or null.</param>
/// <param name="Channel">The channel.</param>
public sealed record StandingMeasure(Measure Measure, Certainty Member, MeasureReach Reach, DateTimeOffset? ReachChangesAt, string Channel)
{
    /// <summary>
    /// Why a call is refused by it: null unless it is a suspension or termination that holds for a certain member. It names no organisation of the family:
    /// the caller may not know who else belongs to it.
    /// </summary>
    /// <param name="organisation">The caller's organisation.</param>
    /// <param name="parties">For the owner's name.</param>
    public Problem? Refusal(string organisation, PartyTable parties)
    {
        ArgumentNullException.ThrowIfNull(parties);
        if (Reach != MeasureReach.Holds || Member != Certainty.Yes || Measure.Level is not (MeasureLevel.Suspend or MeasureLevel.Terminate))
        {
            return null;
        }

        var (code, done) = Measure.Level == MeasureLevel.Suspend ? (ProblemCode.Suspended, "suspended") : (ProblemCode.Terminated, "terminated");
        var models = Measure.Models[0] == Measure.All ? "the models" : $"the models {string.Join(", ", Measure.Models)}";
        var whom = organisation == Measure.Organisation ? "your organisation" : "your corporate family";
        return new Problem(
            code,
            $"Your organisation's use of {models} of {parties.Organisations[Measure.Owner].Name} is {done} since {Measure.StartsAt:yyyy-MM-dd}: {Measure.Reason} "
            + $"(measure {Measure.Id}, against {whom}, on the channel '{Channel}'). To object, write to the seller of this channel.");
    }
}
