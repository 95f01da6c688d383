using System.Collections.Concurrent;
using Dogana.Engine;
using Dogana.Engine.Generation;

namespace Dogana.Tests.Engine;

public sealed class SlotSchedulerTests : IDisposable
{
    private readonly SemaphoreSlim _release = new(0);
    private readonly ConcurrentQueue<int> _started = new();
    private readonly List<SlotScheduler> _schedulers = [];
    private readonly List<GenerationCall> _calls = [];

    public void Dispose()
    {
        _schedulers.ForEach(scheduler => scheduler.Close(TimeSpan.Zero, TimeProvider.System));
        _calls.ForEach(call => call.Dispose());
        _release.Dispose();
    }

    [Fact]
    public async Task Calls_beyond_slots_and_queue_are_refused()
    {
        SlotScheduler scheduler = Start(slots: 1, waitingMax: 2);
        Enqueue(scheduler, 1);
        await Until(() => scheduler.Running == 1);
        Enqueue(scheduler, 2);
        Enqueue(scheduler, 3);
        Should.Throw<EngineBusyException>(() => Enqueue(scheduler, 4)).WaitingMax.ShouldBe(2);
        scheduler.Waiting.ShouldBe(2);
    }

    [Fact]
    public async Task Calls_are_served_in_the_order_they_came()
    {
        SlotScheduler scheduler = Start(slots: 1, waitingMax: 9);
        GenerationCall[] calls = [.. Enumerable.Range(1, 5).Select(number => Enqueue(scheduler, number))];
        _release.Release(5);
        await calls[4].Text.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
        _started.ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Slots_serve_calls_at_the_same_time()
    {
        SlotScheduler scheduler = Start(slots: 3, waitingMax: 0);
        Enqueue(scheduler, 1);
        Enqueue(scheduler, 2);
        Enqueue(scheduler, 3);
        await Until(() => scheduler.Running == 3);
    }

    [Fact]
    public async Task A_waiting_call_that_is_cancelled_leaves_the_queue_at_once()
    {
        SlotScheduler scheduler = Start(slots: 1, waitingMax: 1);
        Enqueue(scheduler, 1);
        await Until(() => scheduler.Running == 1);
        GenerationCall waiting = Enqueue(scheduler, 2);
        waiting.Cancel();
        scheduler.Waiting.ShouldBe(0);
        await Should.ThrowAsync<OperationCanceledException>(async () => await waiting.Text.Completion);
        Enqueue(scheduler, 3);
        _release.Release(3);
        await Until(() => _started.Count == 2);
        _started.ShouldBe([1, 3]);
    }

    [Fact]
    public async Task A_running_call_that_is_cancelled_frees_its_slot()
    {
        SlotScheduler scheduler = Start(slots: 1, waitingMax: 1);
        GenerationCall running = Enqueue(scheduler, 1);
        await Until(() => scheduler.Running == 1);
        running.Cancel();
        await Until(() => scheduler.Running == 0);
        await Should.ThrowAsync<OperationCanceledException>(async () => await running.Text.Completion);
    }

    [Fact]
    public async Task A_call_that_fails_does_not_take_its_slot_along()
    {
        SlotScheduler scheduler = Start(slots: 1, waitingMax: 2);
        GenerationCall failing = Enqueue(scheduler, -1);
        await Should.ThrowAsync<InvalidDataException>(async () => await failing.Text.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken));
        _release.Release();
        await Enqueue(scheduler, 2).Text.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Closing_lets_calls_finish()
    {
        SlotScheduler scheduler = Start(slots: 1, waitingMax: 2);
        GenerationCall running = Enqueue(scheduler, 1);
        GenerationCall waiting = Enqueue(scheduler, 2);
        Task closed = scheduler.CloseAsync(Patience, TimeProvider.System);
        Should.Throw<ObjectDisposedException>(() => Enqueue(scheduler, 3));
        _release.Release(2);
        await closed.WaitAsync(Patience, TestContext.Current.CancellationToken);
        running.Text.Completion.IsCompletedSuccessfully.ShouldBeTrue();
        waiting.Text.Completion.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Closing_cancels_calls_that_take_too_long()
    {
        SlotScheduler scheduler = Start(slots: 1, waitingMax: 2);
        GenerationCall running = Enqueue(scheduler, 1);
        GenerationCall waiting = Enqueue(scheduler, 2);
        await scheduler.CloseAsync(TimeSpan.FromMilliseconds(30), TimeProvider.System).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await running.Text.Completion);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await waiting.Text.Completion);
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(20);

    private static async Task Until(Func<bool> condition)
    {
        for (int i = 0; i < 2_000 && !condition(); i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        condition().ShouldBeTrue();
    }

    /// <summary>Answers wait for the test to release them; a call is known by its only prompt token.</summary>
    private SlotScheduler Start(int slots, int waitingMax)
    {
        var scheduler = new SlotScheduler(slots, waitingMax, () => null!, (call, _) =>
        {
            int number = call.Request.Prompt[0];
            _started.Enqueue(number);
            if (number < 0)
            {
                throw new InvalidDataException("Asked to fail.");
            }

            _release.Wait(call.Cancellation);
            return new GenerationEnd(AtLimit: false, 1);
        });
        _schedulers.Add(scheduler);
        return scheduler;
    }

    private GenerationCall Enqueue(SlotScheduler scheduler, int number)
    {
        var call = new GenerationCall(new GenerationRequest([number], 1, new SamplingOptions(), []), TestContext.Current.CancellationToken);
        _calls.Add(call);
        scheduler.Enqueue(call);
        return call;
    }
}
