namespace Dogana.Limits.Leasing;

/// <summary>What a node says of one limit in one window, and asks for calls to come. What it holds is said whole, so that saying it again changes nothing.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Window">The window.</param>
/// <param name="Used">What its calls used or hold, since the node's life began.</param>
/// <param name="Free">What it keeps of what it was granted.</param>
/// <param name="Ahead">What it would like to have for calls to come.</param>
/// <param name="Since">For money: the instant from which on a call that ends is within <see cref="Used"/>.</param>
internal sealed record LeaseItem(Limit Limit, LimitWindow Window, Int128 Used, Int128 Free, Int128 Ahead, DateTimeOffset Since)
{
    /// <summary>Draining: what calls gave back that may have drained before they did, since the node's life began. It is within <see cref="Used"/>.</summary>
    public Int128 Back { get; init; }

    /// <summary>
    /// Draining: <see cref="LeaseBucket.Added"/> of the last answer, less what <see cref="Used"/> fell by since then. What was added since cannot be what is given back.
    /// </summary>
    public Int128 Seen { get; init; }
}

/// <summary>What one call that waits asks for: of each of its limits, or of none.</summary>
/// <param name="Parts">Each an item of the request, by its place, and how much of it.</param>
internal sealed record LeaseCall(IReadOnlyList<LeasePart> Parts);

/// <summary>What a call asks of one item.</summary>
internal readonly record struct LeasePart(int Item, Int128 Amount);

/// <summary>All that a node says and asks in one exchange.</summary>
/// <param name="Node">The node.</param>
/// <param name="Life">Its life.</param>
/// <param name="Revision">Rises with each exchange of a life: one that was given up and commits late changes nothing.</param>
/// <param name="Items">What it says, each limit and window once.</param>
/// <param name="Calls">Those that wait, in their order.</param>
/// <param name="Now">When, in whole microseconds: as the store keeps it.</param>
internal sealed record LeaseRequest(string Node, long Life, long Revision, IReadOnlyList<LeaseItem> Items, IReadOnlyList<LeaseCall> Calls, DateTimeOffset Now);

/// <summary>What came of an item.</summary>
/// <param name="Granted">What the node may use besides what it kept.</param>
/// <param name="Room">What nobody holds now; below zero where more is used than the limit.</param>
/// <param name="Elsewhere">What other nodes that live hold and do not use: it is called back when somebody lacks it.</param>
/// <param name="IsShort">Was there too little for a call?</param>
/// <param name="Added">Draining: <see cref="LeaseBucket.Added"/>.</param>
internal readonly record struct LeaseAnswer(Int128 Granted, Int128 Room, Int128 Elsewhere, bool IsShort, Int128 Added);

/// <summary>What one life of a node holds of a limit in a window.</summary>
internal sealed record LeaseRow(string Limit, long Window, string Node, long Life)
{
    /// <summary>What its calls used or hold.</summary>
    public Int128 Used { get; init; }

    /// <summary>What it may use besides.</summary>
    public Int128 Free { get; init; }

    /// <summary>What of <see cref="Used"/> counts elsewhere or no more: for money what is in the spend already, for what drains what was given back late.</summary>
    public Int128 Posted { get; init; }

    /// <summary>Draining: what was free when its time was over. It counts as used: its node may have used it until then.</summary>
    public Int128 Lost { get; init; }

    /// <summary>For money: calls that ended from then on are within <see cref="Used"/>.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Draining: until when what is free may be used; whoever uses it later than that may not.</summary>
    public DateTimeOffset FreeUntil { get; init; }

    /// <summary>The window's end, for clearing away.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>Is what it does not use wanted by another node?</summary>
    public bool IsRecalled { get; init; }

    /// <summary>Does it begin anew or drain by itself (<see cref="LimitPeriod.IsRate"/>)?</summary>
    public bool IsRate { get; init; }
}

/// <summary>What drains.</summary>
/// <param name="Level">What is used and has not drained.</param>
/// <param name="AsOf">When that was.</param>
/// <param name="Added">All that was ever added to it.</param>
internal readonly record struct LeaseBucket(Int128 Level, DateTimeOffset AsOf, Int128 Added);

/// <summary>A node as the store knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Life">Its life.</param>
/// <param name="Revision">Its last exchange.</param>
/// <param name="SeenAt">When it was heard of last.</param>
/// <param name="IsGone">Did it say that it stops, or was it forgotten?</param>
/// <param name="IsForgotten">Was it forgotten?</param>
internal readonly record struct LeaseNode(string Name, long Life, long Revision, DateTimeOffset SeenAt, bool IsGone, bool IsForgotten);

/// <summary>What the store holds that an exchange is decided by.</summary>
/// <param name="Nodes">All nodes.</param>
/// <param name="Rows">The rows of the request's limits.</param>
/// <param name="Buckets">Their buckets.</param>
/// <param name="Spend">What is spent for good, by limit and window.</param>
internal sealed record LeaseState(
    IReadOnlyList<LeaseNode> Nodes, IReadOnlyList<LeaseRow> Rows, IReadOnlyDictionary<string, LeaseBucket> Buckets, IReadOnlyDictionary<(string Limit, long Window), Int128> Spend);

/// <summary>What an exchange leads to.</summary>
/// <param name="Answers">One for each item.</param>
/// <param name="Rows">The rows that are to be written.</param>
/// <param name="Buckets">The buckets that are to be written.</param>
/// <param name="Nodes">How many nodes live.</param>
internal sealed record LeaseDecision(IReadOnlyList<LeaseAnswer> Answers, IReadOnlyCollection<LeaseRow> Rows, IReadOnlyDictionary<string, LeaseBucket> Buckets, int Nodes);
