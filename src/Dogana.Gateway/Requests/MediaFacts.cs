using System.Text.RegularExpressions;
using Dogana.Gateway.Requests.Audio;

namespace Dogana.Gateway.Requests;

/// <summary>What a call of images or sound says that decides what it costs and what its answer is.</summary>
internal sealed partial record MediaFacts
{
    /// <summary>OpenAI's most images of one call. Source: its API reference, "Create image", n.</summary>
    public const int ImagesMax = 10;

    private static readonly string[] Transcripts = ["json", "text", "srt", "verbose_json", "vtt", "diarized_json"];
    private static readonly string[] Qualities = ["standard", "hd", "low", "medium", "high"];

    /// <summary>Images: width and height as <c>1024x1792</c>; null where that is left to the model.</summary>
    public string? Size { get; init; }

    /// <summary>Images: null where that is left to the model.</summary>
    public string? Quality { get; init; }

    /// <summary>Speech: Unicode code points of the text that is read aloud.</summary>
    public long Characters { get; init; }

    /// <summary>Speech: the format of the sound, <c>mp3</c> where it says none. Transcriptions: that of the answer, <c>json</c> where it says none.</summary>
    public string Format { get; init; } = "";

    /// <summary>Transcriptions: the form that the call came as; null for JSON.</summary>
    public CallForm? Form { get; init; }

    /// <summary>Transcriptions: how long the recording is.</summary>
    public AudioLength Length { get; init; }

    /// <summary>Transcriptions: is the answer plain text, which says nothing of what it cost?</summary>
    public bool WantsPlainText => Format is "text" or "srt" or "vtt";

    /// <summary>Speech: is the sound wanted in events, and not as it is?</summary>
    public bool WantsEvents { get; init; }

    /// <summary>What a call of an operation says, or what is wrong with it; null for operations on text.</summary>
    public static Problem? Read(in RequestFacts facts, Operation operation, out MediaFacts? media)
    {
        media = null;
        return operation switch
        {
            Operation.ImageGenerations => ReadImages(facts, out media),
            Operation.Speech => ReadSpeech(facts, out media),
            Operation.Transcriptions => ReadTranscription(facts, out media),
            _ => null,
        };
    }

    private static Problem? ReadImages(in RequestFacts facts, out MediaFacts? media)
    {
        media = null;
        if (Words(facts, "prompt", out _) is { } wrong)
        {
            return wrong;
        }

        if (facts.Text("size", out var size) is { } ill)
        {
            return ill;
        }

        size = size is "auto" ? null : size;
        if (size is not null && !Pixels().IsMatch(size))
        {
            return FieldProblem.Value("size", "it must be 'auto' or a width and height in pixels such as '1024x1024'.");
        }

        if (facts.Text("quality", out var quality) is { } bad)
        {
            return bad;
        }

        quality = quality is "auto" ? null : quality;
        if (quality is not null && !Qualities.Contains(quality, StringComparer.Ordinal))
        {
            return FieldProblem.Value("quality", $"it must be 'auto' or one of {string.Join(", ", Qualities)}.");
        }

        media = new MediaFacts { Size = size, Quality = quality };
        return null;
    }

    private static Problem? ReadSpeech(in RequestFacts facts, out MediaFacts? media)
    {
        media = null;
        if (Words(facts, "input", out var input) is { } wrong)
        {
            return wrong;
        }

        if (facts.Text("response_format", out var format) is { } ill)
        {
            return ill;
        }

        if (facts.Text("stream_format", out var stream) is { } bad)
        {
            return bad;
        }

        if (stream is not (null or "audio" or "sse"))
        {
            return FieldProblem.Value("stream_format", "it must be 'audio' or 'sse'.");
        }

        media = new MediaFacts { Characters = input.EnumerateRunes().LongCount(), Format = format ?? "mp3", WantsEvents = stream == "sse" };
        return null;
    }

    private static Problem? ReadTranscription(in RequestFacts facts, out MediaFacts? media)
    {
        media = null;
        if (facts.Text("response_format", out var format) is { } wrong)
        {
            return wrong;
        }

        if (facts.Text("prompt", out _) is { } ill)
        {
            return ill;
        }

        if (format is not null && !Transcripts.Contains(format, StringComparer.Ordinal))
        {
            return FieldProblem.Value("response_format", $"it must be one of {string.Join(", ", Transcripts)}.");
        }

        media = new MediaFacts { Format = format ?? "json" };
        return null;
    }

    // A text that is there and not empty.
    private static Problem? Words(in RequestFacts facts, string field, out string text)
    {
        text = "";
        if (facts.Text(field, out var found) is { } wrong)
        {
            return wrong;
        }

        text = found ?? "";
        return found is null ? FieldProblem.Missing(field) : found.Length == 0 ? new Problem(ProblemCode.InvalidRequest, $"'{field}' must not be empty.", field) : null;
    }

    [GeneratedRegex("^[1-9][0-9]{0,4}x[1-9][0-9]{0,4}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Pixels();
}
