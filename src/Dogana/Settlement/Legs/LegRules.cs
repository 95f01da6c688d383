using System.Globalization;
using System.Text.Json;
using Dogana.Parties;

namespace Dogana.Settlement.Legs;

/// <summary>What a leg must be to be settled.</summary>
internal static class LegRules
{
    /// <summary>Checks a leg by itself.</summary>
    /// <exception cref="ProblemException">It is invalid.</exception>
    public static void Check(ShareLeg leg, PartyTable parties)
    {
        var missing = !parties.Organisations.ContainsKey(leg.Payer) ? $"organisation '{leg.Payer}'"
            : !parties.Organisations.ContainsKey(leg.Payee) ? $"organisation '{leg.Payee}'"
            : leg.Channel is { } channel && !parties.Channels.ContainsKey(channel) ? $"channel '{channel}'" : null;
        var reason = missing is not null ? $"there is no {missing}. Declare it."
            : leg.Payer == leg.Payee ? "payer and payee are the same organisation. Name two."
            : leg.To <= leg.From ? "it ends before it begins. Give a 'to' after 'from', or none."
            : leg.Owner is not null && leg.Models.Count > 0 ? "it names an owner and models. Name one of the two: all of the owner's models, or these."
            : OfTiers(leg.Tiers) ?? OfAmounts(leg);
        if (reason is not null)
        {
            throw Refused(ProblemCode.InvalidRequest, $"{Label(leg)}: {reason}");
        }
    }

    /// <summary>Checks what is to become of a leg that has begun.</summary>
    /// <param name="leg">As it is wanted.</param>
    /// <param name="before">As it is.</param>
    /// <param name="sharedUntil">The end of the last service period that it has shared, or null.</param>
    /// <exception cref="ProblemException">More than its end would change, or it would end before what it has shared.</exception>
    public static void CheckBegun(ShareLeg leg, ShareLeg before, DateTimeOffset? sharedUntil)
    {
        if (Text(leg) != Text(before))
        {
            throw Refused(ProblemCode.Conflict, $"{Label(leg)} has begun. End it with 'to' and add another agreement from then on.");
        }

        if (leg.To is { } end && end != before.To && sharedUntil > end)
        {
            throw Refused(ProblemCode.Conflict, $"{Label(leg)} has shared what was used until {InstantText.Format(sharedUntil.Value)}. Let it end then, or later.");
        }

        static string Text(ShareLeg leg) => JsonSerializer.Serialize(leg with { To = null });
    }

    /// <summary>Of the same payer, payee, channel, model and currency one leg at a time: two would share the same line twice.</summary>
    /// <exception cref="ProblemException">Two are in force at once.</exception>
    public static void CheckOverlaps(IReadOnlyList<ShareLeg> legs, IReadOnlyDictionary<string, string> owners)
    {
        foreach (var group in legs.GroupBy(static leg => (leg.Payer, leg.Payee)))
        {
            var ordered = group.OrderBy(static leg => leg.From).ThenBy(static leg => leg.Name, StringComparer.Ordinal).ToArray();
            for (var later = 1; later < ordered.Length; later++)
            {
                for (var earlier = 0; earlier < later; earlier++)
                {
                    var (first, second) = (ordered[earlier], ordered[later]);
                    if ((first.To is not { } end || end > second.From) && IsShared(first.Channel, second.Channel) && IsShared(first.Currency?.Code, second.Currency?.Code)
                        && HaveModels(first, second, owners))
                    {
                        throw Refused(ProblemCode.Conflict, $"Share agreements '{first.Name}' and '{second.Name}' are in force at the same time for the same "
                            + "payer, payee and channel. End the first where the second begins, or earlier; or name other models or another currency.");
                    }
                }
            }
        }

        // One that names none is for all.
        static bool IsShared(string? one, string? other) => one is null || other is null || one == other;
    }

    private static bool HaveModels(ShareLeg one, ShareLeg other, IReadOnlyDictionary<string, string> owners)
    {
        if (one.IsForAllModels || other.IsForAllModels)
        {
            return true;
        }

        return one.Owner is not null && other.Owner is not null ? one.Owner == other.Owner
            : one.Owner is null && other.Owner is null ? one.Models.Intersect(other.Models, StringComparer.Ordinal).Any()
            : one.Models.Concat(other.Models).Any(model => owners.GetValueOrDefault(model) == (one.Owner ?? other.Owner));
    }

    private static string? OfTiers(IReadOnlyList<ShareTier> tiers)
    {
        if (tiers.FirstOrDefault(static tier => tier.BasisPoints is < 0 or > 10_000) is { } wrong)
        {
            return string.Create(CultureInfo.InvariantCulture, $"basis_points is {wrong.BasisPoints}; it must be 1 to 10000 (2000 is 20 %).");
        }

        if (tiers.All(static tier => tier.BasisPoints == 0))
        {
            return "a share of nothing is no share. Give a rate of 1 to 10000 basis points.";
        }

        var ends = tiers.Select(static tier => tier.UpTo).ToArray();
        var areRising = ends[^1] is null && ends[..^1].All(static end => end is { Amount: > 0 })
            && ends[..^1].Zip(ends[..^1].Skip(1)).All(static pair => pair.First!.Value.Amount < pair.Second!.Value.Amount);
        return areRising ? null : "its tiers do not rise. Give each but the last an 'up_to' above the one before, and the last none.";
    }

    private static string? OfAmounts(ShareLeg leg)
    {
        Money?[] amounts = [leg.Cap, leg.Guarantee?.Amount, .. leg.Tiers.Select(static tier => tier.UpTo)];
        var given = amounts.OfType<Money>().ToArray();
        return given.Length > 0 && leg.Currency is null ? "it has a cap, a minimum or tiers and no currency. Name it."
            : given.Any(amount => amount.Currency != leg.Currency) ? "its amounts are in another currency than it is. Write them in its own."
            : given.Any(static amount => amount.Amount <= 0 || amount.Round() != amount) ? "an amount is not above zero in whole minor units. Round it."
            : leg.Guarantee?.Period == GuaranteePeriod.Term && leg.To is null ? "its minimum is for its whole term, and it has no end. Give a 'to'."
            : null;
    }

    private static string Label(ShareLeg leg) => leg.Agreement == leg.Id ? $"Share agreement '{leg.Agreement}'" : $"Share agreement '{leg.Agreement}', leg '{leg.Id}',";

    private static ProblemException Refused(ProblemCode code, string message) => new(new Problem(code, message, "share_agreements"));
}
