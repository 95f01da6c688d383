using Dogana.Limits.Leasing;

namespace Dogana.Limits;

/// <summary>The limits that a call counts against, all of them or none. Made by <see cref="LeaseKeeper.SetOf"/>; immutable.</summary>
public sealed class LimitSet
{
    private readonly Limit[] _limits;

    internal LimitSet(LimitSlot[] slots) => (Slots, _limits) = (slots, [.. slots.Select(static slot => slot.Limit)]);

    /// <summary>No limits.</summary>
    public static LimitSet None { get; } = new([]);

    /// <summary>The limits.</summary>
    public IReadOnlyList<Limit> Limits => _limits;

    internal LimitSlot[] Slots { get; }
}
