using System.Buffers.Text;
using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>
/// Speech that was written down: JSON, events or plain text. How long it lasted is the upstream's word; where it says nothing, what was measured before, or the last time that its text
/// names, whichever is more. Source: OpenAI's API reference, "Create transcription".
/// </summary>
internal sealed class TranscriptionTap(UpstreamCall call) : MediaTap(Operation.Transcriptions, call)
{
    // Far above any file, far below where sums overflow.
    private const long CountMax = 1_000_000_000;

    private long? _saidSeconds;
    private long? _sound;
    private long _lastSecond;

    /// <inheritdoc/>
    protected override TokenUsage? Said => base.Said is not { } said ? null
        : (_sound ?? said.PromptTokens) is var sound // what is not said to be text is sound
           && sound > said.PromptTokens ? null
        : new TokenUsage(said.PromptTokens - sound, 0, said.OutputTokens) { Units = sound == 0 ? null : new MeteredUnits(Catalog.Meter.AudioInputTokens, sound) };

    /// <summary>Takes a whole answer of plain text: with times in it (SRT, WebVTT) or without.</summary>
    public void TakePlain(ReadOnlySpan<byte> body)
    {
        for (int arrow; (arrow = body.IndexOf("-->"u8)) >= 0; body = body[(arrow + 3)..])
        {
            _lastSecond = Math.Max(_lastSecond, EndOf(body[(arrow + 3)..]));
        }
    }

    /// <inheritdoc/>
    protected override TokenUsage? Counted()
    {
        if (Call.Units is not { } units)
        {
            return null;
        }

        var measured = Math.Max(Call.Request.Media!.Length.Seconds ?? 0, _lastSecond);
        return new TokenUsage(0, 0, 0) { IsEstimated = _saidSeconds is null, Units = new MeteredUnits(units.Most.Meter, _saidSeconds ?? (measured > 0 ? measured : units.Most.Quantity)) };
    }

    // What was written down until then can be counted.
    /// <inheritdoc/>
    protected override TokenUsage Most() => base.Most() with { OutputTokens = Math.Min(Text.Count(), Call.OutputTokensMax) };

    /// <inheritdoc/>
    protected override EventRole TakeEvent(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            throw NoAnswer(); // the last event of one comes before it, and ends it
        }

        var type = Take(data, isEvent: true, out _);
        if (type == "error")
        {
            throw Failure();
        }

        if (type != "transcript.text.done")
        {
            return EventRole.Piece;
        }

        Finish();
        return EventRole.Last;
    }

    /// <inheritdoc/>
    protected override void TakeObject(ReadOnlySpan<byte> body)
    {
        Take(body, isEvent: false, out var hasText);
        if (!hasText)
        {
            throw NoAnswer();
        }

        Finish();
    }

    private string? Take(ReadOnlySpan<byte> json, bool isEvent, out bool hasText)
    {
        (string? type, hasText) = (null, false);
        var reader = Begin(json);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isEvent && reader.ValueTextEquals("type"u8))
            {
                type = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals(isEvent ? "delta"u8 : "text"u8))
            {
                reader.Read();
                hasText |= reader.TokenType == JsonTokenType.String;
                Text.Add(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadSound(reader);
                ReadUsage(ref reader);
            }
            else if (!isEvent && reader.ValueTextEquals("duration"u8))
            {
                reader.Read();
                _saidSeconds ??= Seconds(reader); // usage goes before it, wherever it stands
                reader.Skip();
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
        return type;
    }

    // What usage says of sound, read on a copy: the rest of it is read as everybody's.
    private void ReadSound(Utf8JsonReader reader)
    {
        reader.Read();
        var depth = reader.CurrentDepth;
        while (reader.TokenType == JsonTokenType.StartObject || reader.CurrentDepth > depth)
        {
            if (!reader.Read())
            {
                return;
            }

            var (isSeconds, isSound) = reader.TokenType != JsonTokenType.PropertyName ? default : (reader.ValueTextEquals("seconds"u8), reader.ValueTextEquals("audio_tokens"u8));
            if (isSeconds && reader.Read())
            {
                _saidSeconds = Seconds(reader) ?? _saidSeconds;
            }
            else if (isSound && reader.Read() && reader.TokenType == JsonTokenType.Number)
            {
                _sound = reader.TryGetInt64(out var count) && count is >= 0 and <= CountMax ? count : CountMax; // more than any prompt: then none of it is believed
            }
        }
    }

    private static long? Seconds(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var seconds) && seconds is >= 0 and <= CountMax ? (long)decimal.Ceiling(seconds) : null;

    // Behind an arrow: 00:01:02,500 in SRT; 01:02.500 or 00:01:02.500 in WebVTT. The second that has begun counts.
    private static long EndOf(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        var seconds = 0L;
        for (var parts = 0; parts < 3 && Utf8Parser.TryParse(text, out uint number, out var used) && used is > 0 and <= 9; parts++)
        {
            seconds = seconds * 60 + number;
            text = text[used..];
            if (text.IsEmpty || text[0] != (byte)':')
            {
                var hasFraction = text.Length > 1 && text[0] is (byte)',' or (byte)'.' && text[1..Math.Min(4, text.Length)].IndexOfAnyInRange((byte)'1', (byte)'9') >= 0;
                return seconds + (hasFraction ? 1 : 0);
            }

            text = text[1..];
        }

        return seconds;
    }
}
