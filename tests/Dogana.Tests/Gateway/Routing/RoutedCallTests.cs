using System.Globalization;
using Dogana.Catalog;
using Dogana.Gateway;
using Dogana.Gateway.Routing;
using Dogana.Gateway.Telemetry;
using Dogana.Gateway.Upstreams;
using Dogana.Limits;

namespace Dogana.Tests.Gateway.Routing;

/// <summary>What is tried after what, by whose fault it was. An upstream here is a list of what it answers, by key.</summary>
public sealed class RoutedCallTests : IDisposable
{
    private static readonly Problem Provider = new(ProblemCode.UpstreamFailed, "failed");
    private static readonly Problem Caller = new(ProblemCode.UpstreamRejected, "rejected");
    private static readonly Problem Key = new(ProblemCode.UpstreamKeyRefused, "refused");
    private static readonly Problem Late = new(ProblemCode.UpstreamTimeout, "late");
    private static readonly Problem Full = new(ProblemCode.Busy, "full") { RetryAfter = TimeSpan.FromSeconds(7) };

    private readonly GatewayInstruments _instruments = new(new RefusalLog(), new LeaseKeeper(TimeProvider.System));
    private readonly ManualClock _time = new();
    private readonly GatewayOptions _options = new() { RetryPause = TimeSpan.Zero, CircuitFailures = 3 };
    private readonly List<string> _tried = [];
    private readonly RouteHealth _health;
    private readonly UpstreamGates _gates;

    public RoutedCallTests() => (_health, _gates) = (new RouteHealth(_options, _time), new UpstreamGates(_instruments, TimeProvider.System));

    public void Dispose() => _instruments.Dispose();

    [Fact]
    public async Task A_key_that_is_refused_is_followed_by_the_next_key_then_by_the_next_upstream()
    {
        var sent = await SendAsync(Candidate("a", 2, Key, Key), Candidate("b", 1, [null]));

        sent.Problem.ShouldBeNull();
        _tried.ShouldBe(["a/key1", "a/key2", "b/key1"]);
    }

    [Fact]
    public async Task A_refused_key_rests_for_a_minute_and_no_other_does()
    {
        await SendAsync(Candidate("a", 2, Key, null));
        await SendAsync(Candidate("a", 2, [null]));
        _time.Move(TimeSpan.FromSeconds(61));
        await SendAsync(Candidate("a", 2, [null]));

        _tried.ShouldBe(["a/key1", "a/key2", "a/key2", "a/key1"]);
    }

    [Fact]
    public async Task A_full_upstream_is_left_alone_for_as_long_as_it_said_key_by_key()
    {
        (await SendAsync(Candidate("a", 2, Full, Full))).Problem!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
        (await SendAsync(Candidate("a", 2))).Problem!.Code.ShouldBe(ProblemCode.Busy);
        _tried.ShouldBe(["a/key1", "a/key2"]);

        _time.Move(TimeSpan.FromSeconds(7.1));
        (await SendAsync(Candidate("a", 2, [null]))).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task When_there_is_no_room_anywhere_the_shortest_wait_of_all_tries_is_told()
    {
        (await SendAsync(Candidate("a", 2, Full, FullFor(3)), Candidate("b", 1, FullFor(90)))).Problem!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
        (await SendAsync(Candidate("c", 1, FullFor(3)), Candidate("d", 1, Late))).Problem.ShouldBe(Late);
        (await SendAsync(Candidate("e", 1, Provider, FullFor(9)))).Problem!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(9));

        static Problem FullFor(int seconds) => Full with { RetryAfter = TimeSpan.FromSeconds(seconds) };
    }

    [Fact]
    public async Task A_providers_fault_is_tried_once_more_and_then_elsewhere()
    {
        await SendAsync(Candidate("a", 3, Provider, Provider), Candidate("b", 1, [null]));

        _tried.ShouldBe(["a/key1", "a/key1", "b/key1"]);
    }

    [Fact]
    public async Task What_took_too_long_is_tried_elsewhere_only()
    {
        await SendAsync(Candidate("a", 3, Late), Candidate("b", 1, [null]));

        _tried.ShouldBe(["a/key1", "b/key1"]);
    }

    [Fact]
    public async Task The_callers_fault_is_tried_nowhere_else()
    {
        (await SendAsync(Candidate("a", 3, Caller), Candidate("b", 1, [null]))).Problem.ShouldBe(Caller);

        _tried.ShouldBe(["a/key1"]);
    }

    [Fact]
    public async Task Tries_are_bounded()
    {
        (await SendAsync(Candidate("a", 9, Key, Key, Key, Key, Key, Key))).Problem.ShouldBe(Key);

        _tried.Count.ShouldBe(_options.TriesMax);
    }

    [Fact]
    public async Task Nothing_is_tried_for_a_client_that_left_nor_when_the_time_is_over()
    {
        using var gone = new CancellationTokenSource();
        await SendAsync(gone.Token, Candidate("a", 1, () => { gone.Cancel(); return Provider; }), Candidate("b", 1, [null]));

        _tried.ShouldBe(["a/key1"]);
        _health.CircuitOf(RouteOf("a")).Wait.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_failure_of_the_upstream()
    {
        for (var i = 0; i < 10; i++)
        {
            using var gone = new CancellationTokenSource();
            await SendAsync(gone.Token, Candidate("a", 1, () => { gone.Cancel(); return Late; }));
        }

        _health.CircuitOf(RouteOf("a")).TryEnter(out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Failures_open_the_circuit_and_refusals_do_not()
    {
        for (var i = 0; i < 10; i++)
        {
            await SendAsync(Candidate("a", 1, Caller));
            await SendAsync(Candidate("b", 1, Full));
        }

        await SendAsync(Candidate("c", 1, Provider, Provider));
        await SendAsync(Candidate("c", 1, Provider, Provider));

        _health.CircuitOf(RouteOf("a")).Wait.ShouldBe(TimeSpan.Zero);
        _health.CircuitOf(RouteOf("b")).Wait.ShouldBe(TimeSpan.Zero);
        _health.CircuitOf(RouteOf("c")).Wait.ShouldBe(_options.CircuitBreak);
        _tried.Count(static tried => tried == "c/key1").ShouldBe(3, "the circuit opened in between");
    }

    [Fact]
    public async Task A_fault_of_ours_gives_the_probe_back()
    {
        await SendAsync(Candidate("a", 1, Provider, Provider));
        await SendAsync(Candidate("a", 1, Provider, Provider));
        _time.Move(_options.CircuitBreak);

        await Should.ThrowAsync<NotSupportedException>(() => SendAsync(Candidate("a", 1, () => throw new NotSupportedException())));

        _health.CircuitOf(RouteOf("a")).TryEnter(out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_free_route_of_the_same_order_is_taken_before_a_place_is_waited_for()
    {
        var (full, free) = (Candidate("a", 1, [null]), Candidate("b", 1, Late));
        full = full with { Upstream = full.Upstream with { OpenCallsMax = 1 } };
        using var taken = _gates.Of(full.Upstream).TryEnter(full.Upstream, CallShare.None)!;

        var sending = SendAsync(full, free);
        _tried.ShouldBe(["b/key1"]);
        sending.IsCompleted.ShouldBeFalse("b failed, and a's turn comes again");
        taken.Dispose();

        (await sending).Problem.ShouldBeNull();
        _tried.ShouldBe(["b/key1", "a/key1"]);
        _gates.Of(full.Upstream).CountByTier()[(int)ServiceTier.Standard].ShouldBe((0, 0));
    }

    [Fact]
    public async Task Where_nothing_is_free_in_time_the_next_order_is_tried_and_its_room_is_what_counts()
    {
        var full = Candidate("a", 1);
        full = full with { Upstream = full.Upstream with { OpenCallsMax = 1, QueueTime = TimeSpan.FromMilliseconds(1) } };
        using var taken = _gates.Of(full.Upstream).TryEnter(full.Upstream, CallShare.None)!;
        var later = Candidate("b", 1, [null]);

        (await SendAsync(full)).Problem!.Code.ShouldBe(ProblemCode.QueueTimeout);
        (await SendAsync(full, later with { Route = later.Route with { Order = 2 } })).Problem.ShouldBeNull();
        _gates.Of(full.Upstream).CountByTier()[(int)ServiceTier.Standard].ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_place_is_given_back_however_a_try_ends()
    {
        foreach (var end in new Func<Problem?>[] { () => null, () => Caller, () => Late, () => Key, () => throw new NotSupportedException() })
        {
            var candidate = Candidate("a", 1, end);
            candidate = candidate with { Upstream = candidate.Upstream with { OpenCallsMax = 1 } };
            try
            {
                await SendAsync(candidate);
            }
            catch (NotSupportedException)
            {
            }

            _gates.Of(candidate.Upstream).CountByTier()[(int)ServiceTier.Standard].ShouldBe((0, 0));
            _time.Move(TimeSpan.FromMinutes(2));
        }
    }

    private static Route RouteOf(string upstream) => new(upstream, "m", 1, 1);

    private Task<Outcome<UpstreamAnswer>> SendAsync(params Candidate[] candidates) => SendAsync(CancellationToken.None, candidates);

    private async Task<Outcome<UpstreamAnswer>> SendAsync(CancellationToken gone, params Candidate[] candidates)
    {
        using var life = new CallLife(_options, TimeProvider.System, gone);
        var call = new RoutedCall(
            candidates[0], [.. candidates.Select(static candidate => candidate.Route)], 0, route => candidates.Single(candidate => candidate.Route.Equals(route)), _health, _gates, CallShare.None, _options,
            static () => 0.5, TimeProvider.System);
        return await call.SendAsync(life);
    }

    private Candidate Candidate(string upstream, int keys, params Problem?[] answers)
    {
        var left = new Queue<Problem?>(answers);
        return Candidate(upstream, keys, left.Dequeue);
    }

    private Candidate Candidate(string upstream, int keys, Func<Problem?> answer) => new(
        RouteOf(upstream), new Upstream(upstream, UpstreamKind.OpenAi, "http://127.0.0.1:9", null),
        new PreparedCall(1, (key, _) =>
        {
            _tried.Add($"{upstream}/{key.Id}");
            return Task.FromResult(answer() is { } problem ? problem : (Outcome<UpstreamAnswer>)(UpstreamAnswer)new WholeAnswer(default, default));
        }),
        [.. Enumerable.Range(1, keys).Select(static number => new UpstreamKey(string.Create(CultureInfo.InvariantCulture, $"key{number}"), "secret"))]);
}
