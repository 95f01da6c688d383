using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>
/// Anthropic's messages: the prompt's tokens come in <c>message_start</c>, the output's in <c>message_delta</c>, which counts up and may repeat the
/// others; <c>message_stop</c> is last.
/// </summary>
internal sealed class MessagesTap(UpstreamCall call) : AnswerTap(Operation.Messages, call)
{
    // A stream begins with the usage of its prompt, in which the output counts as good as nothing yet.
    private bool _isOutputSaid;

    /// <inheritdoc/>
    protected override bool IsOutputSaid => _isOutputSaid;

    /// <inheritdoc/>
    protected override EventRole TakeEvent(ReadOnlySpan<byte> data)
    {
        var (isLast, isDelta, hasUsage) = (false, false, false);
        var reader = Begin(data);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isLast |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("message_stop"u8);
                isDelta |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("message_delta"u8);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("delta"u8))
            {
                ReadPart(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
                hasUsage |= reader.TokenType == JsonTokenType.EndObject;
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
        _isOutputSaid |= isDelta && hasUsage;
        return isLast ? EventRole.Last : EventRole.Piece;
    }

    /// <inheritdoc/>
    protected override void TakeObject(ReadOnlySpan<byte> body)
    {
        _isOutputSaid = true;
        var isAnswer = false;
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                ReadError(ref reader);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                ReadPart(ref reader);
                isAnswer |= reader.TokenType == JsonTokenType.EndArray;
            }
            else
            {
                reader.Skip();
            }
        }

        End(ref reader);
        if (!isAnswer)
        {
            throw NoAnswer();
        }
    }

    // A message with its usage, a delta or a list of blocks with their text.
    private void ReadPart(ref Utf8JsonReader reader)
    {
        reader.Read();
        var depth = reader.CurrentDepth;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("usage"u8) && reader.CurrentDepth == depth + 1)
            {
                ReadUsage(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("partial_json"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    Text.Add(ref reader);
                }
            }
        }
    }
}
