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
