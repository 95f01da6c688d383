using Dogana.Engine.ChatTemplates;
using Dogana.Engine.Tokenizers;
using Microsoft.Extensions.AI;

namespace Dogana.Engine.Generation;

/// <summary>Reads what a caller asks into what a model runs.</summary>
internal sealed class ChatRequests(
    TextTokenizer tokenizer, ChatTemplate template, int contextTokens, EmbeddedChatOptions defaults)
{
    private const int StopSequencesMax = 64;
    private const int StopCharactersMax = 4096;

    public GenerationRequest Read(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        List<int> prompt = Prompt(messages, options?.Instructions);
        if (prompt.Count >= contextTokens)
        {
            throw PromptTooLongException.Exactly(prompt.Count, contextTokens);
        }

        RefuseUnsupported(options);
        int outputMax = SettingRange.Require(
            options?.MaxOutputTokens ?? defaults.OutputTokensDefault ?? contextTokens, 1, int.MaxValue, nameof(ChatOptions.MaxOutputTokens));
        return new GenerationRequest(
            prompt, Math.Min(outputMax, contextTokens - prompt.Count), ReadSampling(options), ReadStops(options));
    }

    public List<int> Prompt(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<ChatTurn> turns = ReadTurns(messages, instructions);
        // Text that can't fit is refused by its length, before it costs anything.
        long charactersMax = (long)contextTokens * tokenizer.CharactersPerTokenMax;
        long characters = turns.Sum(turn => (long)turn.Content.Length);
        if (characters > charactersMax)
        {
            throw PromptTooLongException.AtLeast(characters / tokenizer.CharactersPerTokenMax, contextTokens);
        }

        return tokenizer.EncodePrompt(template.Render(turns));
    }

    private static List<ChatTurn> ReadTurns(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<ChatTurn> turns = [.. messages.Select(ReadTurn)];
        if (turns.Count == 0)
        {
            throw new ArgumentException("Expected at least one message.", nameof(messages));
        }

        if (!string.IsNullOrEmpty(instructions))
        {
            // Templates take one system message at most.
            if (turns[0].Role == "system")
            {
                turns[0] = turns[0] with { Content = $"{instructions}\n\n{turns[0].Content}" };
            }
            else
            {
                turns.Insert(0, new ChatTurn("system", instructions));
            }
        }

        return turns;
    }

    private static ChatTurn ReadTurn(ChatMessage message)
    {
        if (message.Role != ChatRole.System && message.Role != ChatRole.User && message.Role != ChatRole.Assistant)
        {
            throw new UnsupportedContentException($"The role '{message.Role}' is not supported; expected system, user or assistant.");
        }

        AIContent? other = message.Contents.FirstOrDefault(content => content is not TextContent);
        return other is null
            ? new ChatTurn(message.Role.Value, message.Text)
            : throw new UnsupportedContentException($"Content of the kind {other.GetType().Name} is not supported; expected text.");
    }

    private static void RefuseUnsupported(ChatOptions? options)
    {
        if (options?.Tools is { Count: > 0 })
        {
            throw new UnsupportedContentException("Tools are not supported by an embedded model.");
        }

        if (options?.ResponseFormat is not (null or ChatResponseFormatText))
        {
            throw new UnsupportedContentException("A response format other than text is not supported by an embedded model.");
        }
    }

    private SamplingOptions ReadSampling(ChatOptions? options) => new()
    {
        Temperature = SettingRange.Require(options?.Temperature ?? defaults.TemperatureDefault, 0, 100, nameof(ChatOptions.Temperature)),
        TopP = SettingRange.Require(options?.TopP ?? 1, 0, 1, nameof(ChatOptions.TopP)),
        TopK = SettingRange.Require(options?.TopK ?? 0, 0, int.MaxValue, nameof(ChatOptions.TopK)),
        FrequencyPenalty = SettingRange.Require(options?.FrequencyPenalty ?? 0, -2, 2, nameof(ChatOptions.FrequencyPenalty)),
        PresencePenalty = SettingRange.Require(options?.PresencePenalty ?? 0, -2, 2, nameof(ChatOptions.PresencePenalty)),
        Seed = unchecked((ulong)(options?.Seed ?? defaults.Seed())),
    };

    private List<string> ReadStops(ChatOptions? options)
    {
        List<string> stops = [.. options?.StopSequences?.Where(stop => stop.Length > 0) ?? []];
        if (stops.Count > StopSequencesMax || stops.Any(stop => stop.Length > StopCharactersMax))
        {
            throw new ArgumentException(
                $"Expected at most {StopSequencesMax} stop sequences of {StopCharactersMax} characters.", nameof(options));
        }

        // Where the end of a turn is not a token, a model that follows the default template writes it as text.
        if (template.IsDefault && !tokenizer.Vocabulary.Special.ContainsKey(ChatTemplate.DefaultTurnEnd))
        {
            stops.Add(ChatTemplate.DefaultTurnEnd);
        }

        return stops;
    }
}
