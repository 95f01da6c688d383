using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>
/// Answers of images and sound. What they count is seen in them, or said by the upstream. Where a price needs what a finished answer does not say, the answer is none. Of one that was left
/// unfinished, once any of it came, what cannot be known is charged as it was held, and marked as estimated.
/// </summary>
internal abstract class MediaTap(Operation served, UpstreamCall call) : AnswerTap(served, call)
{
    /// <inheritdoc/>
    public override bool EndsWithDone => false;

    /// <inheritdoc/>
    public override TokenUsage Usage => Counted() ?? (Call.Units is null ? Said : null) ?? Most();

    /// <summary>What was counted of the units that the call is charged by; null where it is charged by the token, or nothing can be counted yet.</summary>
    protected abstract TokenUsage? Counted();

    /// <summary>What is charged where nothing can be known.</summary>
    protected virtual TokenUsage Most() => Call.MostOf(Call.PromptTokens) with { IsEstimated = true };

    /// <summary>The answer is finished: is what it costs known?</summary>
    /// <exception cref="BrokenAnswerException">It is not.</exception>
    protected void Finish()
    {
        if (Call.Units is null && Said is null)
        {
            throw new BrokenAnswerException(ProblemCode.UpstreamFailed, "did not say how many tokens the answer took, by which its model is charged here");
        }
    }

    /// <summary>Reads the string that the reader's property has; null where it is none.</summary>
    protected static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.ValueSpan.Length <= 64 ? reader.GetString() : null;
        }

        reader.Skip();
        return null;
    }
}
