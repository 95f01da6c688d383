using System.Text.Json;

namespace Dogana.Gateway.Requests;

/// <summary>
/// What a call may ask for that its price does not cover, or that would reach into the operator's own account at a provider. It is refused by name:
/// nothing is served unmetered, and no customer sees what another one stored.
/// </summary>
internal static class Unmetered
{
    /// <summary>The first such wish, or null.</summary>
    public static Problem? Find(in RequestFacts facts, Operation operation) =>
        Modalities(facts) ?? Tools(facts, operation) ?? (operation switch
        {
            Operation.Embeddings or Operation.ImageGenerations or Operation.Transcriptions or Operation.Speech => null,
            Operation.Responses => Stored(facts) ?? Extras(facts) ?? Nested.Find(facts),
            _ => Extras(facts) ?? Nested.Find(facts),
        });

    // Tokens of sound are counted with the others and cost many times as much.
    private static Problem? Modalities(in RequestFacts facts)
    {
        if (!facts.Find("modalities", out var reader))
        {
            return facts.Has("audio") ? new Problem(ProblemCode.OperationNotSupported, "Audio is not served here. Leave 'audio' out.", "audio") : null;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return null; // what is no list is the upstream's to refuse
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("text"u8))
            {
                return new Problem(ProblemCode.OperationNotSupported, "Answers are text here. Leave 'modalities' out, or send [\"text\"].", "modalities");
            }
        }

        return null;
    }

    private static Problem? Tools(in RequestFacts facts, Operation operation)
    {
        if (!facts.Find("tools", out var reader) || reader.TokenType != JsonTokenType.StartArray)
        {
            return null; // what is no list is the upstream's to refuse
        }

        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (isType && (reader.TokenType != JsonTokenType.String || !IsRunByCaller(reader.GetString()!, operation)))
                {
                    return Hosted($"tools[{index}]");
                }

                reader.Skip();
            }
        }

        return null;
    }

    // Tools that the provider only asks for, and the caller runs: they cost tokens and nothing else.
    private static bool IsRunByCaller(string type, Operation operation) => operation switch
    {
        Operation.Messages => type is "custom" || type.StartsWith("bash_", StringComparison.Ordinal) || type.StartsWith("text_editor_", StringComparison.Ordinal)
            || type.StartsWith("computer_", StringComparison.Ordinal) || type.StartsWith("memory_", StringComparison.Ordinal),
        _ => type is "function" or "custom" or "local_shell" or "apply_patch",
    };

    // What a provider keeps, it keeps in the operator's account, for all customers together; what Dogana keeps are responses.
    private static Problem? Stored(in RequestFacts facts)
    {
        foreach (var field in (ReadOnlySpan<string>)["conversation", "prompt"])
        {
            if (facts.Has(field))
            {
                return new Problem(ProblemCode.OperationNotSupported, $"There are no such objects here, so '{field}' names nothing. Send the whole conversation in 'input', or go on by 'previous_response_id'.", field);
            }
        }

        return facts.Flag("background", out var isBackground) ?? (isBackground
            ? new Problem(ProblemCode.OperationNotSupported, "Responses in the background are not served here. Leave 'background' out, and stream.", "background")
            : null);
    }

    // Anthropic's may stand in a chat too, whose unknown fields go on to where the model runs.
    private static Problem? Extras(in RequestFacts facts)
    {
        foreach (var field in (ReadOnlySpan<string>)["web_search_options", "mcp_servers", "container", "data_sources"])
        {
            if (facts.Has(field))
            {
                return Hosted(field);
            }
        }

        // A conversation that the provider keeps is kept in the operator's account, for all customers together.
        if (facts.Has("thread"))
        {
            return new Problem(ProblemCode.OperationNotSupported, "Conversations are not kept here, so 'thread' names nothing. Send the whole conversation in 'messages'.", "thread");
        }

        // Some let another model answer, at its price; compaction is not in the usage that is said.
        foreach (var field in (ReadOnlySpan<string>)["speed", "inference_geo", "fallbacks", "fallback_credit_token", "context_management", "compaction", "billing_policy", "user_profile_id"])
        {
            if (facts.Has(field))
            {
                return new Problem(ProblemCode.PriceUnknown, $"'{field}' changes what a token costs, and has no price here. Leave it out.", field);
            }
        }

        return null;
    }

    internal static Problem Hosted(string place) => new(
        ProblemCode.OperationNotSupported, $"'{place}' asks for a tool that the provider runs. Such tools have a price of their own and are not sold here; declare a function and run it yourself.", place);
}
