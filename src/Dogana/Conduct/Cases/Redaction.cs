namespace Dogana.Conduct.Cases;

/// <summary>Takes other tenants out of what a customer reads: linked accounts are <c>account 2</c>, <c>account 3</c>, wherever they are named.</summary>
internal sealed class Redaction
{
    private readonly (string Name, string Label)[] _names;

    /// <summary>For a case with these signals.</summary>
    public Redaction(ConductAccount account, IEnumerable<ConductSignal> signals)
    {
        var others = signals.SelectMany(static signal => signal.Finding.Linked).Where(name => name != account.Party && name != account.Organisation && name.Length > 0)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();

        // Numbered by name, replaced the longest first: "acme-retail" must not become "account 2-retail".
        _names = [.. others.Select(static (name, index) => (name, $"account {index + 2}")).OrderByDescending(static item => item.name.Length)];
    }

    public string Of(string text) => _names.Aggregate(text, static (all, item) => all.Replace(item.Name, item.Label, StringComparison.OrdinalIgnoreCase));

    public StatementOfReasons Of(StatementOfReasons statement) => statement with { Facts = Of(statement.Facts), Clause = Of(statement.Clause) };

    // Calls of a cluster are not all the customer's own.
    public ConductFinding Of(ConductFinding finding) => finding with
    {
        Statement = Of(finding.Statement),
        Innocent = Of(finding.Innocent),
        Linked = [.. finding.Linked.Select(Of)],
        LinkingFact = finding.LinkingFact is { } fact ? Of(fact) : null,
        CallIds = finding.Linked.Count == 0 ? finding.CallIds : [],
    };
}
