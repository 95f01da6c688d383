using System.Collections.Concurrent;
using System.Collections.Frozen;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Markets;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Terms;

namespace Dogana.Admission;

/// <summary>
/// The one place that decides whether a call may be served: release and retirement, channel, end customer, standing, markets and terms, the strictest of them. Each combination of facts is decided once and then found again, without allocation. Thread-safe.
/// </summary>
public sealed class AdmissionTable
{
    /// <summary>The header that names the end customer of a call.</summary>
    public const string EndCustomerHeader = "Dogana-End-Customer";

    // Beyond so many combinations further ones are decided anew each time: correct, and slower.
    private const int KeptMax = 200_000;

    private static readonly Problem Hidden = new(ProblemCode.ModelNotFound, "The model does not exist or you do not have access to it.", "model");

    private readonly PartyTable _parties;
    private readonly OwnershipView _ownership;
    private readonly StandingTable _standing;
    private readonly MarketTable _markets;
    private readonly TermsTable _terms;
    private readonly ReleaseTable _releases;
    private readonly FrozenSet<(string Reseller, string EndCustomer)> _endCustomers;
    private readonly ConcurrentDictionary<AdmissionKey, AdmissionDecision> _kept = new();
    private int _keptCount; // the dictionary's own count takes all of its locks
    private readonly ConcurrentDictionary<string, string> _families = new(StringComparer.Ordinal);

    /// <summary>Joins the tables, all of the same instant.</summary>
    public AdmissionTable(
        PartyTable parties, OwnershipView ownership, StandingTable standing, MarketTable markets, TermsTable terms, ReleaseTable releases, DateTimeOffset? validUntil)
    {
        ArgumentNullException.ThrowIfNull(ownership);
        (_parties, _ownership, _standing, _markets, _terms, _releases, ValidUntil) = (parties, ownership, standing, markets, terms, releases, validUntil);
        _endCustomers = ownership.Statements.Where(static item => item is { Interest: InterestKind.EndCustomerOf, InterestedParty: not null } && item.InterestedParty != item.Subject)
            .Select(static item => (item.InterestedParty!, item.Subject)).ToFrozenSet();
    }

    /// <summary>The first instant at which other decisions hold, though nobody changes anything: something begins, ends, or is due; null for never.</summary>
    public DateTimeOffset? ValidUntil { get; }

    /// <summary>Reads everything that decides, as committed and as it holds at an instant.</summary>
    public static async Task<AdmissionTable> ReadAsync(StoreSession session, PartyTable parties, CatalogTable catalog, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(parties);
        var ownership = parties.Ownership.At(at);
        var standing = await StandingTable.ReadAsync(session, parties, at);
        var markets = new MarketTable(catalog, await MarketRules.ReadAsync(session), ownership, [.. parties.Organisations.Values], at);
        markets.Warm(); // who is owned from where is worked out before calls ask
        var terms = new TermsTable(await TermsRegister.ReadAsync(session), at);
        var releases = new ReleaseTable(catalog, ownership, at);
        var validUntil = new[] { parties.Ownership.NextChange(at), standing.NextChange, markets.NextChange(at), terms.NextChange(at), releases.NextChange }.Min();
        return new AdmissionTable(parties, ownership, standing, markets, terms, releases, validUntil);
    }

    /// <summary>The decision for a call with these facts.</summary>
    public AdmissionDecision Find(in AdmissionFacts facts)
    {
        // Whatever nobody knows is one name: a caller must not fill the table with inventions.
        var key = facts.EndCustomer is null || IsEndCustomer(facts) ? facts.Key : facts.Key with { EndCustomer = "" };
        if (_kept.TryGetValue(key, out var known))
        {
            return known;
        }

        var decision = Decide(facts);
        if (Volatile.Read(ref _keptCount) < KeptMax && _kept.TryAdd(key, decision))
        {
            Interlocked.Increment(ref _keptCount);
        }

        return decision;
    }

    /// <summary>The end customers that are on record for an organisation that resells.</summary>
    public IEnumerable<string> EndCustomersOf(string reseller) =>
        _endCustomers.Where(pair => pair.Reseller == reseller && _parties.Organisations.ContainsKey(pair.EndCustomer)).Select(static pair => pair.EndCustomer).Order(StringComparer.Ordinal);

    /// <summary>The name of an organisation's family, for what is shared fairly among families.</summary>
    public string FamilyOf(string organisation) => _families.GetOrAdd(organisation, _ownership.FamilyOf);

    /// <summary>Decides, without looking at what was decided before.</summary>
    public AdmissionDecision Decide(in AdmissionFacts facts)
    {
        var (project, channel, model) = (facts.Project, facts.Channel, facts.Model);
        var findings = new List<Finding>();

        // 1. The channel: may it sell the owner's models, and where may they run for it?
        var agreement = _parties.AgreementOn(model.Owner, channel.Id);
        if (channel.Seller != model.Owner && agreement is null)
        {
            findings.Add(Deny(ProblemCode.MarketNotSupported, $"channel {channel.Id}", $"The channel '{channel.Id}' has no agreement to sell the models of '{model.Owner}'."));
        }

        // 2. The end customer: for whom is it called?
        var customers = Customers(facts, agreement, findings);

        // 3. Standing of everybody concerned with the model's owner.
        var measures = new List<StandingMeasure>();
        foreach (var customer in customers)
        {
            JudgeStanding(facts, customer, findings, measures);
        }

        // 4. Markets: for everybody concerned, in every country that anything points to.
        var countries = Countries(facts, customers);
        var (regions, labels) = JudgeMarkets(facts, customers, countries, findings);

        // 5. Terms of use.
        var terms = _terms.Decide(project, channel.Id, model);
        findings.AddRange(terms.Findings);

        // 6. Release and retirement. Of a model that is not open to the call nothing else may be told: that comes first.
        var release = _releases.Decide(new ReleaseFacts(model, project.Id, channel.Id, [.. customers.Select(static customer => customer.Id)], countries));
        findings.InsertRange(0, release.Waves);
        var others = findings.OrderByDescending(static finding => finding.Verdict).ToList();

        // 7. The strictest counts; what stays undecided is enough to refuse a restricted model.
        var ordered = release.Retirement is { } retirement ? [.. others.Append(retirement).OrderByDescending(static finding => finding.Verdict)] : others;
        return new AdmissionDecision
        {
            Verdict = ordered.Count == 0 ? Verdict.Allow : ordered[0].Verdict,
            Refusal = Refuse(ordered, model),
            OpenCallRefusal = Refuse(others, model),
            Deprecation = release.Deprecation,
            Findings = ordered,
            Measures = [.. measures.OrderByDescending(static item => item.Measure.Hardness).DistinctBy(static item => item.Measure.Id, StringComparer.Ordinal)],
            Upstreams = agreement?.Upstreams?.ToFrozenSet(StringComparer.Ordinal),
            Regions = regions?.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            Labels = labels.Count == 0 ? null : string.Join(", ", labels),
            MayLog = terms.MayLog,
        };
    }

    private static Problem? Refuse(List<Finding> ordered, Model model) => ordered is not [var strictest, ..] ? null
        : strictest.Verdict == Verdict.Allow || (strictest.Verdict == Verdict.Unknown && !model.IsRestricted) ? null
        : strictest.Code == ProblemCode.ModelNotFound ? Hidden // why is for the operator
        : new Problem(strictest.Code ?? ProblemCode.Forbidden, strictest.Text);

    private void JudgeStanding(in AdmissionFacts facts, Organisation customer, List<Finding> findings, List<StandingMeasure> measures)
    {
        foreach (var standing in _standing.Find(customer.Id, facts.Model.Owner, facts.Model.Id, facts.Channel.Id))
        {
            var rule = $"measure {standing.Measure.Id}";
            if (standing.Refusal(customer.Id, _parties) is { } refusal)
            {
                findings.Add(Deny(refusal.Code, rule, refusal.Message));
            }
            else if (standing.Measure.Level is MeasureLevel.Suspend or MeasureLevel.Terminate)
            {
                findings.Add(Unknown(
                    ProblemCode.StandingUnknown, rule,
                    $"Whether your organisation belongs to a corporate family whose use of the models of {_parties.Organisations[facts.Model.Owner].Name} ended is not known. "
                    + "To clear it up, tell the seller of this channel who owns you."));
            }
            else if (standing.Member == Certainty.Yes)
            {
                measures.Add(standing);
            }
        }
    }

    // Whom a call may be for: the operator made a key for it, or a statement says that it is an end customer of the project's organisation.
    private bool IsEndCustomer(in AdmissionFacts facts) => facts.EndCustomer is { } named && named != facts.Project.Organisation && _parties.Organisations.ContainsKey(named)
        && (facts.Naming == EndCustomerNaming.Key || _endCustomers.Contains((facts.Project.Organisation, named)));

    // The organisation that buys, and the one that it buys for. Whoever is named is judged, also where the agreement would have it named otherwise.
    private List<Organisation> Customers(in AdmissionFacts facts, Agreement? agreement, List<Finding> findings)
    {
        var customers = new List<Organisation> { _parties.Organisations[facts.Project.Organisation] };
        var isKnown = IsEndCustomer(facts);
        if (isKnown)
        {
            customers.Add(_parties.Organisations[facts.EndCustomer!]);
        }

        var isTaken = agreement is null || agreement.EndCustomers.HasFlag(facts.Naming);
        if (facts.EndCustomer is null ? facts.Project.Resells : !isKnown || !isTaken)
        {
            var ways = agreement?.EndCustomers switch
            {
                EndCustomerNaming.Key => "use a key that was made for one end customer",
                EndCustomerNaming.Header => $"send its id in the header {EndCustomerHeader}",
                _ => $"send its id in the header {EndCustomerHeader}, or use a key that was made for it",
            };
            var what = facts.EndCustomer is null ? "resells, and the call does not name its end customer"
                : isKnown ? "names its end customer otherwise than the agreement has it"
                : "names an end customer that is not on record as one of its own";
            findings.Add(Unknown(ProblemCode.EndCustomerRequired, "end_customer", $"The project '{facts.Project.Id}' {what}: {ways}."));
        }

        return customers;
    }

    // Where a call comes from: the project's contract, the end customer, and the caller's address; the strictest wins.
    private static List<string> Countries(in AdmissionFacts facts, List<Organisation> customers)
    {
        var countries = new List<string>();
        foreach (var country in (ReadOnlySpan<string?>)[facts.Project.Country ?? customers[0].Country, customers.Count > 1 ? customers[1].Country : null, facts.AddressCountry])
        {
            if (country is not null && !countries.Contains(country, StringComparer.Ordinal))
            {
                countries.Add(country);
            }
        }

        return countries;
    }

    private (IReadOnlyList<string>? Regions, List<string> Labels) JudgeMarkets(in AdmissionFacts facts, List<Organisation> customers, List<string> countries, List<Finding> findings)
    {
        var uses = _terms.UsesOf(facts.Project.Id);
        IReadOnlyList<string>? regions = null;
        var labels = new List<string>();
        foreach (var customer in customers)
        {
            foreach (var country in countries)
            {
                var decision = _markets.Decide(new MarketFacts(country, customer.Id, facts.Channel.Id, facts.Model, uses));
                findings.AddRange(decision.Findings);
                regions = decision.Regions is null ? regions
                    : regions is null ? decision.Regions
                    : [.. regions.Intersect(decision.Regions, StringComparer.OrdinalIgnoreCase)];
                labels.AddRange(decision.Labels.Except(labels, StringComparer.Ordinal));
            }
        }

        if (regions is [])
        {
            findings.Add(Deny(ProblemCode.MarketNotSupported, "market_rules", $"There is no region in which '{facts.Model.Id}' could run: the rules that require one exclude each other."));
        }

        return (regions, labels);
    }

    private static Finding Deny(ProblemCode code, string rule, string text) => new(Verdict.Deny, rule, text) { Code = code };

    private static Finding Unknown(ProblemCode code, string rule, string text) => new(Verdict.Unknown, rule, text) { Code = code };
}
