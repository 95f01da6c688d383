using System.Collections;

namespace Dogana.Parties.Ownership;

/// <summary>The links of an affiliate, worked out when somebody asks: a family of thousands in a long chain would hold millions of them.</summary>
internal sealed class Reasons(Func<IReadOnlyList<ControlLink>> explain) : IReadOnlyList<ControlLink>
{
    private readonly Lazy<IReadOnlyList<ControlLink>> _links = new(explain);

    public int Count => _links.Value.Count;

    public ControlLink this[int index] => _links.Value[index];

    public IEnumerator<ControlLink> GetEnumerator() => _links.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
