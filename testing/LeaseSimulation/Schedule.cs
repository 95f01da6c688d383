using System.Globalization;
using Dogana.Limits;

namespace Dogana.Testing.LeaseSimulation;

/// <summary>What happens to a node or a limit.</summary>
internal enum TroubleKind
{
    Pause,
    Crash,
    Robbery,
    Declare,
}

/// <summary>One of it.</summary>
internal readonly record struct Trouble(TroubleKind Kind, int Node, int Limit, long Micros, int Percent);

/// <summary>What a simulation is made of: nodes, limits, calls and troubles.</summary>
internal sealed class Schedule
{
    private const long Second = 1_000_000;

    private readonly int[] _weights;
    private readonly (int Until, double PerSecond)[] _phases;
    private readonly bool _hasOverruns;
    private readonly bool _hasLongCalls;
    private readonly Int128 _base;

    private Schedule(Random random)
    {
        IsNetworkFaulty = random.Next(3) == 0;
        var (hasTroubles, hasSkew, hasChanges, isRobbed) = (random.Next(3) == 0, random.Next(4) == 0, random.Next(4) == 0, random.Next(8) == 0);
        // What a call used beyond the most that it could is lost where it was not told yet when its node was forgotten.
        (_hasOverruns, _hasLongCalls) = (random.Next(4) == 0 && !isRobbed, random.Next(4) == 0);
        var nodes = random.Next(1, 7);
        Clocks = [.. Enumerable.Range(0, nodes).Select(_ => hasSkew ? TimeSpan.FromMilliseconds(random.Next(-2_000, 2_001)) : TimeSpan.Zero)];
        Skew = (long)(Clocks.Max() - Clocks.Min()).TotalMicroseconds;

        // Some end a month.
        var month = new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
        Start = random.Next(4) == 0 ? month.AddSeconds(-random.Next(10, 60)) : month.AddDays(-20).AddMilliseconds(random.Next(60_000));
        Length = random.Next(3) == 0 ? 130 * Second : random.Next(8, 40) * Second;
        _base = random.Next(1, 30);
        var only = random.Next(5) == 0 ? 4 : (int?)null;
        Limits = [.. Enumerable.Range(0, random.Next(1, 5)).Select(number => LimitOf(random, number, only ?? random.Next(isRobbed ? 5 : 7)))];
        Calls = random.Next(40, 300);
        _weights = [.. Enumerable.Range(0, nodes).Select(_ => random.Next(3) == 0 ? 20 : random.Next(1, 5))];
        _phases = [.. Enumerable.Range(1, 4).Select(phase => (Calls * phase / 4, Math.Pow(10, random.NextDouble() * 2.3 - 0.3)))];
        var kinds = new List<TroubleKind>();
        if (hasTroubles)
        {
            kinds.AddRange([TroubleKind.Pause, TroubleKind.Pause, TroubleKind.Crash]);
        }

        if (isRobbed)
        {
            kinds.Add(TroubleKind.Robbery);
        }

        if (hasChanges)
        {
            kinds.Add(TroubleKind.Declare);
        }

        Troubles = kinds.Count == 0 ? [] :
        [
            .. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (
                random.NextInt64(3 * Second, Length),
                new Trouble(
                    kinds[random.Next(kinds.Count)], random.Next(nodes), random.Next(Limits.Count), random.NextInt64(Second / 10, (random.Next(2) == 0 ? 20 : 5) * Second), random.Next(4) == 0 ? random.Next(10, 100) : random.Next(100, 300)))),
        ];

        // What drains drains by the limit of the moment, which the brute-force bucket does not follow.
        Troubles = [.. Troubles.Where(item => item.Trouble.Kind != TroubleKind.Declare || Limits[item.Trouble.Limit].Period.Kind != LimitPeriodKind.Draining)];
        IsFair = !IsNetworkFaulty && !hasTroubles && !isRobbed && !hasSkew;
    }

    public bool IsNetworkFaulty { get; }

    public TimeSpan[] Clocks { get; }

    /// <summary>By how much clocks differ, in microseconds.</summary>
    public long Skew { get; }

    public DateTimeOffset Start { get; }

    public long Length { get; }

    public IReadOnlyList<Limit> Limits { get; }

    public int Calls { get; }

    public (long At, Trouble Trouble)[] Troubles { get; }

    /// <summary>Does everything work, so that nobody may be refused what there is?</summary>
    public bool IsFair { get; }

    /// <summary>The most that a call takes of what drains.</summary>
    public Int128 LargestCall => 20 * _base * Limit.PartsPerUnit;

    /// <summary>How long a call may wait: two seconds, and two answers of the store.</summary>
    public long WaitMax => 6 * Second + (Troubles.Length > 0 ? 20 * Second : 0);

    public static Schedule Random(Random random) => new(random);

    public int NodeOf(Random random)
    {
        var at = random.Next(_weights.Sum());
        var node = 0;
        for (; at >= _weights[node]; node++)
        {
            at -= _weights[node];
        }

        return node;
    }

    public long NextCallAfter(Random random, int number)
    {
        var perSecond = _phases.First(phase => number < phase.Until).PerSecond;
        return random.Next(40) == 0 ? random.NextInt64(Length / 4) : random.Next(4) == 0 ? 0 : (long)(random.NextDouble() * 2 * Second / perSecond);
    }

    public (Demand Demand, Demand Used) DemandOf(Random random)
    {
        var demand = new Demand(Limit.Parts(1), Amount(random, 20 * _base), Amount(random, 20 * _base), random.Next(1, 20_000));
        Demand used = random.Next(5) switch
        {
            0 => default,
            1 => demand,
            _ when _hasOverruns && random.Next(3) == 0 => new Demand(demand.Requests, demand.Tokens * 3 / 2, demand.Throughput * 3 / 2, demand.Money * 3 / 2),
            _ => new Demand(demand.Requests, demand.Tokens * random.Next(100) / 100, demand.Throughput * random.Next(100) / 100, demand.Money * random.Next(100) / 100),
        };
        return (demand, used);
    }

    public long CallLength(Random random) => random.Next(4) == 0 ? 0 : _hasLongCalls && random.Next(4) == 0 ? random.NextInt64(90 * Second) : random.NextInt64(5 * Second);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Clocks.Length} nodes, {Length / Second} s, network {(IsNetworkFaulty ? "faulty" : "sound")}, clocks differ by {Skew / 1e6:0.00} s, {string.Join(", ", Troubles.Select(static item => $"{item.Trouble.Kind} at {item.At / 1e6:0.0} of node {item.Trouble.Node} for {item.Trouble.Micros / 1e6:0.0}"))}; {string.Join(", ", Limits.Select(static limit => $"{limit.Id} {limit.Amount} {limit.Mode}"))}");

    private static Int128 Amount(Random random, Int128 most) => random.Next(3) == 0 ? Limit.Parts(random.Next(1, (int)most)) : random.NextInt64(1, (long)most * Limit.PartsPerUnit);

    private Limit LimitOf(Random random, int number, int kind)
    {
        var period = kind switch
        {
            0 => LimitPeriod.Fixed(TimeSpan.FromSeconds(1)),
            1 => LimitPeriod.Fixed(TimeSpan.FromSeconds(10)),
            2 => LimitPeriod.Minute,
            3 => LimitPeriod.Sliding,
            4 => LimitPeriod.Draining,
            5 => LimitPeriod.Month("UTC"),
            _ => LimitPeriod.Once,
        };
        var unit = period.IsRate ? (LimitUnit)random.Next(1, 4) : LimitUnit.Money;
        var amount = unit switch
        {
            LimitUnit.Requests => Limit.Parts(random.Next(1, 60)),
            LimitUnit.Money => random.Next(20_000, 600_000),
            _ => Limit.Parts((long)_base * random.Next(20, 300)) + random.Next(1_000_000),
        };
        return new Limit($"{number}/{period.Kind}/{period.Length.TotalSeconds}/{unit}", unit, amount, period, ProblemCode.RateLimited, "the simulation")
        {
            Mode = random.Next(10) == 0 ? LimitMode.Observe : LimitMode.Enforce,
        };
    }
}
