using System.Buffers;
using System.Text.Json;
using Dogana.Fingerprints;

namespace Dogana.Conduct.Signals;

/// <summary>
/// What a request asks the model for, out of its JSON (chat completions, completions, responses, messages, embeddings): the system's text and what the user said last, which is
/// what this call is about; earlier turns were looked at when they were sent. Bounded by <see cref="BytesMax"/>. Used again and again by one thread.
/// </summary>
internal sealed class PromptText
{
    /// <summary>What is looked at of one text; what lies beyond is not read. Two texts make up a prompt.</summary>
    public const int BytesMax = 64 * 1024;

    private readonly byte[] _system = new byte[BytesMax];
    private readonly byte[] _user = new byte[BytesMax];
    private readonly byte[] _joined = new byte[(2 * BytesMax) + 1];
    private int _systemLength;
    private int _userLength;
    private int _joinedLength;

    /// <summary>The system's text, a line end, and the user's.</summary>
    public ReadOnlySpan<byte> Text => _joined.AsSpan(0, _joinedLength);

    /// <summary>Where the user's text begins in <see cref="Text"/>.</summary>
    public int UserStart => _joinedLength - _userLength;

    /// <summary>Does the call want log probabilities?</summary>
    public bool WantsLogProbabilities { get; private set; }

    /// <summary>A hash of the biases on tokens; 0 where there are none.</summary>
    public ulong Bias { get; private set; }

    /// <summary>The most tokens that the call wants; 0 where it does not say.</summary>
    public long TokensMax { get; private set; }

    /// <summary>Reads a request's body. What is no JSON of a known shape has no text.</summary>
    public void Read(ReadOnlySpan<byte> body)
    {
        (_systemLength, _userLength, _joinedLength, WantsLogProbabilities, Bias, TokensMax) = (0, 0, 0, false, 0, 0);
        try
        {
            var reader = new Utf8JsonReader(body);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadRequest(ref reader);
            }
        }
        catch (JsonException)
        {
            // Bodies were checked before; whatever was read until here is looked at.
        }

        _system.AsSpan(0, _systemLength).CopyTo(_joined);
        _joinedLength = _systemLength;
        if (_systemLength > 0)
        {
            _joined[_joinedLength++] = (byte)'\n';
        }

        _user.AsSpan(0, _userLength).CopyTo(_joined.AsSpan(_joinedLength));
        _joinedLength += _userLength;
    }

    private void ReadRequest(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("messages"u8) || reader.ValueTextEquals("input"u8) || reader.ValueTextEquals("prompt"u8))
            {
                reader.Read();
                ReadTurns(ref reader);
            }
            else if (reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("instructions"u8))
            {
                reader.Read();
                ReadContent(ref reader, _system, ref _systemLength);
            }
            else if (reader.ValueTextEquals("logprobs"u8) || reader.ValueTextEquals("top_logprobs"u8))
            {
                reader.Read();
                WantsLogProbabilities |= reader.TokenType == JsonTokenType.True || (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var top) && top > 0);
            }
            else if (reader.ValueTextEquals("logit_bias"u8))
            {
                ReadBias(ref reader);
            }
            else if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8) || reader.ValueTextEquals("max_output_tokens"u8))
            {
                reader.Read();
                TokensMax = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var tokens) ? tokens : 0;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private void ReadBias(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            foreach (var value in reader.HasValueSequence ? default : reader.ValueSpan)
            {
                Bias = WordReader.Mix(unchecked(Bias + value + 1));
            }
        }
    }

    // A text, texts, or turns with roles.
    private void ReadTurns(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            ReadContent(ref reader, _user, ref _userLength);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadTurn(ref reader);
            }
            else
            {
                ReadContent(ref reader, _user, ref _userLength);
            }
        }
    }

    private void ReadTurn(ref Utf8JsonReader reader)
    {
        var before = reader; // the role may stand behind the content
        var (isUser, isSystem) = (true, false);
        var depth = reader.CurrentDepth;
        while (before.Read() && before.CurrentDepth > depth)
        {
            if (before.TokenType == JsonTokenType.PropertyName && before.ValueTextEquals("role"u8))
            {
                before.Read();
                isUser = before.ValueTextEquals("user"u8);
                isSystem = before.ValueTextEquals("system"u8) || before.ValueTextEquals("developer"u8);
                break;
            }

            before.Read();
            before.Skip();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("text"u8);
            reader.Read();
            if (isContent && isSystem)
            {
                ReadContent(ref reader, _system, ref _systemLength);
            }
            else if (isContent && isUser)
            {
                _userLength = 0;
                ReadContent(ref reader, _user, ref _userLength);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // A string, or parts with texts.
    private static void ReadContent(ref Utf8JsonReader reader, byte[] into, ref int length)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            Append(ref reader, into, ref length);
        }
        else if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            var depth = reader.CurrentDepth;
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    Append(ref reader, into, ref length);
                }
                else if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isText = reader.ValueTextEquals("text"u8);
                    reader.Read();
                    if (isText && reader.TokenType == JsonTokenType.String)
                    {
                        Append(ref reader, into, ref length);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
        }
    }

    private static void Append(ref Utf8JsonReader reader, byte[] into, ref int length)
    {
        if (length > 0 && length < into.Length)
        {
            into[length++] = (byte)'\n';
        }

        var room = into.AsSpan(length);
        if (!reader.ValueIsEscaped && !reader.HasValueSequence)
        {
            var taken = Math.Min(room.Length, reader.ValueSpan.Length);
            reader.ValueSpan[..taken].CopyTo(room);
            length += taken;
            return;
        }

        var needed = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        if (needed <= room.Length)
        {
            length += reader.CopyString(room);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(needed);
        var copied = reader.CopyString(rented);
        rented.AsSpan(0, Math.Min(copied, room.Length)).CopyTo(room);
        length += Math.Min(copied, room.Length);
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }
}
