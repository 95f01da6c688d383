namespace FakeUpstream;

/// <summary>The latest requests, at most <see cref="FakeUpstreamServer.KeptRequests"/>. Thread-safe.</summary>
internal sealed class SeenRequests
{
    private readonly Lock _lock = new();
    private readonly Queue<SeenRequest> _requests = new();
    private TaskCompletionSource _arrived = New();

    public long Count { get; private set; }

    public SeenRequest Add(HttpRequest request, byte[] body)
    {
        var headers = request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var text = System.Text.Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, FakeUpstreamServer.KeptBodyBytes));
        lock (_lock)
        {
            Count++;
            var seen = new SeenRequest(Count, request.Method, request.Path.Value ?? "", request.QueryString.Value ?? "", headers, text);
            _requests.Enqueue(seen);
            if (_requests.Count > FakeUpstreamServer.KeptRequests)
            {
                _requests.Dequeue();
            }

            _arrived.TrySetResult();
            _arrived = New();
            return seen;
        }
    }

    public IReadOnlyList<SeenRequest> ToList()
    {
        lock (_lock)
        {
            return [.. _requests];
        }
    }

    public async Task WaitAsync(long count, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (Count >= count)
                {
                    return;
                }

                next = _arrived.Task;
            }

            await next.WaitAsync(limit.Token);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
