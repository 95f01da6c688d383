using System.Net.ServerSentEvents;
using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.OpenAiCompatible;

/// <summary>An answer streamed by a server with OpenAI's API; each event's payload keeps its very bytes.</summary>
internal sealed class OpenAiCompatibleStream : StreamedAnswer
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly string _upstream;
    private readonly CancellationTokenSource _life;
    private readonly IAsyncEnumerator<SseItem<byte[]>> _events;
    private TokenUsage? _reported;
    private long _chunks;
    private bool _isFinished;

    public OpenAiCompatibleStream(HttpResponseMessage response, Stream stream, string upstream, CancellationToken deadline)
    {
        (_response, _stream, _upstream) = (response, stream, upstream);
        _life = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        _events = SseParser.Create(stream, static (_, data) => data.ToArray()).EnumerateAsync(_life.Token).GetAsyncEnumerator(_life.Token);
    }

    /// <summary>What the upstream reported; while it has reported nothing (the client left and it did not finish in time), the chunks with content that were seen.</summary>
    public override TokenUsage Usage => _reported ?? new TokenUsage(0, 0, _chunks);

    /// <inheritdoc/>
    public override async Task<StreamEvent?> NextAsync()
    {
        try
        {
            if (await _events.MoveNextAsync())
            {
                return _events.Current.Data.AsSpan().SequenceEqual("[DONE]"u8) ? End() : Read(_events.Current.Data);
            }
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw Cut("broke the stream off");
        }
        catch (OperationCanceledException)
        {
            throw new ProblemException(new Problem(ProblemCode.UpstreamTimeout, $"The upstream '{_upstream}' did not finish in time."));
        }

        // Some servers leave [DONE] out; a finish reason says as much. Without either the answer is not whole.
        return _isFinished ? End() : throw Cut("ended the stream before the answer was finished");
    }

    /// <inheritdoc/>
    public override async Task DrainAsync(TimeSpan limit)
    {
        _life.CancelAfter(limit);
        try
        {
            while (await NextAsync() is not null)
            {
                // Only the usage at the end matters now.
            }
        }
        catch (ProblemException)
        {
            // What was seen until here counts.
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        await _events.DisposeAsync();
        await _stream.DisposeAsync();
        _response.Dispose();
        _life.Dispose();
    }

    // As with a whole answer: nothing is served unmetered.
    private StreamEvent? End() => _reported is null ? throw Cut("did not say what the call used") : null;

    private StreamEvent Read(byte[] data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || (root.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null))
            {
                throw Cut("reported a failure within the stream");
            }

            var usage = UpstreamUsage.Find(root, Operation.ChatCompletions);
            _reported = usage ?? _reported;
            var choices = root.TryGetProperty("choices", out var list) && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;
            for (var i = 0; i < choices; i++)
            {
                _chunks += HasContent(list[i]) ? 1 : 0;
                _isFinished |= list[i].ValueKind == JsonValueKind.Object && list[i].TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String;
            }

            return new StreamEvent(data, choices == 0 && usage is not null);
        }
        catch (JsonException)
        {
            throw Cut("sent a piece that is not JSON");
        }
    }

    private static bool HasContent(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object
        && delta.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String && !content.ValueEquals("");

    private ProblemException Cut(string what) => new(new Problem(ProblemCode.UpstreamFailed, $"The upstream '{_upstream}' {what}."));
}
