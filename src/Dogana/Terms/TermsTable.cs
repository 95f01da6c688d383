using System.Collections.Frozen;
using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Terms;

/// <summary>What the usage terms say of a call.</summary>
/// <param name="Verdict">May it be served?</param>
/// <param name="Findings">Each version, acceptance and exception that matters, the decisive one first; empty where no terms are declared.</param>
/// <param name="MayLog">May prompts and answers be kept or traced, where the project asks for it?</param>
public sealed record TermsDecision(Verdict Verdict, IReadOnlyList<Finding> Findings, bool MayLog);

/// <summary>All terms, acceptances, exceptions and declared uses at one instant, immutable and thread-safe.</summary>
/// <remarks>
/// All terms that cover a model on a channel must be satisfied. Who has not accepted the newest version whose time to accept has passed, or a newer one, is
/// refused. A version holds for an organisation when nobody need accept it, when the time to accept it has passed, or when the organisation accepted it or a
/// newer one; the newest version in force that holds says what is allowed. Who is in the first version's time to accept is under that version already:
/// there is none before it.
/// </remarks>
public sealed class TermsTable
{
    private readonly TermsOnRecord _record;
    private readonly DateTimeOffset _at;
    private readonly ILookup<string, UsageTerms> _byOwner;
    private readonly FrozenDictionary<(string Terms, string Organisation), DateTimeOffset> _accepted;
    private readonly ILookup<(string Terms, string Organisation), LicenceGrant> _exceptions;
    private readonly FrozenDictionary<string, string[]> _uses;

    /// <summary>Builds the table of what holds at an instant.</summary>
    public TermsTable(TermsOnRecord record, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(record);
        (_record, _at) = (record, at);
        var effective = record.Terms.SelectMany(static terms => terms.Versions).ToDictionary(static version => (version.Terms, version.Version), static version => version.EffectiveFrom);
        _byOwner = record.Terms.ToLookup(static terms => terms.Owner, StringComparer.Ordinal);

        // Whatever its instant: it was recorded by another node's clock, and must not be lost where that one is ahead.
        _accepted = record.Acceptances.GroupBy(static item => (item.Terms, item.Organisation))
            .ToFrozenDictionary(static group => group.Key, group => group.Max(item => effective[(item.Terms, item.Version)]));
        _exceptions = record.Exceptions.Where(item => item.IsInForce(at)).ToLookup(static item => (item.Terms, item.Organisation));
        _uses = record.Uses.Where(item => item.IsInForce(at)).GroupBy(static item => item.Project, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => group.Select(static item => item.Use).Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>What a project declared that it uses models for; empty when it declared nothing.</summary>
    public IReadOnlyList<string> UsesOf(string project) => _uses.GetValueOrDefault(project) ?? [];

    /// <summary>The first instant after this one at which something else holds, or null. An acceptance is a change of the store.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset at) => _record.Terms.SelectMany(static terms => terms.Versions)
        .SelectMany(static version => new[] { version.EffectiveFrom, version.AcceptBy })
        .Concat(_record.Exceptions.SelectMany(static item => new[] { item.From, item.To }))
        .Concat(_record.Uses.Select(static item => item.To))
        .Where(instant => instant > at).Min();

    /// <summary>Decides whether an organisation may use a model in a project on a channel.</summary>
    public TermsDecision Decide(Project project, string channel, Model model)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(model);
        var (findings, mayLog) = (new List<Finding>(), true);
        foreach (var terms in _byOwner[model.Owner].Where(terms => terms.CoversChannel(channel) && terms.CoversModel(model.Id)))
        {
            // 1. Of the versions in force: did the organisation accept what it must?
            TermsVersion[] inForce = [.. terms.Versions.Where(version => version.EffectiveFrom <= _at).OrderByDescending(static version => version.EffectiveFrom)];
            if (inForce.Length == 0)
            {
                continue;
            }

            findings.AddRange(Acceptances(terms, inForce, project.Organisation));

            // 2. Which version says what is allowed?
            var holding = Array.Find(inForce, version => version.AcceptBy is not { } by || by <= _at || HasAccepted(project.Organisation, version)) ?? inForce[^1];
            mayLog &= holding.Log;
            findings.AddRange(Uses(holding, project, model));
        }

        Finding[] ordered = [.. findings.OrderByDescending(static finding => finding.Verdict)];
        return new TermsDecision(ordered.Length == 0 ? Verdict.Allow : ordered[0].Verdict, ordered, mayLog);
    }

    private bool HasAccepted(string organisation, TermsVersion version) =>
        _accepted.TryGetValue((version.Terms, organisation), out var newest) && newest >= version.EffectiveFrom;

    private IEnumerable<Finding> Acceptances(UsageTerms terms, TermsVersion[] inForce, string organisation)
    {
        var how = $"Accept with: dogana terms accept {terms.Id} --organisation {organisation} --by \"Name, role\", or POST /admin/v1/terms/{terms.Id}/acceptances.";
        if (Array.Find(inForce, version => version.AcceptBy <= _at) is { } required && !HasAccepted(organisation, required))
        {
            yield return new Finding(
                Verdict.Deny, required.Name,
                $"'{organisation}' has not accepted the version {required.Version} of {terms.Name}{Text(required)}, which had to be accepted by {required.AcceptBy:u}. {how}")
            {
                Code = ProblemCode.TermsNotAccepted,
            };
        }

        // The next version that will be asked for; those before it are covered by accepting it.
        if (Array.FindAll(inForce, version => version.AcceptBy > _at && !HasAccepted(organisation, version)) is [_, ..] open)
        {
            var next = open.MinBy(static version => version.AcceptBy)!;
            yield return new Finding(
                Verdict.Allow, next.Name, $"The version {next.Version} of {terms.Name}{Text(next)} must be accepted before {next.AcceptBy:u}; until then calls go on. {how}");
        }
    }

    private List<Finding> Uses(TermsVersion version, Project project, Model model)
    {
        if (!version.Serve)
        {
            return [Refused(version, $"The terms do not permit that '{model.Id}' is served.")];
        }

        var findings = new List<Finding>();
        foreach (var use in UsesOf(project.Id))
        {
            var missing = Needs(use) & ~Granted(version);
            if (missing == LicenceScope.None)
            {
                continue;
            }

            var exceptions = _exceptions[(version.Terms, project.Organisation)].Where(item => (item.Grants & missing) != LicenceScope.None).ToArray();
            findings.AddRange(exceptions.Select(item => new Finding(Verdict.Allow, $"licence_exception {item.Id}", $"The use '{use}' rests on a licence exception of '{project.Organisation}'.")));
            if (exceptions.Aggregate(missing, static (left, item) => left & ~item.Grants) != LicenceScope.None)
            {
                findings.Add(Refused(version, $"The terms do not permit the use '{use}' of '{model.Id}', which the project '{project.Id}' declared. Ask for a licence exception, or end the use."));
            }
        }

        if (findings.TrueForAll(static finding => finding.Verdict == Verdict.Allow))
        {
            findings.Add(new Finding(Verdict.Allow, version.Name, $"The terms permit the use of '{model.Id}'{(version.Log ? "" : "; prompts and answers must not be kept")}."));
        }

        return findings;
    }

    private static LicenceScope Needs(string use) => use switch
    {
        UseWords.Evaluation => LicenceScope.Evaluate,
        UseWords.Training => LicenceScope.Train,
        UseWords.Distillation => LicenceScope.Train | LicenceScope.Compete,
        _ => LicenceScope.None,
    };

    private static LicenceScope Granted(TermsVersion version) =>
        (version.Evaluate ? LicenceScope.Evaluate : LicenceScope.None) | (version.Train ? LicenceScope.Train : LicenceScope.None) | (version.AllowsCompetingModels ? LicenceScope.Compete : LicenceScope.None);

    private static Finding Refused(TermsVersion version, string text) => new(Verdict.Deny, version.Name, text) { Code = ProblemCode.UseNotPermitted };

    private static string Text(TermsVersion version) => version.TextUrl is { } url ? $" ({url})" : "";
}
