using Dogana.Limits;
using Dogana.Limits.Leasing;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Tests.Limits;

/// <summary>What drains, against a bucket that is drained millisecond by millisecond in exact fractions: over a week, to the unit.</summary>
public sealed class LeakyBucketOracleTests
{
    private const long Day = 86_400_000;
    private const long Hour = 3_600_000;

    // At (milliseconds), for how long, what is estimated, what is used.
    private static readonly Dictionary<string, (long At, long For, long Estimate, long Actual)[]> Traces = new(StringComparer.Ordinal)
    {
        ["a burst up to exactly 100 %, one call above it, and refusals until it drained"] =
            [(0, 90_000, 400, 400), (0, 90_000, 600, 600), (0, 90_000, 250, 250), (20, 90_000, 1, 1), (10_000, 90_000, 1, 1), (15_020, 90_000, 1, 1), (15_080, 90_000, 300, 300), (15_081, 90_000, 1, 1)],
        ["an overshoot by one call that is larger than the bucket"] =
            [(0, 1_000, 2_500, 2_500), (5_000, 1, 1, 1), (89_999, 1, 1, 1), (90_300, 1, 1_000, 1_000), (90_310, 5, 5, 5)],
        ["corrections down, soon and after it drained, and up"] =
            [(0, 2_000, 900, 100), (2_500, 70_000, 700, 10), (3_000, 4_000, 300, 900), (9_000, 30_000, 100, 0), (80_000, 3, 60, 60), (80_001, 500, 30, 900), (80_100, 20_000, 950, 17)],
        ["days of work and idle nights"] =
        [
            .. from day in Enumerable.Range(0, 7)
               from call in Enumerable.Range(0, 90)
               select (day * Day + 9 * Hour + call * 7_333L, 1_000L + call * 137 % 40_000, 150L + call * 37 % 300, 10L + call * 53 % 450),
        ],
        ["a week at its limit, an hour a day"] =
        [
            .. from day in Enumerable.Range(0, 7)
               from call in Enumerable.Range(0, 600)
               select (day * Day + call * 6_000L + call * 7 % 13, 5_000L, 130L, 80L + call % 60),
        ],
    };

    public static TheoryData<string> Names() => [.. Traces.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Over_a_week_utilisation_equals_the_bucket_of_brute_force_to_the_unit(string name)
    {
        var limit = new Limit("capacity", LimitUnit.Throughput, Limit.Parts(1_000), LimitPeriod.Draining, ProblemCode.RateLimited, "the trace");
        var time = new VirtualTime(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        var store = new SimulatedStore();
        using var node = new PumpedNode(time, store, "node");
        var oracle = new SteppedBucket(1_000);
        var events = new PriorityQueue<(Reservation? Held, long Estimate, long Actual, long For), (long At, int Number)>();
        var number = 0;
        foreach (var call in Traces[name])
        {
            events.Enqueue((null, call.Estimate, call.Actual, call.For), (call.At, number++));
        }

        var (admitted, refused) = (0, 0);
        while (events.TryDequeue(out var next, out var place))
        {
            time.RunUntil(place.At * 1_000);
            oracle.StepTo(place.At);
            if (next.Held is { } held)
            {
                held.Settle(Demand.OfCall(0, next.Actual, default));
                oracle.Add(next.Actual - next.Estimate);
            }
            else
            {
                var isAdmitted = node.Reserve(limit, Demand.OfCall(0, next.Estimate, default)).TryGet(out var reservation, out var problem);
                isAdmitted.ShouldBe(oracle.IsOpen, $"at {place.At} ms of {name}");
                if (isAdmitted)
                {
                    oracle.Add(next.Estimate);
                    events.Enqueue((reservation, next.Estimate, next.Actual, 0), (place.At + next.For, number++));
                    admitted++;
                }
                else
                {
                    problem!.RetryAfter.ShouldNotBeNull();
                    refused++;
                }
            }

            node.Turn();
            node.Turn();
            var level = LeaseRules.Drain(store.Buckets["capacity"], limit.Amount, node.Clock.GetUtcNow()).Level;
            Int128.Abs(level - oracle.Parts).ShouldBeLessThan(Limit.PartsPerUnit / 1_000, $"at {place.At} ms of {name}: {level}, {oracle.Parts}");
        }

        (admitted > 1, name.Contains("idle", StringComparison.Ordinal) || refused > 0 || name.Contains("corrections", StringComparison.Ordinal)).ShouldBe((true, true));
    }

    // In units × milliseconds of a minute, so that nothing is ever rounded.
    private sealed class SteppedBucket(long perMinute)
    {
        private long _level;
        private long _at;

        public bool IsOpen => _level <= perMinute * 60_000;

        public Int128 Parts => (Int128)_level * Limit.PartsPerUnit / 60_000;

        public void Add(long units) => _level = Math.Max(0, _level + units * 60_000);

        public void StepTo(long milliseconds)
        {
            for (; _at < milliseconds; _at++)
            {
                if (_level == 0)
                {
                    _at = milliseconds;
                    return;
                }

                _level = Math.Max(0, _level - perMinute);
            }
        }
    }
}
