using Dogana.Engine;
using Dogana.Gateway;

namespace Dogana.Server.Hosting;

/// <summary>The models in this process, loaded: the chat model and the sentence encoder.</summary>
internal sealed class EmbeddedModelSet : IAsyncDisposable
{
    private readonly EmbeddedChatModel _chat;
    private readonly UniversalSentenceEncoder _encoder;

    private EmbeddedModelSet(EmbeddedChatModel chat, UniversalSentenceEncoder encoder)
    {
        (_chat, _encoder) = (chat, encoder);
        Engine = new EmbeddedEngine(chat, messages => chat.CountPromptTokens(messages), chat.ContextTokens, chat.CountTokens, encoder, encoder.CountTokens, UniversalSentenceEncoder.TokensMax, Explain);
    }

    public EmbeddedEngine Engine { get; }

    /// <summary>Loads the default models, or the given GGUF file in the place of the chat model.</summary>
    /// <exception cref="ModelFileException">The file is no model, or a broken one; the message names the key or tensor.</exception>
    public static EmbeddedModelSet Load(string? modelFile)
    {
        var chat = EmbeddedChatModel.Load(modelFile ?? EmbeddedModels.ClerkPath, new EmbeddedChatOptions());
        return new EmbeddedModelSet(chat, UniversalSentenceEncoder.Load(EmbeddedModels.UseLitePath));
    }

    public async ValueTask DisposeAsync()
    {
        await _chat.DisposeAsync();
        _encoder.Dispose();
    }

    private static Problem? Explain(Exception fault) => fault switch
    {
        EngineBusyException => new Problem(ProblemCode.Busy, "The embedded model has too many calls waiting. Try again shortly."),
        PromptTooLongException => new Problem(
            ProblemCode.ContextLengthExceeded, "Your messages are longer than this model's maximum context length. Please reduce the length of the messages.", "messages"),
        UnsupportedContentException => new Problem(ProblemCode.OperationNotSupported, fault.Message, "messages"),
        ChatTemplateException => new Problem(ProblemCode.InvalidRequest, fault.Message, "messages"),
        _ => null,
    };
}
