namespace Dogana.Parties;

/// <summary>Who stands behind whom, over all time, immutable. What holds at an instant is an <see cref="OwnershipView"/>.</summary>
public sealed class OwnershipGraph(IReadOnlyList<Organisation> organisations, IReadOnlyList<OwnershipStatement> statements, IReadOnlyList<ControlRule> rules)
{
    /// <summary>All statements.</summary>
    public IReadOnlyList<OwnershipStatement> Statements { get; } = statements;

    /// <summary>All rules of control.</summary>
    public IReadOnlyList<ControlRule> Rules { get; } = rules;

    /// <summary>What holds at an instant.</summary>
    public OwnershipView At(DateTimeOffset at) => new(organisations, [.. Statements.Where(item => item.IsInForce(at))], [.. Rules.Where(item => item.IsInForce(at))]);

    /// <summary>The first instant after this one at which another view holds, or null.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset at) => Statements.SelectMany(static item => new[] { item.From, item.To })
        .Concat(Rules.SelectMany(static item => new[] { item.From, item.To }))
        .Where(instant => instant > at).Min();
}
