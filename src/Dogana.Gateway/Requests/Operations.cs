using Dogana.Catalog;

namespace Dogana.Gateway.Requests;

/// <summary>What follows from an operation wherever it is served: the kind of model, the path, and the name under which an upstream declares it.</summary>
internal static class Operations
{
    /// <summary>Is it about images or sound? Such calls are passed on or not served: no translation knows them.</summary>
    public static bool IsMedia(this Operation operation) => operation >= Operation.ImageGenerations;

    /// <summary>The kind of model that serves it.</summary>
    public static ModelKind KindOf(Operation operation) => operation switch
    {
        Operation.Embeddings => ModelKind.Embedding,
        Operation.ImageGenerations => ModelKind.Image,
        Operation.Transcriptions => ModelKind.Transcription,
        Operation.Speech => ModelKind.Speech,
        _ => ModelKind.Chat,
    };

    /// <summary>The path below <c>/v1</c> of the operation that a kind of model serves; of a chat model the first of several.</summary>
    public static string PathOf(ModelKind kind) => PathOf(kind switch
    {
        ModelKind.Embedding => Operation.Embeddings,
        ModelKind.Image => Operation.ImageGenerations,
        ModelKind.Transcription => Operation.Transcriptions,
        ModelKind.Speech => Operation.Speech,
        _ => Operation.ChatCompletions,
    });

    /// <summary>The path below <c>/v1</c>.</summary>
    public static string PathOf(Operation operation) => operation switch
    {
        Operation.ChatCompletions => "chat/completions",
        Operation.Completions => "completions",
        Operation.Responses => "responses",
        Operation.Embeddings => "embeddings",
        Operation.Messages => "messages", // vLLM and others, where it is declared
        Operation.ImageGenerations => "images/generations",
        Operation.Transcriptions => "audio/transcriptions",
        Operation.Speech => "audio/speech",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    /// <summary>How an upstream declares that it serves it.</summary>
    public static UpstreamOperations Declared(Operation operation) => operation switch
    {
        Operation.ChatCompletions => UpstreamOperations.ChatCompletions,
        Operation.Completions => UpstreamOperations.Completions,
        Operation.Responses => UpstreamOperations.Responses,
        Operation.Embeddings => UpstreamOperations.Embeddings,
        Operation.Messages => UpstreamOperations.Messages,
        Operation.ImageGenerations => UpstreamOperations.Images,
        Operation.Transcriptions => UpstreamOperations.Transcriptions,
        Operation.Speech => UpstreamOperations.Speech,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };
}
