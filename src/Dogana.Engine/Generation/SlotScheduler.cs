using Dogana.Engine.Llama;

namespace Dogana.Engine.Generation;

/// <summary>
/// Runs calls on a fixed number of threads of its own, one call a slot, first come first served. Calls that find no slot wait in a
/// queue with a bound. The server's thread pool never works for a model.
/// </summary>
internal sealed class SlotScheduler
{
    private readonly object _gate = new();
    private readonly LinkedList<GenerationCall> _waiting = [];
    private readonly HashSet<GenerationCall> _running = [];
    private readonly Thread[] _workers;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _waitingMax;
    private readonly Func<DecodingSlot> _createSlot;
    private readonly Func<GenerationCall, DecodingSlot, GenerationEnd> _answer;
    private int _workersLeft;
    private bool _closing;

    public SlotScheduler(
        int slots, int waitingMax, Func<DecodingSlot> createSlot, Func<GenerationCall, DecodingSlot, GenerationEnd> answer)
    {
        _waitingMax = waitingMax;
        _createSlot = createSlot;
        _answer = answer;
        _workersLeft = slots;
        _workers = new Thread[slots];
        for (int i = 0; i < slots; i++)
        {
            _workers[i] = new Thread(Work) { IsBackground = true, Name = $"model slot {i}" };
            _workers[i].Start();
        }
    }

    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <exception cref="EngineBusyException">All slots are in use and the queue is full.</exception>
    public void Enqueue(GenerationCall call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(EmbeddedChatModel));
            // A call that an idle worker is about to take does not count as waiting.
            if (_running.Count + _waiting.Count >= _workers.Length + _waitingMax)
            {
                throw new EngineBusyException(_waitingMax);
            }

            call.Place = _waiting.AddLast(call);
            Monitor.Pulse(_gate);
        }

        // Outside of the lock: a call that is cancelled already runs this at once.
        call.WhenCancelled(Withdraw);
    }

    /// <summary>Takes no more calls, lets those it has finish, and after <paramref name="patience"/> cancels the rest.</summary>
    public void Close(TimeSpan patience, TimeProvider time)
    {
        BeginClosing();
        long start = time.GetTimestamp();
        foreach (Thread worker in _workers)
        {
            TimeSpan left = patience - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || !worker.Join(left))
            {
                CancelAll();
                worker.Join();
            }
        }
    }

    /// <inheritdoc cref="Close"/>
    public async Task CloseAsync(TimeSpan patience, TimeProvider time)
    {
        BeginClosing();
        try
        {
            await _ended.Task.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            CancelAll();
            await _ended.Task;
        }
    }

    private void BeginClosing()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void CancelAll()
    {
        GenerationCall[] calls;
        lock (_gate)
        {
            calls = [.. _waiting, .. _running];
        }

        foreach (GenerationCall call in calls)
        {
            call.CancelAsClosed();
        }
    }

    private void Withdraw(GenerationCall call)
    {
        lock (_gate)
        {
            if (call.Place is null)
            {
                return;
            }

            _waiting.Remove(call.Place);
            call.Place = null;
        }

        call.Fail(new OperationCanceledException(call.Cancellation));
    }

    private void Work()
    {
        DecodingSlot? slot = null;
        while (Take() is { } call)
        {
            Action finish;
            try
            {
                slot ??= _createSlot();
                GenerationEnd end = _answer(call, slot);
                finish = () => call.Complete(end);
            }
            catch (Exception error)
            {
                // The worker's edge: whatever went wrong belongs to the call, and the slot serves the next one.
                finish = () => call.Fail(error);
            }

            lock (_gate)
            {
                _running.Remove(call);
            }

            // Whoever sees the end of an answer finds its slot free.
            finish();
        }

        if (Interlocked.Decrement(ref _workersLeft) == 0)
        {
            _ended.SetResult();
        }
    }

    private GenerationCall? Take()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closing)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            GenerationCall call = _waiting.First!.Value;
            _waiting.RemoveFirst();
            call.Place = null;
            _running.Add(call);
            return call;
        }
    }
}
