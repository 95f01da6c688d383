using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams;

/// <summary>
/// What an upstream says that a call used. OpenAI counts cached tokens as a part of the prompt, Anthropic beside it; here each token is in one meter only.
/// A count that is missing, negative or contradicts another makes the whole no usage at all: half of it would be a wrong bill. A stream may say it
/// several times, and in parts; what it says later counts.
/// </summary>
internal struct UpstreamUsage
{
    private long? _prompt;
    private long? _output;
    private long? _total;
    private long _cached;
    private long _written;
    private bool _isWrong;

    /// <summary>Reads a <c>usage</c> value; the reader stands on it, and on its end afterwards.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        _isWrong = false; // what is said later counts
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader);
        }
    }

    /// <summary>The tokens, or null when they were not said, or not so that they can be believed.</summary>
    public readonly TokenUsage? ToTokens(Operation served)
    {
        // An embedding has no output; some servers say its total alone.
        var output = served == Operation.Embeddings ? 0 : _output;
        if (_isWrong || (_prompt ?? (served == Operation.Embeddings ? _total : null)) is not { } prompt || output is not { } generated)
        {
            return null;
        }

        if (served == Operation.Messages)
        {
            return new TokenUsage(prompt, _cached, generated) { CacheWriteTokens = _written };
        }

        // Some compatible servers leave reasoning out of completion_tokens; the total shows it, and may be the only place that does.
        if (served != Operation.Embeddings && _total is { } total && total - prompt > generated)
        {
            generated = total - prompt;
        }

        return _cached <= prompt ? new TokenUsage(prompt - _cached, _cached, generated) : null;
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
        {
            _prompt = Count(ref reader) ?? _prompt;
        }
        else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
        {
            _output = Count(ref reader) ?? _output;
        }
        else if (reader.ValueTextEquals("total_tokens"u8))
        {
            _total = Count(ref reader) ?? _total;
        }
        else if (reader.ValueTextEquals("cache_read_input_tokens"u8))
        {
            _cached = Count(ref reader) ?? _cached;
        }
        else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
        {
            _written = Count(ref reader) ?? _written;
        }
        else if (reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("input_tokens_details"u8))
        {
            ReadCached(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadCached(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
            {
                _cached = Count(ref reader) ?? _cached;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // Null means: not said. Anything but a count makes the whole unbelievable.
    private long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count is >= 0 and <= CountMax)
        {
            return count;
        }

        _isWrong |= reader.TokenType != JsonTokenType.Null;
        reader.Skip();
        return null;
    }

    // Far above any context, far below where sums overflow.
    private const long CountMax = 1_000_000_000_000;
}
