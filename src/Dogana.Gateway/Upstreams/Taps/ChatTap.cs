using System.Numerics;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>Chat completions, completions and embeddings: OpenAI's older wire, with <c>choices</c> and <c>[DONE]</c>.</summary>
internal sealed class ChatTap(Operation served, UpstreamCall call) : AnswerTap(served, call)
{
    private readonly bool _isEmbedding = served == Operation.Embeddings;

    // So many must end.
    private readonly int _choices = call.Request.ShownChoices;

    // Which choices have begun and which have ended; more than 64 are not asked for.
    private ulong _begun;
    private ulong _ended;
    private bool _isAnswer;

    /// <inheritdoc/>
    public override bool IsFinished => (_begun & ~_ended) == 0 && BitOperations.PopCount(_ended) >= _choices;

    /// <inheritdoc/>
    protected override EventRole TakeEvent(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            return EventRole.Last;
        }

        return TakeObject(data, out var hasUsage) == 0 && hasUsage ? EventRole.UsageOnly : EventRole.Piece;
    }

    /// <inheritdoc/>
    protected override void TakeObject(ReadOnlySpan<byte> body)
    {
        TakeObject(body, out _);
        if (!_isAnswer)
        {
            throw NoAnswer();
        }
    }

    private int TakeObject(ReadOnlySpan<byte> json, out bool hasUsage)
    {
        hasUsage = false;
        var choices = 0;
        var reader = Begin(json);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                choices = ReadChoices(ref reader);
                _isAnswer |= !_isEmbedding && reader.TokenType == JsonTokenType.EndArray;
            }
            else if (_isEmbedding && reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                _isAnswer = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
                hasUsage = reader.TokenType == JsonTokenType.EndObject;
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
        return choices;
    }

    private int ReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }

        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadChoice(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return count;
    }

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        var (index, isEnded) = (0L, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
            {
                ReadMessage(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8)) // completions
            {
                reader.Read();
                Text.Add(ref reader);
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                reader.Read();
                isEnded |= reader.TokenType == JsonTokenType.String;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                _ = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out index);
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        var choice = 1UL << (int)Math.Clamp(index, 0, 63);
        _begun |= choice;
        _ended |= isEnded ? choice : 0;
    }

    // All that a model generates: text, refusals, reasoning, and the names and arguments of tools.
    private void ReadMessage(ref Utf8JsonReader reader)
    {
        reader.Read();
        var depth = reader.CurrentDepth;
        if (reader.TokenType != JsonTokenType.StartObject)
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

            var isText = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("refusal"u8)
                || reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8) || reader.ValueTextEquals("name"u8);
            reader.Read();
            if (isText && reader.TokenType == JsonTokenType.String)
            {
                Text.Add(ref reader);
            }
        }
    }
}
