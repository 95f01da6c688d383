using System.Text.Json;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams.Sse;
using Dogana.Gateway.Upstreams.Taps;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>Speech that the upstream sends in events, as its client asked for it: the sound alone. Its last byte waits for the event that says what it cost.</summary>
internal sealed class SpokenEvents(StreamedAnswer events, string contentType, HttpUpstream upstream) : StreamedAnswer
{
    private readonly Sound _sound = new();

    /// <inheritdoc/>
    public override TokenUsage Usage => events.Usage;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Text => default; // sound

    /// <inheritdoc/>
    public override string ContentType => contentType;

    /// <summary>The content type of a format. Source: OpenAI's API reference, "Create speech", response_format.</summary>
    public static string TypeOf(string format) => format switch
    {
        "mp3" => "audio/mpeg",
        "opus" or "aac" or "flac" or "wav" or "pcm" => "audio/" + format,
        _ => "application/octet-stream",
    };

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => events.DisposeAsync();

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(IEventSink sink)
    {
        _sound.Next = sink;
        var hasMore = await events.NextAsync(_sound);
        return hasMore || _sound.End() ? hasMore : throw new ProblemException(upstream.Failed("sent no byte of an answer"));
    }

    private sealed class Sound : IEventSink
    {
        private byte? _waiting;

        public IEventSink Next { get; set; } = NoEvents.Instance;

        public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
        {
            var reader = new Utf8JsonReader(data);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("audio"u8) && reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    Write(reader.TryGetBytesFromBase64(out var bytes) ? bytes : throw new BrokenAnswerException(ProblemCode.UpstreamFailed, "sent a piece of sound that is not base64"));
                }
            }
        }

        public bool End()
        {
            if (_waiting is { } last)
            {
                Next.Write(default, [last]);
            }

            return _waiting is not null;
        }

        private void Write(byte[] bytes)
        {
            if (bytes.Length == 0)
            {
                return;
            }

            if (_waiting is { } before)
            {
                Next.Write(default, [before]);
            }

            Next.Write(default, bytes.AsSpan(0, bytes.Length - 1));
            _waiting = bytes[^1];
        }
    }
}
