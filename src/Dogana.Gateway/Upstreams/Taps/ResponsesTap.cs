using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>OpenAI's responses: typed events; the last one carries the whole response with its usage.</summary>
internal sealed class ResponsesTap(UpstreamCall call) : AnswerTap(Operation.Responses, call)
{
    private bool _hasOutput;

    private enum Kind
    {
        Piece,
        Last,
        Failed,
    }

    /// <inheritdoc/>
    protected override EventRole TakeEvent(ReadOnlySpan<byte> data)
    {
        // The type comes first as OpenAI writes it, and may stand anywhere.
        var kind = KindOf(data);
        if (kind == Kind.Failed)
        {
            var failed = Begin(data);
            throw Failure(ref failed);
        }

        var reader = Begin(data);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                Text.Add(ref reader);
            }
            else if (kind == Kind.Last && reader.ValueTextEquals("response"u8))
            {
                reader.Read();
                ReadResponse(ref reader, isWhole: false);
            }
            else
            {
                reader.Skip();
            }
        }

        End(ref reader);
        return kind == Kind.Last ? EventRole.Last : EventRole.Piece;
    }

    /// <inheritdoc/>
    protected override void TakeObject(ReadOnlySpan<byte> body)
    {
        var reader = Begin(body);
        ReadResponse(ref reader, isWhole: true);
        End(ref reader);
        if (!_hasOutput)
        {
            throw NoAnswer();
        }
    }

    private static Kind KindOf(ReadOnlySpan<byte> data)
    {
        var kind = Kind.Piece;
        var reader = Begin(data);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("type"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            kind = reader.TokenType != JsonTokenType.String ? Kind.Piece
                : reader.ValueTextEquals("response.completed"u8) || reader.ValueTextEquals("response.incomplete"u8) ? Kind.Last
                : reader.ValueTextEquals("response.failed"u8) || reader.ValueTextEquals("error"u8) ? Kind.Failed
                : Kind.Piece;
            break;
        }

        return kind;
    }

    private void ReadResponse(ref Utf8JsonReader reader, bool isWhole)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else if (isWhole && reader.ValueTextEquals("error"u8))
            {
                ReadError(ref reader);
            }
            else if (isWhole && reader.ValueTextEquals("output"u8))
            {
                ReadOutput(ref reader);
                _hasOutput |= reader.TokenType == JsonTokenType.EndArray;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // In a stream the text came in deltas already; in a whole answer it stands in the items.
    private void ReadOutput(ref Utf8JsonReader reader)
    {
        reader.Read();
        var depth = reader.CurrentDepth;
        while (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.Read() && reader.CurrentDepth > depth)
        {
            do
            {
                var isText = reader.TokenType == JsonTokenType.PropertyName
                    && (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("name"u8));
                if (isText)
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String)
                    {
                        Text.Add(ref reader);
                    }
                }
            }
            while (reader.Read() && reader.CurrentDepth > depth);
        }
    }
}
