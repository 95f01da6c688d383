using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>Speech that comes in events. Its characters are known before it is sent. Source: OpenAI's API reference, "Create speech".</summary>
internal sealed class SpeechTap(UpstreamCall call) : MediaTap(Operation.Speech, call)
{
    /// <inheritdoc/>
    protected override TokenUsage? Counted() => Call.Units is { } units ? new TokenUsage(0, 0, 0) { Units = units.Most } : null;

    /// <inheritdoc/>
    protected override EventRole TakeEvent(ReadOnlySpan<byte> data)
    {
        var role = EventRole.Piece;
        var reader = Begin(data);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                var type = ReadText(ref reader);
                role = type == "speech.audio.done" ? EventRole.Last : role;
                if (type == "error")
                {
                    throw Failure();
                }
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                ReadError(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        End(ref reader);
        if (role == EventRole.Last)
        {
            Finish();
        }

        return role;
    }

    /// <inheritdoc/>
    protected override void TakeObject(ReadOnlySpan<byte> body) => throw NoAnswer();
}
