using System.Net;
using System.Net.Http.Headers;

namespace Dogana.Bench.Growth;

/// <summary>Streams that are read as their chunks come, and stay open until this is disposed.</summary>
internal sealed class OpenStreams : IAsyncDisposable
{
    private const int AtOnce = 50;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxResponseDrainSize = 0 }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _reading = [];
    private readonly byte[] _body;

    public OpenStreams(Uri server, string key, byte[] body)
    {
        _body = body;
        _http.BaseAddress = server;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Opens streams until so many are open, and waits for the first chunk of each.</summary>
    public async Task OpenAsync(int count, CancellationToken cancellation)
    {
        while (_reading.Count < count)
        {
            var opened = await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count - _reading.Count)).Select(_ => OpenAsync(cancellation)));
            _reading.AddRange(opened.Select(ReadAsync));
        }
    }

    /// <summary>Says so when one of them has ended.</summary>
    public void CheckAlive()
    {
        if (_reading.Count(static reading => reading.IsCompleted) is > 0 and var ended)
        {
            throw new BenchmarkFailedException($"{ended} of {_reading.Count} open streams ended by themselves.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _end.Dispose();
    }

    private async Task<HttpResponseMessage> OpenAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(_body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return answer.StatusCode == HttpStatusCode.OK
            ? answer
            : throw new BenchmarkFailedException($"a stream was refused: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            await using var events = await answer.Content.ReadAsStreamAsync(_end.Token);
            var buffer = new byte[4096];
            while (await events.ReadAsync(buffer, _end.Token) > 0)
            {
            }
        }
    }
}
