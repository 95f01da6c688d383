using Dogana.Gateway;
using Dogana.Gateway.Routing;

namespace Dogana.Tests.Gateway.Routing;

public sealed class CircuitTests
{
    private static readonly GatewayOptions Options = new() { CircuitFailures = 3, CircuitBreak = TimeSpan.FromSeconds(5), CircuitBreakMax = TimeSpan.FromSeconds(60) };

    private readonly ManualClock _time = new();
    private readonly Circuit _circuit;

    public CircuitTests() => _circuit = new Circuit(Options, _time);

    [Fact]
    public void It_opens_after_failures_in_a_row_and_not_before()
    {
        Fail(2);
        _circuit.Succeed(Enter());
        Fail(2);
        _circuit.TryEnter(out _).ShouldBeTrue();
        _circuit.Wait.ShouldBe(TimeSpan.Zero);

        Fail(1);

        _circuit.TryEnter(out _).ShouldBeFalse();
        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void One_probe_at_a_time_is_let_through_when_the_break_is_over()
    {
        Fail(3);
        _time.Move(TimeSpan.FromSeconds(4.9));
        _circuit.TryEnter(out _).ShouldBeFalse();
        _time.Move(TimeSpan.FromSeconds(0.1));

        _circuit.Wait.ShouldBe(TimeSpan.Zero);
        var probe = Enter();
        _circuit.TryEnter(out _).ShouldBeFalse("a probe is under way");
        _circuit.Wait.ShouldBeGreaterThan(TimeSpan.Zero);

        _circuit.Succeed(probe);
        Enter();
        Enter();
    }

    [Fact]
    public void A_probe_that_is_given_up_makes_room_for_the_next()
    {
        Fail(3);
        _time.Move(TimeSpan.FromSeconds(5));
        _circuit.Release(Enter());

        Enter();
    }

    [Fact]
    public void Each_probe_that_fails_doubles_the_break_up_to_a_bound_and_a_success_begins_anew()
    {
        Fail(3);
        foreach (var seconds in new[] { 5, 10, 20, 40, 60, 60 })
        {
            _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(seconds));
            _time.Move(_circuit.Wait);
            _circuit.Fail(Enter());
        }

        for (var i = 0; i < 100; i++)
        {
            _time.Move(TimeSpan.FromSeconds(60));
            _circuit.Fail(Enter()); // nothing overflows
        }

        _time.Move(TimeSpan.FromSeconds(60));
        _circuit.Succeed(Enter());
        Fail(3);
        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Failures_of_calls_that_began_before_it_opened_do_not_prolong_the_break()
    {
        var late = Enter(5);
        Fail(3);
        _time.Move(TimeSpan.FromSeconds(3));
        Array.ForEach(late, _circuit.Fail);

        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void However_a_call_ends_that_began_before_it_opened_the_probe_stays_the_only_one()
    {
        var late = Enter(5);
        var probe = Probe();

        _circuit.Release(late[0]);
        _circuit.Fail(late[1]);
        _circuit.Succeed(late[2]);

        _circuit.TryEnter(out _).ShouldBeFalse();
        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(5), "the late failure did not prolong it");
        _circuit.Fail(probe);
        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(10), "the probe's own did");
        _circuit.Succeed(late[3]);
        _circuit.Release(late[4]);
        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_an_earlier_probe_ends_as_says_nothing_of_a_later_one()
    {
        var first = Probe();
        _circuit.Release(first);
        var second = Enter();

        _circuit.Release(first);
        _circuit.Fail(first);
        _circuit.Succeed(first);

        _circuit.TryEnter(out _).ShouldBeFalse();
        _circuit.Succeed(second);
        Enter();
    }

    [Fact]
    public void Failures_of_calls_that_began_before_it_opened_do_not_open_it_again_after_a_probe_succeeded()
    {
        var late = Enter(5);
        _circuit.Succeed(Probe());

        Array.ForEach(late, _circuit.Fail);

        _circuit.Wait.ShouldBe(TimeSpan.Zero);
    }

    private CircuitTicket Enter()
    {
        _circuit.TryEnter(out var ticket).ShouldBeTrue();
        return ticket;
    }

    private CircuitTicket[] Enter(int times) => [.. Enumerable.Range(0, times).Select(_ => Enter())];

    private CircuitTicket Probe()
    {
        Fail(3);
        _time.Move(TimeSpan.FromSeconds(5));
        return Enter();
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _circuit.Fail(Enter());
        }
    }
}
