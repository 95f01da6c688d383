using Dogana.Settlement;

namespace Dogana.Insight.WhatIf;

/// <summary>A leg, and what is known of it.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Position">How it stands, in the currency of its tiers and cap.</param>
/// <param name="BasisPart">What of the revenue that it covers was its basis of late: 1 where all was, in its currency and by what was collected.</param>
/// <param name="ToLeg">A report's amount in the leg's currency.</param>
/// <param name="FromLeg">The other way round.</param>
internal sealed record PlannedLeg(ShareLeg Leg, LegPosition Position, decimal BasisPart, Func<Money, Money> ToLeg, Func<Money, Money> FromLeg);

/// <summary>What a leg gives month by month, by the rule of <see cref="ShareRating"/>: its tiers and its cap go on from where they stand. A pure function.</summary>
/// <param name="Planned">The leg.</param>
/// <param name="Basis">Month by month, in the report's currency.</param>
/// <param name="Share">Likewise.</param>
/// <param name="CapLeft">What is left of the cap after the last month, in the leg's currency; null without one.</param>
/// <param name="CapReached">The month, from 0, at whose end nothing is left of it; -1 where that was so before; null where it is not.</param>
internal sealed record LegPath(PlannedLeg Planned, IReadOnlyList<Money> Basis, IReadOnlyList<Money> Share, Money? CapLeft, int? CapReached)
{
    /// <summary>The path of a leg.</summary>
    /// <param name="plan">What is expected.</param>
    /// <param name="planned">The leg.</param>
    /// <param name="covered">The revenue that it covers, month by month.</param>
    /// <param name="rates">What rates it gets, and when.</param>
    public static LegPath Of(RevenuePlan plan, PlannedLeg planned, IReadOnlyList<decimal> covered, IEnumerable<ScenarioChange.Share> rates)
    {
        var (leg, position) = (planned.Leg, planned.Position);
        var uncapped = leg with { Cap = null };
        var (basis, sum) = (position.Basis, ShareRating.Target(uncapped, position.Basis, position.TrueUps));
        var (reached, given) = (Left()?.IsZero == true ? -1 : (int?)null, Given());
        var changes = rates.OrderBy(static rate => rate.From).ToArray();
        var (bases, shares) = (new List<Money>(), new List<Money>());
        for (var month = 0; month < plan.Months; month++)
        {
            var amount = leg.IsInForce(plan.Start(month + 1).AddMicroseconds(-1)) ? plan.Round(covered[month] * planned.BasisPart) : 0m;
            foreach (var (part, rate) in Parts(plan, month, changes))
            {
                var added = planned.ToLeg(new Money(plan.Round(amount * part), plan.Currency)).Round();
                sum += rate is { } percent ? new Money(added.Amount * percent / 100, added.Currency).Round()
                    : ShareRating.Target(uncapped, basis + added, position.TrueUps) - ShareRating.Target(uncapped, basis, position.TrueUps);
                basis += added;
            }

            reached ??= Left()?.IsZero == true ? month : null;
            bases.Add(new Money(amount, plan.Currency));
            shares.Add(planned.FromLeg(Given() - given).Round());
            given = Given();
        }

        return new LegPath(planned, bases, shares, Left(), reached);

        Money Given() => leg.Cap is { } cap && sum > cap - position.TrueUps ? cap - position.TrueUps : sum;

        Money? Left() => leg.Cap is { } cap ? cap - position.TrueUps - Given() : null;
    }

    /// <summary>Is revenue of a cell in the basis of a leg?</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="seller">Whose documents they are.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="model">The model; empty for none.</param>
    /// <param name="owner">The model's owner.</param>
    public static bool Covers(ShareLeg leg, string seller, string channel, string model, string? owner) =>
        (leg.Channel is null ? seller == leg.Payer : channel == leg.Channel)
        && (leg.IsForAllModels || (model.Length > 0 && (leg.Models.Contains(model, StringComparer.Ordinal) || (leg.Owner is not null && leg.Owner == owner))));

    // A month in spans between changes of the rate, each with its part of the month's time and its rate; null for the leg's own.
    private static IEnumerable<(decimal Part, decimal? Rate)> Parts(RevenuePlan plan, int month, IReadOnlyList<ScenarioChange.Share> changes)
    {
        var (from, rate) = (0m, (decimal?)null);
        foreach (var change in changes)
        {
            var until = plan.Before(month, change.From);
            if (until > from)
            {
                yield return (until - from, rate);
            }

            (from, rate) = (until, until < 1 ? change.Percent : rate);
        }

        if (from < 1)
        {
            yield return (1 - from, rate);
        }
    }
}
