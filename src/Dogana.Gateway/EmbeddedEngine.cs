using Microsoft.Extensions.AI;

namespace Dogana.Gateway;

/// <summary>The models that run inside this process, behind the standard faces, so that another engine can be put in their place.</summary>
/// <param name="Chat">Answers conversations. Its last streamed update carries the usage.</param>
/// <param name="CountPrompt">Counts the prompt tokens of a conversation by the chat model's own tokenizer.</param>
/// <param name="ContextTokens">The chat model's context: prompt and output together, in tokens.</param>
/// <param name="CountText">Counts the tokens of a text as the chat model would generate it.</param>
/// <param name="Embeddings">Turns texts into vectors. Its result carries the usage.</param>
/// <param name="CountInput">Counts the tokens of one text by the embedding model's own tokenizer.</param>
/// <param name="InputTokensMax">The longest text that the embedding model reads, in tokens.</param>
/// <param name="Explain">Says what an exception of the engine means to a caller; null when it is a fault.</param>
public sealed record EmbeddedEngine(
    IChatClient Chat,
    Func<IReadOnlyList<ChatMessage>, int> CountPrompt,
    int ContextTokens,
    Func<string, int> CountText,
    IEmbeddingGenerator<string, Embedding<float>> Embeddings,
    Func<string, int> CountInput,
    int InputTokensMax,
    Func<Exception, Problem?> Explain);
