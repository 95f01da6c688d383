using Dogana.Parties;

namespace Dogana.Conduct.Reaching;

/// <summary>One organisation under a measure: as an affiliate, or on record only.</summary>
internal sealed class Member
{
    private readonly Measure _measure;
    private readonly Affiliate? _affiliate;
    private readonly MeasureMember? _recorded;

    public Member(Measure measure, Affiliate affiliate, Certainty certainty) =>
        (_measure, _affiliate, Organisation, Certainty) = (measure, affiliate, affiliate.Party, certainty);

    public Member(Measure measure, MeasureMember recorded) => (_measure, _recorded, Organisation, Certainty) = (measure, recorded, recorded.Organisation, Certainty.Yes);

    /// <summary>Which.</summary>
    public string Organisation { get; }

    /// <summary>By the owner's rule; never No.</summary>
    public Certainty Certainty { get; }

    /// <summary>Why, in words. Made when it is asked for: reasons of ownership cost a search, and nothing that serves calls reads them.</summary>
    public string Basis() =>
        _recorded is not null ? $"{_recorded.Basis}; on record since {_recorded.AddedAt:yyyy-MM-dd}, certain no longer"
        : Organisation == _measure.Organisation ? "the measure is against it"
        : _affiliate!.Why.Count == 0 ? "of its corporate family"
        : string.Join("; ", _affiliate.Why.Select(static link => $"{link.Controller} → {link.Controlled}: {link.Basis}"));
}

/// <summary>Who is under a measure: the affiliates of this instant, and those on record who were not released.</summary>
internal sealed class Membership(OwnershipView view, IEnumerable<MeasureMember> recorded)
{
    private readonly ILookup<string, MeasureMember> _recorded = recorded.Where(static member => member.ReleasedAt is null)
        .ToLookup(static member => member.Measure, StringComparer.Ordinal);

    // Several measures are often against one organisation; large families are not kept for more than one.
    private (string Organisation, string Rule, IReadOnlyDictionary<string, Affiliate> Affiliates)? _last;

    /// <summary>Measures in an order in which those whose affiliates are the same follow each other.</summary>
    public IEnumerable<Measure> Ordered(IEnumerable<Measure> measures) => measures
        .OrderBy(static measure => measure.Organisation, StringComparer.Ordinal)
        .ThenBy(measure => view.RuleFor(measure.Owner).Id, StringComparer.Ordinal);

    /// <summary>The members of a measure, by organisation.</summary>
    public IReadOnlyDictionary<string, Member> Of(Measure measure)
    {
        var rule = view.RuleFor(measure.Owner);
        if (_last is not { } last || last.Organisation != measure.Organisation || last.Rule != rule.Id)
        {
            _last = last = (measure.Organisation, rule.Id, view.AffiliatesOf(measure.Organisation, rule));
        }

        return Of(measure, rule, last.Affiliates, _recorded[measure.Id]);
    }

    internal static IReadOnlyDictionary<string, Member> Of(
        Measure measure, ControlRule rule, IReadOnlyDictionary<string, Affiliate> affiliates, IEnumerable<MeasureMember> recorded)
    {
        var members = affiliates.Values.Select(item => new Member(measure, item, rule.Resolve(item.Certainty)))
            .Where(static member => member.Certainty != Certainty.No)
            .ToDictionary(static member => member.Organisation, StringComparer.Ordinal);
        foreach (var member in recorded)
        {
            if (members.GetValueOrDefault(member.Organisation) is not { Certainty: Certainty.Yes })
            {
                members[member.Organisation] = new Member(measure, member);
            }
        }

        return members;
    }
}
