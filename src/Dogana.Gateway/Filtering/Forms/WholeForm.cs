using System.Text.Json;
using System.Text.Json.Nodes;
using Dogana.Filtering;
using Dogana.Gateway.Filtering.Judging;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Filtering.Forms;

/// <summary>Looks at a whole answer, and says it as the operation's clients read what was found: withheld, or annotated and otherwise byte for byte.</summary>
internal abstract class WholeForm(CallFilter filter)
{
    protected CallFilter Filter => filter;

    public static WholeForm For(Operation operation, CallFilter filter) => operation switch
    {
        Operation.Responses => new WholeResponse(filter),
        Operation.Messages => new WholeMessage(filter),
        Operation.Transcriptions => new WholeTranscription(filter),
        _ => new WholeChoices(filter, operation),
    };

    /// <summary>The body as the client is to see it.</summary>
    public abstract Task<Outcome<ReadOnlyMemory<byte>>> LookAtAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation);

    /// <summary>Looks at texts; null where the policies do not look at answers.</summary>
    protected async Task<Outcome<Judgement?>> JudgeAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        if (!filter.Applied.LooksAt(FilterSource.Completion))
        {
            return (Judgement?)null;
        }

        var judgement = await filter.JudgeAnswerAsync(texts, cancellation);
        return judgement is { HasFailed: true, IsFiltered: false } && filter.Applied.FailsClosed ? CallFilter.Unavailable("answer") : judgement;
    }
}

/// <summary>Chat completions and completions: each choice by itself.</summary>
internal sealed class WholeChoices(CallFilter filter, Operation operation) : WholeForm(filter)
{
    /// <inheritdoc/>
    public override async Task<Outcome<ReadOnlyMemory<byte>>> LookAtAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var pieces = ChoicePieces.Read(body.Span);
        var choices = new List<byte[]>();
        var isChanged = false;
        foreach (var choice in pieces.Choices)
        {
            if (!(await JudgeAsync([ChoicePieces.Join(choice.Texts)], cancellation)).TryGet(out var judgement, out var problem))
            {
                return problem;
            }

            var isWithheld = judgement?.IsFiltered == true;
            var isAnnotated = judgement is not null && Filter.Annotates && !choice.IsAnnotated;
            choices.Add(isWithheld ? Withheld(choice.Index, judgement!, Filter.Annotates, operation, isChunk: false)
                : isAnnotated ? Annotated(pieces.JsonOf(choice), judgement!)
                : pieces.JsonOf(choice));
            isChanged |= isWithheld || isAnnotated;
        }

        var answer = isChanged ? pieces.With(choices) : pieces.Json;
        return (ReadOnlyMemory<byte>)(Filter is { Annotates: true, Prompt: { } prompt } && !pieces.IsPromptAnnotated
            ? FilterJson.WithField(answer, Array.LastIndexOf(answer, (byte)'}'), "prompt_filter_results"u8, FilterJson.Write(writer => FilterJson.WritePrompt(writer, prompt)))
            : answer);
    }

    /// <summary>A choice with what was found in it.</summary>
    public static byte[] Annotated(byte[] choice, Judgement judgement) => FilterJson.WithField(choice, choice.Length - 1, "content_filter_results"u8, FilterJson.Write(judgement.Write));

    /// <summary>What stands for a choice that is withheld.</summary>
    public static byte[] Withheld(int index, Judgement judgement, bool annotates, Operation operation, bool isChunk) => FilterJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", index);
        if (operation == Operation.Completions)
        {
            writer.WriteString("text", "");
        }
        else
        {
            writer.WriteStartObject(isChunk ? "delta" : "message");
            if (!isChunk)
            {
                writer.WriteString("role", "assistant");
                writer.WriteNull("content");
                writer.WriteNull("refusal");
            }

            writer.WriteEndObject();
        }

        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", "content_filter");
        if (annotates)
        {
            writer.WritePropertyName("content_filter_results");
            judgement.Write(writer);
        }

        writer.WriteEndObject();
    });
}

/// <summary>OpenAI's responses: a withheld one is incomplete, for the content filter.</summary>
internal sealed class WholeResponse(CallFilter filter) : WholeForm(filter)
{
    /// <inheritdoc/>
    public override async Task<Outcome<ReadOnlyMemory<byte>>> LookAtAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(body);
        var texts = document.RootElement.TryGetProperty("output", out var output) ? TextsOf.Answer(output, "output") : [];
        if (!(await JudgeAsync(texts, cancellation)).TryGet(out var judgement, out var problem))
        {
            return problem;
        }

        var annotation = Filter.Annotates ? Annotation(Filter.Prompt, judgement, texts.Sum(static text => text.Length)) : null;
        if (judgement?.IsFiltered != true)
        {
            return annotation is null || document.RootElement.TryGetProperty("content_filters", out _)
                ? body
                : (ReadOnlyMemory<byte>)FilterJson.WithField(body.Span, body.Span.LastIndexOf((byte)'}'), "content_filters"u8, annotation);
        }

        var answer = JsonNode.Parse(body.Span)!.AsObject();
        Withhold(answer, annotation);
        return (ReadOnlyMemory<byte>)FilterJson.Write(writer => answer.WriteTo(writer));
    }

    /// <summary>The value of <c>content_filters</c>.</summary>
    public static byte[] Annotation(Judgement? prompt, Judgement? completion, int characters) =>
        FilterJson.Write(writer => FilterJson.WriteContentFilters(writer, prompt, completion, characters));

    /// <summary>Takes the answer out of a response.</summary>
    public static void Withhold(JsonObject response, byte[]? annotation)
    {
        response["status"] = "incomplete";
        response["incomplete_details"] = new JsonObject { ["reason"] = "content_filter" };
        response["output"] = new JsonArray();
        response.Remove("output_text");
        if (annotation is not null)
        {
            response["content_filters"] = JsonNode.Parse(annotation);
        }
    }
}

/// <summary>Anthropic's messages: what is withheld is a refusal.</summary>
internal sealed class WholeMessage(CallFilter filter) : WholeForm(filter)
{
    /// <inheritdoc/>
    public override async Task<Outcome<ReadOnlyMemory<byte>>> LookAtAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(body);
        var texts = document.RootElement.TryGetProperty("content", out var content) ? TextsOf.Answer(content, "content") : [];
        if (!(await JudgeAsync(texts, cancellation)).TryGet(out var judgement, out var problem))
        {
            return problem;
        }

        if (judgement?.IsFiltered != true)
        {
            return body;
        }

        var answer = JsonNode.Parse(body.Span)!.AsObject();
        answer["content"] = new JsonArray();
        answer["stop_reason"] = "refusal";
        answer["stop_sequence"] = null;
        return (ReadOnlyMemory<byte>)FilterJson.Write(writer => answer.WriteTo(writer));
    }
}
