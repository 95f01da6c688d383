namespace FakeUpstream;

/// <summary>Counts the requests that are being read or answered. Thread-safe.</summary>
internal sealed class OpenRequests
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;

    public int Count { get; private set; }

    public Mark Add()
    {
        lock (_lock)
        {
            Count++;
        }

        return new Mark(this);
    }

    public async Task WaitAsync(int atMost, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (Count <= atMost)
                {
                    return;
                }

                _changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                next = _changed.Task;
            }

            await next.WaitAsync(limit.Token);
        }
    }

    private void Remove()
    {
        lock (_lock)
        {
            Count--;
            _changed?.SetResult();
            _changed = null;
        }
    }

    /// <summary>Stands for one request until it is disposed.</summary>
    internal readonly struct Mark(OpenRequests all) : IDisposable
    {
        public void Dispose() => all.Remove();
    }
}
