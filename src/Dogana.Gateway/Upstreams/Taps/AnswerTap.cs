using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>What an event of a stream is to the relay.</summary>
internal enum EventRole
{
    /// <summary>A piece of the answer.</summary>
    Piece,

    /// <summary>The extra chunk of chat completions that only carries the usage.</summary>
    UsageOnly,

    /// <summary>The last event of a complete answer.</summary>
    Last,
}

/// <summary>An upstream's answer says that it failed, or is none.</summary>
internal sealed class BrokenAnswerException(ProblemCode code, string what) : Exception(what)
{
    public ProblemCode Code { get; } = code;
}

/// <summary>
/// Looks at an answer as it passes, whole or streamed: is it sound, is it complete, what does it say that it used, and what did it generate? One for
/// each operation that upstreams serve. Has state; serves one answer.
/// </summary>
internal abstract class AnswerTap(Operation served, UpstreamCall call) : IDisposable
{
    private UpstreamUsage _usage;

    /// <summary>Is the answer complete although no last event came? Some servers leave <c>[DONE]</c> out.</summary>
    public virtual bool IsFinished => false;

    /// <summary>Does the usage that came up to now speak of what was generated? Some upstreams say the prompt's first.</summary>
    protected virtual bool IsOutputSaid => true;

    protected UpstreamCall Call => call;

    /// <summary>What was generated.</summary>
    protected GeneratedText Text { get; } = new(call.Counter);

    /// <summary>The usage: as the upstream says; where it says nothing, counted here and marked.</summary>
    public virtual TokenUsage Usage => _usage.ToTokens(served) is not { } said ? Estimate()
        : IsOutputSaid ? said
        : said with { OutputTokens = Generated(), IsEstimated = true };

    /// <summary>A copy of what was generated up to now, as much as anybody looks at.</summary>
    public ReadOnlyMemory<byte> Generation => Text.Copy(UpstreamAnswer.TextMax);

    public static AnswerTap For(Operation served, UpstreamCall call) => served switch
    {
        Operation.Responses => new ResponsesTap(call),
        Operation.Messages => new MessagesTap(call),
        Operation.ImageGenerations => new ImageTap(call),
        Operation.Speech => new SpeechTap(call),
        Operation.Transcriptions => new TranscriptionTap(call),
        _ => new ChatTap(served, call),
    };

    /// <summary>Takes the next event of a stream.</summary>
    /// <exception cref="BrokenAnswerException">It says that the upstream failed, or is no event of this operation.</exception>
    public EventRole Take(ReadOnlySpan<byte> data)
    {
        try
        {
            return TakeEvent(data);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new BrokenAnswerException(ProblemCode.UpstreamFailed, "sent a piece that is not JSON");
        }
    }

    /// <summary>Takes a whole answer.</summary>
    /// <exception cref="BrokenAnswerException">It is none.</exception>
    public virtual void TakeWhole(ReadOnlySpan<byte> body)
    {
        try
        {
            TakeObject(body);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new BrokenAnswerException(ProblemCode.UpstreamFailed, "answered with something that is not JSON");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Text.Dispose();

    protected abstract EventRole TakeEvent(ReadOnlySpan<byte> data);

    /// <summary>Takes a whole answer's object.</summary>
    /// <exception cref="BrokenAnswerException">It is no answer of this operation.</exception>
    protected abstract void TakeObject(ReadOnlySpan<byte> body);

    /// <summary>A reader that stands on the beginning of an object.</summary>
    protected static Utf8JsonReader Begin(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject
            ? reader
            : throw new BrokenAnswerException(ProblemCode.UpstreamFailed, "sent something that is no object");
    }

    /// <summary>Reads to the end: what is cut off, or goes on behind the object, is not JSON.</summary>
    protected static void End(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
        }
    }

    /// <summary>An object that lacks what makes it an answer: it is not passed on, and nothing is charged for it.</summary>
    protected static BrokenAnswerException NoAnswer() => new(ProblemCode.UpstreamFailed, "answered with something that is no answer");

    /// <summary>What the upstream says that it used; null where it says nothing that can be believed.</summary>
    protected virtual TokenUsage? Said => _usage.ToTokens(served);

    /// <summary>Is a stream that ends as it should closed by <c>[DONE]</c>?</summary>
    public virtual bool EndsWithDone => true;

    /// <summary>Reads a <c>usage</c> value, on whose name the reader stands.</summary>
    protected void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        _usage.Read(ref reader);
    }

    /// <summary>Reads an <c>error</c> value, on whose name the reader stands; null is no error.</summary>
    protected static void ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        throw Failure(ref reader);
    }

    /// <summary>A failure of which no more is told than that it was one.</summary>
    protected static BrokenAnswerException Failure() => new(ProblemCode.UpstreamFailed, "reported a failure within its answer");

    /// <summary>The failure that an error object tells of; the reader stands on its beginning.</summary>
    protected static BrokenAnswerException Failure(ref Utf8JsonReader reader)
    {
        var isOverloaded = false;
        while (reader.TokenType != JsonTokenType.EndObject && reader.Read())
        {
            isOverloaded |= reader.TokenType == JsonTokenType.String
                && (reader.ValueTextEquals("overloaded_error"u8) || reader.ValueTextEquals("rate_limit_error"u8) || reader.ValueTextEquals("server_is_overloaded"u8));
        }

        return isOverloaded
            ? new BrokenAnswerException(ProblemCode.Busy, "is overloaded")
            : Failure();
    }

    private TokenUsage Estimate() => new(call.PromptTokens, 0, Generated()) { IsEstimated = true };

    // What is counted here is an upper bound; what the model was not allowed to write is not charged.
    private long Generated() => Text.IsEmpty ? 0 : Math.Min(Text.Count(), call.OutputTokensMax * call.Request.Choices);
}
