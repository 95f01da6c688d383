using Dogana.Admission;
using Dogana.Conduct;
using Dogana.Markets;
using Dogana.Parties;

namespace Dogana.Testing.StandingOracle;

/// <summary>Decides calls by the definitions alone, one rule after the other; families by <see cref="Oracle"/>. Shares nothing with the product but its records.</summary>
internal sealed class OracleJudge(OracleWorld world, DateTimeOffset at)
{
    private readonly Dictionary<(string, ControlRule), IReadOnlyDictionary<string, Certainty>> _affiliates = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, Certainty>> _ownedFrom = new(StringComparer.Ordinal);

    /// <summary>The verdict, whether the call is refused, and the ids of the milder measures that hold.</summary>
    public (Verdict Verdict, bool IsRefused, string Measures) Judge(AdmissionFacts facts)
    {
        var (verdicts, measures) = (new List<Verdict> { Verdict.Allow }, new SortedSet<string>(StringComparer.Ordinal));
        var agreement = world.Parties.Agreements.FirstOrDefault(item => item.Owner == facts.Model.Owner && item.Channel == facts.Channel.Id);
        if (agreement is null && facts.Channel.Seller != facts.Model.Owner)
        {
            verdicts.Add(Verdict.Deny);
        }

        // For whom?
        var customers = new List<Organisation> { world.Parties.Organisations[facts.Project.Organisation] };
        var endCustomer = facts.EndCustomer == customers[0].Id ? null : world.Graph.Organisations.FirstOrDefault(item => item.Id == facts.EndCustomer);
        if (facts.Naming == EndCustomerNaming.Header && !world.Graph.Statements.Any(item => item.Interest == InterestKind.EndCustomerOf
            && item.Subject == facts.EndCustomer && item.InterestedParty == customers[0].Id && !(item.From > at) && !(item.To <= at)))
        {
            endCustomer = null; // nobody says that it is one of theirs
        }

        var isTaken = agreement is null || (agreement.EndCustomers & facts.Naming) == facts.Naming;
        if (facts.EndCustomer is null ? facts.Project.Resells : endCustomer is null || !isTaken)
        {
            verdicts.Add(Verdict.Unknown);
        }

        if (endCustomer is not null)
        {
            customers.Add(endCustomer);
        }

        // Under which measures?
        foreach (var measure in world.Measures)
        {
            if (measure.Owner != facts.Model.Owner || !(measure.Models[0] == "*" || measure.Models.Contains(facts.Model.Id, StringComparer.Ordinal)) || !Holds(measure, facts.Channel, agreement))
            {
                continue;
            }

            foreach (var customer in customers)
            {
                var member = MemberOf(measure, customer.Id);
                if (measure.Level is MeasureLevel.Suspend or MeasureLevel.Terminate)
                {
                    verdicts.Add(member switch { Certainty.Yes => Verdict.Deny, Certainty.Unknown => Verdict.Unknown, _ => Verdict.Allow });
                }
                else if (member == Certainty.Yes)
                {
                    measures.Add(measure.Id);
                }
            }
        }

        // In which markets?
        var countries = new[] { facts.Project.Country ?? customers[0].Country, customers.Count > 1 ? customers[1].Country : null, facts.AddressCountry };
        var places = new List<IReadOnlyList<string>>();
        verdicts.AddRange(
            from customer in customers
            from country in countries
            where country is not null
            select Market(facts, customer.Id, country, places));
        if (!OracleWorld.Regions.Any(region => places.All(list => list.Contains(region, StringComparer.Ordinal))))
        {
            verdicts.Add(Verdict.Deny);
        }

        var verdict = verdicts.Max();
        return (verdict, verdict == Verdict.Deny || (verdict == Verdict.Unknown && facts.Model.IsRestricted), string.Join(' ', measures));
    }

    private bool Holds(Measure measure, Channel channel, Agreement? agreement)
    {
        var isInForce = measure.RejectedAt is null && measure.ApprovedAt is not null && measure.LiftedAt is null && measure.StartsAt <= at && (measure.EndsAt is not { } end || at < end);
        if (!isInForce || !(measure.Channels[0] == "*" || measure.Channels.Contains(channel.Id, StringComparer.Ordinal)))
        {
            return false;
        }

        if (channel.Seller == measure.Owner || agreement is null || agreement.Measures == MeasureFlow.Binding)
        {
            return true;
        }

        var decision = world.Decisions.FirstOrDefault(item => item.Measure == measure.Id && item.Channel == channel.Id)?.Decision;
        return decision == ChannelDecision.Adopt || (decision is null && agreement.Measures == MeasureFlow.Review && at >= measure.StartsAt + agreement.ReviewTime!.Value);
    }

    private Certainty MemberOf(Measure measure, string organisation)
    {
        if (world.Members.Any(item => item.Measure == measure.Id && item.Organisation == organisation && item.ReleasedAt is null))
        {
            return Certainty.Yes;
        }

        var rule = RuleOf(measure.Owner);
        return Resolve(rule, Affiliates(measure.Organisation, rule).GetValueOrDefault(organisation, Certainty.No));
    }

    private ControlRule RuleOf(string owner)
    {
        var rules = world.Graph.Rules.OrderBy(static item => item.Id, StringComparer.Ordinal).ToArray(); // none has a date: the first by its id
        return rules.FirstOrDefault(item => item.Owner == owner) ?? rules.FirstOrDefault(static item => item.Owner is null) ?? ControlRule.Default;
    }

    private Verdict Market(AdmissionFacts facts, string customer, string country, List<IReadOnlyList<string>> places)
    {
        var isMarket = world.Catalog.Markets.TryGetValue(country, out var market) && Names(market.Models, facts.Model.Id) && Names(market.Channels, facts.Channel.Id);
        var matches = world.Rules.Where(item => !(item.From > at) && !(item.To <= at)).Select(item => (Rule: item, Match: Match(item, facts, customer, country))).ToArray();
        var isAllowed = isMarket || matches.Any(static item => item.Rule.Effect == MarketEffect.Allow && item.Match == Certainty.Yes);
        var mayBeAllowed = matches.Any(static item => item.Rule.Effect == MarketEffect.Allow && item.Match == Certainty.Unknown);
        var verdicts = new List<Verdict> { isAllowed ? Verdict.Allow : mayBeAllowed ? Verdict.Unknown : Verdict.Deny };
        verdicts.AddRange(matches.Where(static item => item.Rule.Effect == MarketEffect.Deny)
            .Select(static item => item.Match switch { Certainty.Yes => Verdict.Deny, Certainty.Unknown => Verdict.Unknown, _ => Verdict.Allow }));

        // Where it must run: where every rule of every country asks for, which may be nowhere.
        var regions = matches.Where(item => item.Rule.Regions is not null && (item.Rule.Effect == MarketEffect.Require
                ? item.Match != Certainty.No
                : item.Rule.Effect == MarketEffect.Allow && item.Match == (isAllowed ? Certainty.Yes : Certainty.Unknown)))
            .Select(static item => item.Rule.Regions!).ToArray();
        places.AddRange(regions);
        return verdicts.Max();
    }

    private Certainty Match(MarketRule rule, AdmissionFacts facts, string customer, string country)
    {
        if (!Has(rule.Countries, country) || !Has(rule.Models, facts.Model.Id) || !Has(rule.Owners, facts.Model.Owner) || !Has(rule.Channels, facts.Channel.Id))
        {
            return Certainty.No;
        }

        var control = rule.ControlRule is null ? ControlRule.Default : world.Graph.Rules.FirstOrDefault(item => item.Id == rule.ControlRule);
        var conditions = new List<Certainty> { rule.Uses is null ? Certainty.Yes : Certainty.Unknown }; // nobody declared a use
        if (rule.OwnedFrom is not null)
        {
            conditions.Add(control is null ? Certainty.Unknown : Resolve(control, OwnedFrom(rule, control).GetValueOrDefault(customer, Certainty.No)));
        }

        if (rule.OwnModel is { } own)
        {
            var isOwn = control is null ? Certainty.Unknown : Resolve(control, Affiliates(customer, control).GetValueOrDefault(facts.Model.Owner, Certainty.No));
            conditions.Add(own || isOwn == Certainty.Unknown ? isOwn : isOwn == Certainty.Yes ? Certainty.No : Certainty.Yes);
        }

        return conditions.Min();
    }

    private IReadOnlyDictionary<string, Certainty> OwnedFrom(MarketRule rule, ControlRule control)
    {
        if (!_ownedFrom.TryGetValue(rule.Id, out var owned))
        {
            string[] heads = [.. world.Graph.Organisations.Where(item => rule.OwnedFrom!.Contains(item.Country, StringComparer.Ordinal)).Select(static item => item.Id)];
            _ownedFrom[rule.Id] = owned = Oracle.Controlled(world.Graph, heads, control, at);
        }

        return owned;
    }

    private IReadOnlyDictionary<string, Certainty> Affiliates(string party, ControlRule rule)
    {
        if (!_affiliates.TryGetValue((party, rule), out var affiliates))
        {
            _affiliates[(party, rule)] = affiliates = Oracle.Affiliates(world.Graph, party, rule, at);
        }

        return affiliates;
    }

    private static Certainty Resolve(ControlRule rule, Certainty known) => known != Certainty.Unknown ? known : rule.Unknown switch
    {
        UnknownControl.Include => Certainty.Yes,
        UnknownControl.Exclude => Certainty.No,
        _ => Certainty.Unknown,
    };

    private static bool Has(IReadOnlyList<string>? list, string id) => list is null || list.Contains(id, StringComparer.Ordinal);

    private static bool Names(IReadOnlyList<string> list, string id) => list.Contains("*", StringComparer.Ordinal) || list.Contains(id, StringComparer.Ordinal);
}
