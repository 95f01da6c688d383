using Dogana.Filtering;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Metering;

namespace Dogana.Gateway.Filtering.Forms;

/// <summary>Streams of chat completions and completions. Source of the annotations: Microsoft Learn, "Content streaming".</summary>
internal sealed class ChoiceStreamForm(CallFilter filter, Operation operation) : StreamForm(filter)
{
    private readonly int _choices = filter.ShownChoices;
    private ChoicePieces? _template;
    private bool _isDone;

    private static ReadOnlySpan<byte> Done => "[DONE]"u8;

    /// <inheritdoc/>
    public override StreamEvent Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var next = new StreamEvent(name.ToArray(), data.ToArray());
        if (data.SequenceEqual(Done))
        {
            return next with { IsPause = true };
        }

        var pieces = ChoicePieces.Read(data);
        if (_template is null && pieces is { Choices.Count: > 0, HasUsage: false })
        {
            _template = pieces;
        }

        return next with
        {
            Pieces = pieces,
            Texts = [.. pieces.Choices.SelectMany(static choice => choice.Texts.Select(text => (choice.Index, text.Kind, text.Text)))],
            Ended = [.. pieces.Choices.Where(static choice => choice.IsEnded).Select(static choice => choice.Index)],
            IsPause = pieces.Choices.Any(static choice => choice.IsEnded),
        };
    }

    /// <inheritdoc/>
    public override void Begin(IEventSink sink)
    {
        if (Filter is { Annotates: true, Prompt: { } prompt })
        {
            sink.Write(default, FilterJson.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", "");
                writer.WriteString("object", "");
                writer.WriteNumber("created", 0);
                writer.WriteString("model", "");
                writer.WritePropertyName("prompt_filter_results");
                FilterJson.WritePrompt(writer, prompt);
                writer.WriteStartArray("choices");
                writer.WriteEndArray();
                writer.WriteNull("usage");
                writer.WriteEndObject();
            }));
        }
    }

    /// <inheritdoc/>
    public override void Write(StreamEvent next, Func<int, StreamText> textOf, bool isLookedAt, IEventSink sink)
    {
        _isDone |= next.Pieces is null;
        if (next.Pieces is not { Choices.Count: > 0 } pieces)
        {
            sink.Write(next.Name, next.Data);
            return;
        }

        var isAnnotated = isLookedAt && Filter.Annotates && Filter.Applied.LooksAt(FilterSource.Completion);
        var kept = new List<byte[]>();
        var isChanged = false;
        foreach (var choice in pieces.Choices)
        {
            var text = textOf(choice.Index);
            if (text.IsWithheld)
            {
                isChanged = true;
                continue;
            }

            var saysMore = isAnnotated && !choice.IsAnnotated && (choice.IsEnded || choice.Texts.Any(static said => said.Text.Length > 0));
            isChanged |= saysMore;
            kept.Add(saysMore ? WholeChoices.Annotated(pieces.JsonOf(choice), text.Found) : pieces.JsonOf(choice));
        }

        if (kept.Count > 0 || pieces.HasUsage)
        {
            sink.Write(next.Name, isChanged ? pieces.With(kept) : next.Data);
        }
    }

    /// <inheritdoc/>
    public override void Annotate(StreamText text, int start, int end, IEventSink sink)
    {
        if (!Filter.Annotates || text.IsWithheld || _template is null)
        {
            return;
        }

        sink.Write(default, _template.With([FilterJson.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", text.Index);
            if (operation == Operation.Completions)
            {
                writer.WriteString("text", "");
            }
            else
            {
                writer.WriteStartObject("delta");
                writer.WriteEndObject();
            }

            writer.WriteNull("finish_reason");
            writer.WritePropertyName("content_filter_results");
            text.Found.Write(writer);
            FilterJson.WriteOffsets(writer, start, end);
            writer.WriteEndObject();
        })]));
    }

    /// <inheritdoc/>
    public override void Withhold(StreamText text, IEventSink sink) =>
        sink.Write(default, _template!.With([WholeChoices.Withheld(text.Index, text.Found, Filter.Annotates, operation, isChunk: true)]));

    /// <inheritdoc/>
    public override bool IsOver(IReadOnlyCollection<StreamText> texts) => texts.Any(static text => text.IsWithheld) && texts.Count(static text => text.IsWithheld || text.IsEnded) >= _choices;

    /// <inheritdoc/>
    public override void End(TokenUsage usage, IEventSink sink)
    {
        if (!_isDone)
        {
            sink.Write(default, Done);
        }
    }
}
