using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Dogana.Catalog;

namespace Dogana.Gateway.Requests;

/// <summary>
/// Reads from a body what the way of a call needs, and refuses what no upstream should see: invalid UTF-8, repeated names
/// (two readers could see two models), deep nesting, limits that are not positive.
/// </summary>
internal static class RequestReader
{
    /// <summary>Reads a body.</summary>
    /// <param name="body">As it came.</param>
    /// <param name="operation">What was called.</param>
    /// <param name="choicesMax">The most answers that one call may ask for.</param>
    public static Outcome<CallRequest> Read(ReadOnlyMemory<byte> body, Operation operation, int choicesMax)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return new Problem(ProblemCode.InvalidJson, "The body is not valid UTF-8.");
        }

        try
        {
            return BodyFields.Read(body.Span).TryGet(out var fields, out var problem) ? Check(body, fields, operation, choicesMax) : problem;
        }
        catch (JsonException fault)
        {
            return new Problem(
                ProblemCode.InvalidJson,
                string.Create(CultureInfo.InvariantCulture, $"We could not parse the JSON body of your request: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}. It must be an object nested at most {BodyFields.DepthMax} levels deep."));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair written as an escape: JSON by its grammar, text by no standard.
            return new Problem(ProblemCode.InvalidJson, "A string in the body holds half of a surrogate pair, which is no character.");
        }
    }

    private static Outcome<CallRequest> Check(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, Range> fields, Operation operation, int choicesMax)
    {
        var facts = new RequestFacts(body, fields);
        if ((facts.Text("model", out var model) ?? facts.Number("temperature", 0, 2) ?? facts.Number("top_p", 0, 1)
            ?? facts.Number("frequency_penalty", -2, 2) ?? facts.Number("presence_penalty", -2, 2) ?? Unmetered.Find(facts, operation)) is { } first)
        {
            return first;
        }

        // One by one: an out value is only set by a check that ran.
        if (facts.Flag("stream", out var stream) is { } second)
        {
            return second;
        }

        if (Limit(facts, operation, out var limit) is { } third)
        {
            return third;
        }

        if (Choices(facts, operation, choicesMax, out var choices, out var shown) is { } fourth)
        {
            return fourth;
        }

        if (facts.StreamOptions(out var includeUsage) is { } fifth)
        {
            return fifth;
        }

        if (Tier(facts, operation, out var tier) is { } sixth)
        {
            return sixth;
        }

        if (includeUsage is not null && !stream)
        {
            return new Problem(ProblemCode.InvalidRequest, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        }

        if (Kept(facts, operation, out var previous, out var stores) is { } seventh)
        {
            return seventh;
        }

        if (MediaFacts.Read(facts, operation, out var media) is { } eighth)
        {
            return eighth;
        }

        return Prompt(facts, operation) ?? (Outcome<CallRequest>)new CallRequest
        {
            Operation = operation,
            Body = body,
            Fields = fields,
            Model = model,
            Stream = (stream && operation != Operation.Embeddings) || operation == Operation.Speech, // sound comes in pieces however it was asked for
            IncludeUsage = includeUsage ?? false,
            MaxOutputTokens = limit,
            Tier = tier,
            Choices = choices,
            ShownChoices = shown,
            PreviousResponse = previous,
            Stores = stores,
            Media = media,
        };
    }

    // Source: OpenAI's API reference, "Create a model response": store is true where it is not said.
    private static Problem? Kept(in RequestFacts facts, Operation operation, out string? previous, out bool stores)
    {
        (previous, stores) = (null, true);
        if (operation != Operation.Responses || (facts.Text("previous_response_id", out previous) ?? facts.Flag("store", out stores)) is not { } wrong)
        {
            stores |= operation != Operation.Responses || !facts.Has("store");
            return null;
        }

        return wrong;
    }

    private static Problem? Prompt(in RequestFacts facts, Operation operation) => operation switch
    {
        Operation.Embeddings => facts.EncodingFormat() ?? facts.TextOrList("input", out _),
        Operation.Completions => facts.TextOrList("prompt", out _),
        Operation.Responses => facts.TextOrList("input", out _),
        Operation.ImageGenerations or Operation.Transcriptions or Operation.Speech => null, // MediaFacts has looked
        _ => facts.Messages(),
    };

    // Sources: OpenAI's and Anthropic's API references, service_tier. What Anthropic calls auto, and OpenAI too, is the project's.
    private static Problem? Tier(in RequestFacts facts, Operation operation, out ServiceTier? tier)
    {
        tier = null;
        if (facts.Text("service_tier", out var word) is { } wrong)
        {
            return wrong;
        }

        if (word is null or "auto")
        {
            return null;
        }

        var isAnthropic = operation == Operation.Messages;
        tier = (word, isAnthropic) switch
        {
            ("standard_only", true) or ("default", false) => ServiceTier.Standard,
            ("flex", false) => ServiceTier.Batch,
            ("priority", false) => ServiceTier.Priority,
            _ => null,
        };
        return tier is not null ? null : FieldProblem.Value("service_tier", isAnthropic ? "it must be 'auto' or 'standard_only'." : "it must be 'auto', 'default', 'flex' or 'priority'.");
    }

    // Every name that a server may take for the output limit is looked at, whichever the operation's own is.
    private static Problem? Limit(in RequestFacts facts, Operation operation, out long? limit)
    {
        limit = null;
        string? found = null;
        foreach (var name in (ReadOnlySpan<string>)["max_tokens", "max_completion_tokens", "max_output_tokens"])
        {
            if (facts.Count(name, long.MaxValue, out var value) is { } wrong)
            {
                return wrong;
            }

            if (value is not null && limit is not null && value != limit)
            {
                return new Problem(ProblemCode.InvalidRequest, $"'{found}' and '{name}' differ. Send one of them.", name);
            }

            (limit, found) = value is null ? (limit, found) : (value, name);
        }

        // Anthropic requires the limit; https://docs.anthropic.com/en/api/messages
        return operation == Operation.Messages && !facts.Has("max_tokens") ? new Problem(ProblemCode.InvalidRequest, "max_tokens: Field required", "max_tokens") : null;
    }

    private static Problem? Choices(in RequestFacts facts, Operation operation, int max, out int choices, out int shown)
    {
        choices = shown = 1;
        max = operation == Operation.ImageGenerations ? MediaFacts.ImagesMax : max;
        if ((facts.Count("n", max, out var n) ?? facts.Count("best_of", max, out _)) is { } wrong)
        {
            return wrong;
        }

        choices = shown = (int)(n ?? 1);
        if (operation != Operation.Completions)
        {
            return null;
        }

        // Completions: each prompt gets its answers, and all that best_of makes are generated and charged.
        _ = facts.Count("best_of", max, out var best);
        if (facts.TextOrList("prompt", out var prompts) is { } empty)
        {
            return empty;
        }

        choices = (int)Math.Max(choices, best ?? 1);
        if ((long)choices * prompts > max)
        {
            return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"'prompt' and 'n' ask for {(long)choices * prompts} answers; one call gives at most {max}. Split it."), "prompt");
        }

        (choices, shown) = (choices * prompts, shown * prompts);
        return null;
    }
}
