namespace Dogana.Testing.LeaseSimulation;

/// <summary>What becomes of one exchange with the store.</summary>
/// <param name="CommitAfter">When the store does it, in microseconds from when it was sent; null: never.</param>
/// <param name="CommitAgainAfter">When it comes a second time; null: it does not.</param>
/// <param name="AnswerAfter">When the node hears of it; null: never.</param>
/// <param name="FailAfter">When the node sees that it failed, while it may go on; null: it does not.</param>
internal readonly record struct Fate(long? CommitAfter, long? CommitAgainAfter, long? AnswerAfter, long? FailAfter);

/// <summary>The way between nodes and store.</summary>
internal sealed class SimulatedNetwork(Random random, bool isFaulty)
{
    /// <summary>Does everything arrive from now on?</summary>
    public bool IsHealed { get; set; }

    public Fate Next()
    {
        var there = Delay();
        var back = Delay();
        return !isFaulty || IsHealed ? new Fate(there, null, there + back, null) : random.Next(40) switch
        {
            0 => new Fate(null, null, null, there), // the request is lost, and the node is told
            1 => new Fate(null, null, null, null), // and is not
            2 => new Fate(there, null, null, there + back), // the answer is lost after the commit
            3 => new Fate(there, null, null, null),
            4 => new Fate(random.Next(10_000_000), null, null, there), // the connection breaks, and the commit comes at some time
            5 => new Fate(there, there + random.Next(10_000_000), there + back, null), // twice
            6 or 7 => Slow(random.Next(8_000_000)),
            _ => new Fate(there, null, there + back, null),
        };

        Fate Slow(long commit) => new(commit, null, commit + back, null);
    }

    private long Delay() => random.Next(20) == 0 ? random.Next(300_000) : random.Next(200, 15_000);
}
