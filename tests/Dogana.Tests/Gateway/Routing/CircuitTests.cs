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
        _circuit.Succeed();
        Fail(2);
        _circuit.TryEnter().ShouldBeTrue();
        _circuit.Wait.ShouldBe(TimeSpan.Zero);

        Fail(1);

        _circuit.TryEnter().ShouldBeFalse();
        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void One_probe_at_a_time_is_let_through_when_the_break_is_over()
    {
        Fail(3);
        _time.Move(TimeSpan.FromSeconds(4.9));
        _circuit.TryEnter().ShouldBeFalse();
        _time.Move(TimeSpan.FromSeconds(0.1));

        _circuit.Wait.ShouldBe(TimeSpan.Zero);
        _circuit.TryEnter().ShouldBeTrue();
        _circuit.TryEnter().ShouldBeFalse("a probe is under way");
        _circuit.Wait.ShouldBeGreaterThan(TimeSpan.Zero);

        _circuit.Succeed();
        _circuit.TryEnter().ShouldBeTrue();
        _circuit.TryEnter().ShouldBeTrue();
    }

    [Fact]
    public void A_probe_that_is_given_up_makes_room_for_the_next()
    {
        Fail(3);
        _time.Move(TimeSpan.FromSeconds(5));
        _circuit.TryEnter().ShouldBeTrue();
        _circuit.Release();

        _circuit.TryEnter().ShouldBeTrue();
    }

    [Fact]
    public void Each_probe_that_fails_doubles_the_break_up_to_a_bound_and_a_success_begins_anew()
    {
        Fail(3);
        foreach (var seconds in new[] { 5, 10, 20, 40, 60, 60 })
        {
            _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(seconds));
            _time.Move(_circuit.Wait);
            _circuit.TryEnter().ShouldBeTrue();
            _circuit.Fail();
        }

        for (var i = 0; i < 100; i++)
        {
            _time.Move(TimeSpan.FromSeconds(60));
            _circuit.TryEnter().ShouldBeTrue();
            _circuit.Fail(); // nothing overflows
        }

        _time.Move(TimeSpan.FromSeconds(60));
        _circuit.TryEnter().ShouldBeTrue();
        _circuit.Succeed();
        Fail(3);
        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Failures_of_calls_that_began_before_it_opened_do_not_prolong_the_break()
    {
        Fail(3);
        _time.Move(TimeSpan.FromSeconds(3));
        Fail(5);

        _circuit.Wait.ShouldBe(TimeSpan.FromSeconds(2));
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _circuit.Fail();
        }
    }
}
