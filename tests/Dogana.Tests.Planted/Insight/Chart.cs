using Dogana.Ledger;

namespace Dogana.Insight;

/// <summary>Legal: Insight reads the ledger by its face.</summary>
public sealed class Chart
{
    public IReadOnlyList<Posting> Postings { get; } = [];

    public sealed class Axis;
}
