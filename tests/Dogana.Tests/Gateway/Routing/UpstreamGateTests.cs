using Dogana.Catalog;
using Dogana.Gateway;
using Dogana.Gateway.Routing;
using Dogana.Gateway.Upstreams;

namespace Dogana.Tests.Gateway.Routing;

/// <summary>Places at an upstream: never more than there are, never one free while a call waits, and none lost, however calls end.</summary>
public sealed class UpstreamGateTests
{
    private static readonly GatewayOptions Options = new();
    private static readonly ServiceTier[] Tiers = Enum.GetValues<ServiceTier>();

    private readonly SteppedTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly UpstreamGate _gate;

    public UpstreamGateTests() => _gate = new UpstreamGate(_time);

    [Fact]
    public async Task Whatever_calls_do_no_place_is_lost_and_none_is_free_while_one_waits()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var gate = new UpstreamGate(_time);
            var upstream = Full(random.Next(1, 6), 1_000);
            var open = new List<UpstreamPlace>();
            var waiting = new List<(Task<Outcome<UpstreamPlace>> Task, CallLife Life, CancellationTokenSource Gone)>();
            for (var step = 0; step < 200; step++)
            {
                switch (random.Next(8))
                {
                    case < 4:
                        var gone = new CancellationTokenSource();
                        var life = new CallLife(Options, _time, gone.Token);
                        waiting.Add((gate.EnterAsync(upstream, Share($"t{random.Next(4)}", Tiers[random.Next(3)]), upstream.QueueTime, life), life, gone));
                        break;
                    case < 6 when open.Count > 0:
                        var place = open[random.Next(open.Count)];
                        place.Dispose();
                        place.Dispose(); // once however often
                        open.Remove(place);
                        break;
                    case 6 when waiting.Count > 0:
                        await waiting[random.Next(waiting.Count)].Gone.CancelAsync();
                        break;
                    case 7 when waiting.Count > 0:
                        waiting[random.Next(waiting.Count)].Life.Cut(new Problem(ProblemCode.Suspended, "cut"));
                        break;
                    default:
                        break;
                }

                // What is let in goes on by itself, a moment later.
                var (taken, queued) = CountOf(gate);
                taken.ShouldBeLessThanOrEqualTo(upstream.OpenCallsMax!.Value, $"seed {seed}, step {step}");
                (queued == 0 || taken == upstream.OpenCallsMax).ShouldBeTrue($"seed {seed}, step {step}: {queued} wait while {taken} are open");
                foreach (var ended in waiting.Where(static item => item.Task.IsCompleted).ToList())
                {
                    waiting.Remove(ended);
                    if ((await ended.Task).TryGet(out var got, out _))
                    {
                        open.Add(got);
                    }
                }
            }

            foreach (var item in waiting)
            {
                await item.Gone.CancelAsync();
            }

            foreach (var item in waiting)
            {
                if ((await item.Task.WaitAsync(TimeSpan.FromSeconds(10))).TryGet(out var got, out _))
                {
                    got.Dispose();
                }
            }

            open.ForEach(static place => place.Dispose());
            CountOf(gate).ShouldBe((0, 0), $"seed {seed}");
        }
    }

    [Fact]
    public async Task From_many_threads_too()
    {
        var upstream = Full(7, 10_000);
        var (most, open) = (0, 0);
        var served = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 4_000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, _) =>
        {
            using var gone = new CancellationTokenSource();
            using var life = new CallLife(Options, _time, gone.Token);
            var entering = _gate.EnterAsync(upstream, Share($"t{number % 5}", Tiers[number % 3]), upstream.QueueTime, life);
            if (number % 4 == 0)
            {
                await gone.CancelAsync();
            }

            if ((await entering).TryGet(out var place, out var _))
            {
                var now = Interlocked.Increment(ref open);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref open);
                Interlocked.Increment(ref served);
                place.Dispose();
            }
        });

        CountOf(_gate).ShouldBe((0, 0));
        most.ShouldBeLessThanOrEqualTo(7);
        served.ShouldBeGreaterThanOrEqualTo(3_000);

        static void InterlockedMax(ref int target, int value)
        {
            for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            {
                Interlocked.CompareExchange(ref target, value, seen);
            }
        }
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_when_to_come_again()
    {
        var upstream = Full(1, 10) with { QueueTime = TimeSpan.FromSeconds(5) };
        using var place = _gate.TryEnter(upstream, Share("a"));
        using var life = new CallLife(Options, _time, CancellationToken.None);
        var waiting = _gate.EnterAsync(upstream, Share("a"), upstream.QueueTime, life);

        _time.Move(TimeSpan.FromSeconds(4.9));
        waiting.IsCompleted.ShouldBeFalse();
        _time.Move(TimeSpan.FromSeconds(0.1));

        var problem = (await waiting).Problem!;
        (problem.Code, problem.RetryAfter).ShouldBe((ProblemCode.QueueTimeout, TimeSpan.FromSeconds(1)));
        CountOf(_gate).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_call_does_not_outlive_itself_in_the_queue()
    {
        var upstream = Full(1, 10) with { QueueTime = TimeSpan.FromSeconds(500) };
        using var place = _gate.TryEnter(upstream, Share("a"));
        using var life = new CallLife(Options with { CallTimeout = TimeSpan.FromSeconds(3) }, _time, CancellationToken.None);
        var waiting = _gate.EnterAsync(upstream, Share("a"), upstream.QueueTime, life);

        _time.Move(TimeSpan.FromSeconds(3));

        (await waiting).Problem!.Code.ShouldBe(ProblemCode.QueueTimeout);
        CountOf(_gate).ShouldBe((1, 0));
    }

    [Fact]
    public async Task An_organisation_takes_half_of_the_queue_and_all_together_the_whole()
    {
        var upstream = Full(1, 4);
        var place = _gate.TryEnter(upstream, Share("a"))!;
        using var life = new CallLife(Options, _time, CancellationToken.None);
        var waiting = Enumerable.Range(0, 2).Select(_ => EnterAsync("a")).ToList();

        (await EnterAsync("a")).Problem!.Code.ShouldBe(ProblemCode.QueueFull, "half of four");
        waiting.AddRange([EnterAsync("b"), EnterAsync("b")]);
        (await EnterAsync("c")).Problem!.Code.ShouldBe(ProblemCode.QueueFull);

        // One place in two seconds, and four wait: the fifth comes again in ten.
        _time.Move(TimeSpan.FromSeconds(2));
        place.Dispose();
        var first = (await await Task.WhenAny(waiting)).Value;
        waiting.Add(EnterAsync("c"));
        (await EnterAsync("d")).Problem!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(10));

        first.Dispose();
        while (waiting.Count > 0)
        {
            var next = await Task.WhenAny(waiting);
            waiting.Remove(next);
            (await next).Value.Dispose();
        }

        CountOf(_gate).ShouldBe((0, 0));

        Task<Outcome<UpstreamPlace>> EnterAsync(string organisation) => _gate.EnterAsync(upstream, Share(organisation), upstream.QueueTime, life);
    }

    [Fact]
    public async Task A_bound_that_is_raised_lets_in_who_waits_and_one_that_is_lowered_lets_open_calls_end()
    {
        var narrow = Full(1, 10);
        using var life = new CallLife(Options, _time, CancellationToken.None);
        var first = _gate.TryEnter(narrow, Share("a"))!;
        var waiting = _gate.EnterAsync(narrow, Share("a"), narrow.QueueTime, life);
        waiting.IsCompleted.ShouldBeFalse();

        _gate.TryEnter(narrow with { OpenCallsMax = 3 }, Share("b")).ShouldNotBeNull().Dispose();
        var second = (await waiting).Value;
        CountOf(_gate).ShouldBe((2, 0));

        _gate.TryEnter(narrow, Share("b")).ShouldBeNull();
        first.Dispose();
        _gate.TryEnter(narrow, Share("b")).ShouldBeNull();
        second.Dispose();
        using var third = _gate.TryEnter(narrow, Share("b")).ShouldNotBeNull();
    }

    private static Upstream Full(int open, int queue) => new("u", UpstreamKind.OpenAi, "http://127.0.0.1:9", null) { OpenCallsMax = open, QueueMax = queue };

    private static CallShare Share(string organisation, ServiceTier tier = ServiceTier.Standard) => new(organisation, 1, tier);

    private static (int Open, int Waiting) CountOf(UpstreamGate gate)
    {
        var tiers = gate.CountByTier();
        return (tiers.Sum(static tier => tier.Open), tiers.Sum(static tier => tier.Waiting));
    }
}
