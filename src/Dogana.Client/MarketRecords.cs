namespace Dogana.Client;

/// <summary>A rule about what may be sold to whom. A list that is null means all.</summary>
/// <param name="Rule">Its name in findings, and its key in pages: <c>market_rule ID</c>, or <c>market CC</c> for a country's market.</param>
/// <param name="Effect"><c>allow</c>, <c>deny</c> or <c>require</c>.</param>
/// <param name="Countries">The customers' countries.</param>
/// <param name="Models">Model ids.</param>
/// <param name="Owners">Model owners.</param>
/// <param name="Channels">Channel ids.</param>
/// <param name="Uses">Declared uses.</param>
/// <param name="OwnedFrom">Where those who control the customer are; null where it does not matter.</param>
/// <param name="ControlRule">By which rule of control; null for the default one.</param>
/// <param name="OwnModel">Must the model be, or not be, the customer's own? Null where it does not matter.</param>
/// <param name="UpstreamRegions">Where it must run; null for anywhere.</param>
/// <param name="Labels">The marks that its output must carry.</param>
/// <param name="Reason">For the customer.</param>
/// <param name="Source">Where the rule comes from.</param>
/// <param name="From">From when it holds; null for always.</param>
/// <param name="To">The first instant it no longer does; null for no end.</param>
public sealed record MarketRuleRecord(
    string Rule, string Effect, IReadOnlyList<string>? Countries, IReadOnlyList<string>? Models, IReadOnlyList<string>? Owners, IReadOnlyList<string>? Channels,
    IReadOnlyList<string>? Uses, IReadOnlyList<string>? OwnedFrom, string? ControlRule, bool? OwnModel, IReadOnlyList<string>? UpstreamRegions,
    IReadOnlyList<string> Labels, string? Reason, string? Source, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Asks what the market rules say of a sale.</summary>
/// <param name="Project">The project.</param>
/// <param name="Model">The model.</param>
public sealed record MarketQuestion(string Project, string Model)
{
    /// <summary>The end customer; null for the project's own organisation.</summary>
    public string? Organisation { get; init; }

    /// <summary>The country; null for the organisation's, or that of the project's contract.</summary>
    public string? Country { get; init; }

    /// <summary>The channel; null for the project's.</summary>
    public string? Channel { get; init; }

    /// <summary>The instant, ISO 8601; null for now.</summary>
    public string? At { get; init; }
}

/// <summary>What the market rules say of a sale, and why.</summary>
/// <param name="Project">The project.</param>
/// <param name="Organisation">The customer, or its end customer.</param>
/// <param name="Country">The country that was asked about.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Model">The model.</param>
/// <param name="Uses">What the project declared.</param>
/// <param name="At">The instant.</param>
/// <param name="Verdict"><c>allow</c>, <c>unknown</c> or <c>deny</c>.</param>
/// <param name="IsOpen">Would a call pass, as far as the market goes? What is unknown passes for models that are not restricted.</param>
/// <param name="Findings">The rules that matter, the decisive one first.</param>
/// <param name="UpstreamRegions">Where it must run; null for anywhere.</param>
/// <param name="Labels">The marks that its output must carry.</param>
public sealed record MarketExplanation(
    string Project, string Organisation, string Country, string Channel, string Model, IReadOnlyList<string> Uses, DateTimeOffset At, string Verdict, bool IsOpen,
    IReadOnlyList<MarketFinding> Findings, IReadOnlyList<string>? UpstreamRegions, IReadOnlyList<string> Labels);

/// <summary>What one rule says.</summary>
/// <param name="Verdict"><c>allow</c>, <c>unknown</c> or <c>deny</c>.</param>
/// <param name="Rule">Which rule.</param>
/// <param name="Text">Why, for the customer.</param>
public sealed record MarketFinding(string Verdict, string Rule, string Text);
