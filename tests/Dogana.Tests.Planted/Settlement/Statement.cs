using Dogana.Billing.Invoices;

namespace Dogana.Settlement;

/// <summary>Breach: a module that it may call, but below the face, and buried in generics.</summary>
public sealed class Statement
{
    private readonly List<Func<Dictionary<string, Invoice[]>, int>> _counts = [];

    public int Count => _counts.Count;
}
