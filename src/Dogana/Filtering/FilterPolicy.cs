namespace Dogana.Filtering;

/// <summary>What is looked for in texts, and what becomes of them: Azure OpenAI's <c>RaiPolicy</c>. Deployments and projects name one.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Mode">When a stream's text is let go.</param>
/// <param name="OnFailure">What becomes of a text that could not be looked at.</param>
public sealed record FilterPolicy(string Id, FilterMode Mode, FilterFailure OnFailure)
{
    /// <summary>Do answers say what was found to clients of OpenAI's API too, which has no field for it?</summary>
    public bool AnnotatesAlways { get; init; }

    /// <summary>Who classifies; null for the classifier in this process.</summary>
    public string? Provider { get; init; }

    /// <summary>What is looked for, each category and source at most once; a category without a rule is not looked at.</summary>
    public IReadOnlyList<FilterRule> Rules { get; init; } = [];

    /// <summary>The block lists that are looked for.</summary>
    public IReadOnlyList<FilterListUse> BlockLists { get; init; } = [];
}

/// <summary>A category that a policy looks for: an entry of Azure OpenAI's <c>contentFilters</c>.</summary>
/// <param name="Category">The category.</param>
/// <param name="Source">In whose text.</param>
/// <param name="Threshold">From which severity on it is a finding: low, medium or high.</param>
/// <param name="IsBlocking">Is the text withheld then, or only annotated and counted?</param>
public sealed record FilterRule(FilterCategory Category, FilterSource Source, FilterSeverity Threshold, bool IsBlocking);

/// <summary>A block list that a policy looks for: an entry of Azure OpenAI's <c>customBlocklists</c>.</summary>
/// <param name="BlockList">The list.</param>
/// <param name="Source">In whose text.</param>
/// <param name="IsBlocking">Is the text withheld then, or only annotated and counted?</param>
public sealed record FilterListUse(string BlockList, FilterSource Source, bool IsBlocking);

/// <summary>A classifier that is reached over HTTP.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Url">Where texts are posted to.</param>
/// <param name="SecretEnv">The environment variable with its bearer token; null where it takes none.</param>
/// <param name="TimeLimit">The longest wait for an answer: 100 ms to 60 s.</param>
public sealed record FilterProvider(string Id, string Url, string? SecretEnv, TimeSpan TimeLimit);
