using Dogana.Parties;

namespace Dogana.Conduct.Reaching;

/// <summary>One organisation under a measure.</summary>
/// <param name="Organisation">Which.</param>
/// <param name="Certainty">By the owner's rule; never No.</param>
/// <param name="Basis">Why, in words.</param>
/// <param name="IsAffiliate">Is it an affiliate at this instant, or a member on record only?</param>
internal sealed record Member(string Organisation, Certainty Certainty, string Basis, bool IsAffiliate);

/// <summary>Who is under a measure: the affiliates of this instant, and those on record who were not released.</summary>
internal sealed class Membership(OwnershipView view, IEnumerable<MeasureMember> recorded)
{
    private readonly ILookup<string, MeasureMember> _recorded = recorded.Where(static member => member.ReleasedAt is null)
        .ToLookup(static member => member.Measure, StringComparer.Ordinal);

    // Several measures are often against one organisation.
    private readonly Dictionary<(string Organisation, string Rule), IReadOnlyDictionary<string, Affiliate>> _affiliates = [];

    /// <summary>The members of a measure.</summary>
    public IReadOnlyCollection<Member> Of(Measure measure)
    {
        var rule = view.RuleFor(measure.Owner);
        if (!_affiliates.TryGetValue((measure.Organisation, rule.Id), out var affiliates))
        {
            _affiliates.Add((measure.Organisation, rule.Id), affiliates = view.AffiliatesOf(measure.Organisation, rule));
        }

        return Of(measure, rule, affiliates, _recorded[measure.Id]);
    }

    internal static IReadOnlyCollection<Member> Of(
        Measure measure, ControlRule rule, IReadOnlyDictionary<string, Affiliate> affiliates, IEnumerable<MeasureMember> recorded)
    {
        var members = affiliates.Values.Select(item => new Member(item.Party, rule.Resolve(item.Certainty), BasisOf(measure, item), IsAffiliate: true))
            .Where(static member => member.Certainty != Certainty.No)
            .ToDictionary(static member => member.Organisation, StringComparer.Ordinal);
        foreach (var member in recorded)
        {
            if (members.GetValueOrDefault(member.Organisation) is not { Certainty: Certainty.Yes })
            {
                var since = $"{member.Basis}; on record since {member.AddedAt:yyyy-MM-dd}, certain no longer";
                members[member.Organisation] = new Member(member.Organisation, Certainty.Yes, since, IsAffiliate: false);
            }
        }

        return members.Values;
    }

    private static string BasisOf(Measure measure, Affiliate affiliate) =>
        affiliate.Party == measure.Organisation ? "the measure is against it"
        : affiliate.Why.Count == 0 ? "of its corporate family"
        : string.Join("; ", affiliate.Why.Select(static link => $"{link.Controller} → {link.Controlled}: {link.Basis}"));
}
