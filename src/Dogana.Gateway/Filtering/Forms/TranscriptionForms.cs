using System.Text;
using System.Text.Json;
using Dogana.Gateway.Filtering.Judging;
using Dogana.Gateway.Translations;
using Dogana.Metering;

namespace Dogana.Gateway.Filtering.Forms;

/// <summary>Transcriptions: one text, in JSON or plain. There is no field that could say that it is withheld: it is refused.</summary>
internal sealed class WholeTranscription(CallFilter filter) : WholeForm(filter)
{
    /// <inheritdoc/>
    public override async Task<Outcome<ReadOnlyMemory<byte>>> LookAtAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!(await JudgeAsync(Texts(body), cancellation)).TryGet(out var judgement, out var problem))
        {
            return problem;
        }

        return judgement?.IsFiltered == true ? CallFilter.Withheld() : body;
    }

    private static IReadOnlyList<string> Texts(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return TextsOf.Answer(document.RootElement, "text");
        }
        catch (JsonException)
        {
            return [Encoding.UTF8.GetString(body.Span)];
        }
    }
}

/// <summary>Transcriptions that are streamed: all that their events say is one text. Where it is withheld, the stream breaks off.</summary>
internal sealed class TranscriptionStreamForm(CallFilter filter) : StreamForm(filter)
{
    /// <inheritdoc/>
    public override StreamEvent Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var next = new StreamEvent(name.ToArray(), data.ToArray());
        using var document = JsonDocument.Parse(next.Data);
        var said = document.RootElement.EnumerateObject().Where(static field => field.Name is "delta" or "text" && field.Value.ValueKind == JsonValueKind.String).ToArray();
        return next with { Texts = [.. said.Select(static field => (0, field.Name == "delta" ? 0 : 1, field.Value.GetString()!))], IsPause = said.Any(static field => field.Name == "text") };
    }

    /// <inheritdoc/>
    public override void Write(StreamEvent next, Func<int, StreamText> textOf, bool isLookedAt, IEventSink sink)
    {
        if (!textOf(0).IsWithheld)
        {
            sink.Write(next.Name, next.Data);
        }
    }

    /// <inheritdoc/>
    public override void Withhold(StreamText text, IEventSink sink) => throw new ProblemException(CallFilter.Withheld());

    /// <inheritdoc/>
    public override void End(TokenUsage usage, IEventSink sink)
    {
    }
}
