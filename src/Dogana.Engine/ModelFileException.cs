namespace Dogana.Engine;

/// <summary>A model file can't be used: it is damaged, truncated, or asks for something this engine does not do.</summary>
/// <remarks>The message names the key, tensor or file and says what was expected and what was found.</remarks>
public sealed class ModelFileException : Exception
{
    /// <summary>Creates the error without a message.</summary>
    public ModelFileException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What was expected and what was found.</param>
    public ModelFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">What was expected and what was found.</param>
    /// <param name="innerException">The cause.</param>
    public ModelFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The metadata key at fault, such as <c>llama.block_count</c>; null when it is not about a key.</summary>
    public string? Key { get; private init; }

    /// <summary>The tensor at fault, such as <c>blk.0.attn_q.weight</c>; null when it is not about a tensor.</summary>
    public string? Tensor { get; private init; }

    internal static ModelFileException ForKey(string key, string problem, Exception? cause = null) =>
        new($"Key '{key}': {problem}", cause) { Key = key };

    internal static ModelFileException ForTensor(string tensor, string problem) =>
        new($"Tensor '{tensor}': {problem}") { Tensor = tensor };
}
