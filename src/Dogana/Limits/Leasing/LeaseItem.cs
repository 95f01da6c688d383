namespace Dogana.Limits.Leasing;

/// <summary>What a node says and asks of one limit in one window. What it holds is said whole, so that saying it again changes nothing.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Window">The window.</param>
/// <param name="Used">What its calls used or hold, since the node's life began.</param>
/// <param name="Free">What it keeps of what it was granted.</param>
/// <param name="Calls">What calls wait for, each amount for itself, in their order.</param>
/// <param name="Ahead">What it would like to have for calls to come.</param>
/// <param name="Since">For money: the instant from which on a call that ends is within <see cref="Used"/>.</param>
internal sealed record LeaseItem(Limit Limit, LimitWindow Window, Int128 Used, Int128 Free, IReadOnlyList<Int128> Calls, Int128 Ahead, DateTimeOffset Since);

/// <summary>What came of an item.</summary>
/// <param name="Granted">What the node may use besides what it kept.</param>
/// <param name="Room">What nobody holds now; below zero where more is used than the limit.</param>
/// <param name="Elsewhere">What other nodes that live hold and do not use: it is called back when somebody lacks it.</param>
internal readonly record struct LeaseAnswer(Int128 Granted, Int128 Room, Int128 Elsewhere);

/// <summary>What one life of a node holds of a limit in a window.</summary>
internal sealed record LeaseRow(string Limit, long Window, string Node, long Life)
{
    /// <summary>What its calls used or hold.</summary>
    public Int128 Used { get; init; }

    /// <summary>What it may use besides.</summary>
    public Int128 Free { get; init; }

    /// <summary>For money: what of <see cref="Used"/> is in the spend already.</summary>
    public Int128 Posted { get; init; }

    /// <summary>For money: calls that ended from then on are within <see cref="Used"/>.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Draining: until when what is free may be used; whoever uses it later than that may not.</summary>
    public DateTimeOffset FreeUntil { get; init; }

    /// <summary>The window's end, for clearing away.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>Is what it does not use wanted by another node?</summary>
    public bool IsRecalled { get; init; }
}

/// <summary>What drains.</summary>
/// <param name="Level">What is used and has not drained.</param>
/// <param name="AsOf">When that was.</param>
internal readonly record struct LeaseBucket(Int128 Level, DateTimeOffset AsOf);
