namespace Dogana.Parties;

/// <summary>Who stands behind whom, over all time, immutable. What holds at an instant is an <see cref="OwnershipView"/>.</summary>
public sealed class OwnershipGraph(IReadOnlyList<Organisation> organisations, IReadOnlyList<OwnershipStatement> statements, IReadOnlyList<ControlRule> rules)
{
    private readonly DateTimeOffset[] _changes = [.. statements.SelectMany(static item => new[] { item.From, item.To })
        .Concat(rules.SelectMany(static item => new[] { item.From, item.To }))
        .OfType<DateTimeOffset>().Distinct().Order()];

    private Period? _last;

    /// <summary>All statements.</summary>
    public IReadOnlyList<OwnershipStatement> Statements { get; } = statements;

    /// <summary>All rules of control.</summary>
    public IReadOnlyList<ControlRule> Rules { get; } = rules;

    /// <summary>What holds at an instant. The same view is given again until something changes.</summary>
    public OwnershipView At(DateTimeOffset at)
    {
        // Calls ask for now: the last view is nearly always the one.
        var number = NumberOf(at);
        if (Volatile.Read(ref _last) is not { } last || last.Number != number)
        {
            var view = new OwnershipView(organisations, [.. Statements.Where(item => item.IsInForce(at))], [.. Rules.Where(item => item.IsInForce(at))]);
            last = new Period(number, view);
            Volatile.Write(ref _last, last);
        }

        return last.View;
    }

    /// <summary>The first instant after this one at which another view holds, or null.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset at) => NumberOf(at) is var number && number < _changes.Length ? _changes[number] : null;

    // How many changes there were until then.
    private int NumberOf(DateTimeOffset at)
    {
        var place = Array.BinarySearch(_changes, at);
        return place >= 0 ? place + 1 : ~place;
    }

    private sealed record Period(int Number, OwnershipView View);
}
