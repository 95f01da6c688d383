using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Dogana.Filtering.Matching;

namespace Dogana.Filtering;

/// <summary>The policies that apply to a call, together: whatever one of them withholds is withheld. Immutable; thread-safe.</summary>
public sealed class AppliedFilter
{
    private readonly IReadOnlyList<FilterPolicy> _policies;
    private readonly Dictionary<FilterSource, (FilterPolicy Policy, FilterListUse Use, BlockListMatcher Matcher)[]> _lists;

    internal AppliedFilter(IReadOnlyList<FilterPolicy> policies, FrozenDictionary<string, BlockListMatcher> lists, FrozenDictionary<string, FilterProvider> providers)
    {
        _policies = policies;
        _lists = Enum.GetValues<FilterSource>().ToDictionary(static source => source, source => policies
            .SelectMany(policy => policy.BlockLists.Where(use => use.Source == source && lists.ContainsKey(use.BlockList)).Select(use => (policy, use, lists[use.BlockList]))).ToArray());
        Providers = [.. policies.Where(static policy => policy.Rules.Count > 0).Select(policy => policy.Provider is null ? null : providers.GetValueOrDefault(policy.Provider)).Distinct()];
    }

    /// <summary>Is a stream's text held back until it was looked at?</summary>
    public bool IsBuffered => _policies.Any(static policy => policy.Mode == FilterMode.Buffered);

    /// <summary>Is a text withheld that could not be looked at?</summary>
    public bool FailsClosed => _policies.Any(static policy => policy.OnFailure == FilterFailure.Closed);

    /// <summary>Do answers say what was found, whichever API was called?</summary>
    public bool AnnotatesAlways => _policies.Any(static policy => policy.AnnotatesAlways);

    /// <summary>Who classifies; null stands for the classifier in this process. All of them are asked, and the highest severity counts.</summary>
    public IReadOnlyList<FilterProvider?> Providers { get; }

    /// <summary>The policies, as counts name them: joined by a plus sign.</summary>
    public string Name => string.Join('+', _policies.Select(static policy => policy.Id));

    /// <summary>A hash of all that decides what they find and withhold, this program with it: what has another one may judge the same text otherwise.</summary>
    public byte[] Hash() => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        Policies = _policies,
        Lists = _lists.Values.SelectMany(static uses => uses).Select(static use => use.Matcher.List).DistinctBy(static list => list.Id, StringComparer.Ordinal).OrderBy(static list => list.Id, StringComparer.Ordinal),
        Providers,
        Program = typeof(AppliedFilter).Module.ModuleVersionId,
    }));

    /// <summary>Is anything of such texts looked at?</summary>
    public bool LooksAt(FilterSource source) => IsClassified(source) || _lists[source].Length > 0;

    /// <summary>Are such texts classified?</summary>
    public bool IsClassified(FilterSource source) => _policies.Any(policy => policy.Rules.Any(rule => rule.Source == source));

    /// <summary>Looks for the block lists in a text.</summary>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">A pattern took too long.</exception>
    public IReadOnlyList<FilterListHit> FindLists(FilterSource source, string text)
    {
        var lists = _lists[source];
        if (lists.Length == 0)
        {
            return [];
        }

        var form = new Lazy<string>(() => MatchingForm.Of(text));
        return [.. lists.Where(list => list.Matcher.IsIn(text, form)).Select(static list => new FilterListHit(list.Use.BlockList, list.Use.IsBlocking))];
    }

    /// <summary>What the policies make of severities that were found.</summary>
    public IReadOnlyList<FilterFinding> Judge(FilterSource source, FilterSeverities found)
    {
        var findings = new List<FilterFinding>();
        foreach (var category in Enum.GetValues<FilterCategory>())
        {
            var rules = _policies.SelectMany(static policy => policy.Rules).Where(rule => rule.Category == category && rule.Source == source).ToArray();
            if (rules.Length > 0)
            {
                var severity = found.Of(category);
                findings.Add(new FilterFinding(
                    category, severity, IsFound: rules.Any(rule => severity >= rule.Threshold), IsFiltered: rules.Any(rule => rule.IsBlocking && severity >= rule.Threshold)));
            }
        }

        return findings;
    }
}

/// <summary>The severity of each category in a text.</summary>
/// <param name="Hate">Of hate.</param>
/// <param name="Sexual">Of sexual content.</param>
/// <param name="Violence">Of violence.</param>
/// <param name="SelfHarm">Of self-harm.</param>
public readonly record struct FilterSeverities(FilterSeverity Hate, FilterSeverity Sexual, FilterSeverity Violence, FilterSeverity SelfHarm)
{
    /// <summary>One of them.</summary>
    public FilterSeverity Of(FilterCategory category) => category switch
    {
        FilterCategory.Hate => Hate,
        FilterCategory.Sexual => Sexual,
        FilterCategory.Violence => Violence,
        _ => SelfHarm,
    };

    /// <summary>The higher of the two, of each category.</summary>
    public FilterSeverities Or(FilterSeverities other) => new(Higher(Hate, other.Hate), Higher(Sexual, other.Sexual), Higher(Violence, other.Violence), Higher(SelfHarm, other.SelfHarm));

    private static FilterSeverity Higher(FilterSeverity one, FilterSeverity other) => one > other ? one : other;
}

/// <summary>A category that was looked for in a text.</summary>
/// <param name="Category">The category.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="IsFound">Is it at or above a threshold?</param>
/// <param name="IsFiltered">Does a policy withhold the text for it?</param>
public readonly record struct FilterFinding(FilterCategory Category, FilterSeverity Severity, bool IsFound, bool IsFiltered);

/// <summary>A block list of which something is in a text.</summary>
/// <param name="BlockList">The list.</param>
/// <param name="IsFiltered">Does a policy withhold the text for it?</param>
public readonly record struct FilterListHit(string BlockList, bool IsFiltered);
