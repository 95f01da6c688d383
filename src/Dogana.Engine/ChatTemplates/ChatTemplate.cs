using Dogana.Engine.Gguf;
using Dogana.Engine.Tokenizers;

namespace Dogana.Engine.ChatTemplates;

/// <summary>One message as a template sees it.</summary>
internal sealed record ChatTurn(string Role, string Content);

/// <summary>
/// A model's chat template: a program in a part of Jinja that writes a conversation as the text the model was trained on.
/// Immutable and safe for many threads.
/// </summary>
internal sealed class ChatTemplate
{
    /// <summary>
    /// What a file without a template gets: ChatML. Where the vocabulary has no such control tokens its marks are plain text.
    /// </summary>
    public const string Default =
        "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    /// <summary>The mark that ends a turn of <see cref="Default"/>.</summary>
    public const string DefaultTurnEnd = "<|im_end|>";

    private const long StepsBase = 1_000_000;
    private const long StepsPerTurn = 1_000;
    private readonly BlockStatement _body;
    private readonly TimeProvider _time;
    private readonly IReadOnlyDictionary<string, MarkedText> _marks;

    public ChatTemplate(string source, IReadOnlyDictionary<string, MarkedText> marks, TimeProvider time)
    {
        _body = StatementParser.Read(source);
        _marks = marks;
        _time = time;
    }

    /// <summary>Whether the file had no template.</summary>
    public bool IsDefault { get; private init; }

    public static ChatTemplate Read(GgufMetadata metadata, Vocabulary vocabulary, TimeProvider time)
    {
        string? source = metadata.OptionalText(TemplateSyntax.Key);
        var marks = new Dictionary<string, MarkedText>(StringComparer.Ordinal)
        {
            ["bos_token"] = Mark(vocabulary, vocabulary.Begin),
            ["eos_token"] = Mark(vocabulary, vocabulary.End),
            ["unk_token"] = Mark(vocabulary, vocabulary.Unknown),
        };
        return new ChatTemplate(source ?? Default, marks, time) { IsDefault = source is null };
    }

    /// <summary>Writes a conversation up to the point where the assistant speaks. Contents are marked as foreign.</summary>
    public MarkedText Render(IEnumerable<ChatTurn> turns)
    {
        List<object?> messages = [.. turns.Select(turn => new TemplateMap
        {
            ["role"] = MarkedText.Own(turn.Role),
            ["content"] = MarkedText.Foreign(turn.Content),
        })];
        var globals = new TemplateScope(StepsBase + (StepsPerTurn * messages.Count) + Length(messages));
        TemplateFunctions.Define(globals, _time);
        foreach ((string name, MarkedText mark) in _marks)
        {
            globals[name] = mark;
        }

        globals["messages"] = messages;
        globals["add_generation_prompt"] = true;
        globals["tools"] = null;
        globals["documents"] = null;
        var output = new MarkedText.Builder();
        _body.Render(globals, output);
        return output.ToMarkedText();
    }

    private static long Length(List<object?> messages) =>
        messages.Cast<TemplateMap>().Sum(message => TemplateValues.Length(message["content"]));

    private static MarkedText Mark(Vocabulary vocabulary, int? token) =>
        token is { } id ? MarkedText.Own(vocabulary.Texts[id]) : MarkedText.Empty;
}
