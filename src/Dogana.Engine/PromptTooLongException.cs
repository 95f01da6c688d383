namespace Dogana.Engine;

/// <summary>The prompt leaves no room in the model's context for a single token of output.</summary>
public sealed class PromptTooLongException : Exception
{
    /// <summary>Creates the error without a message.</summary>
    public PromptTooLongException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">Both numbers: the prompt's tokens and the context's.</param>
    public PromptTooLongException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">Both numbers: the prompt's tokens and the context's.</param>
    /// <param name="innerException">The cause.</param>
    public PromptTooLongException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    private PromptTooLongException(string message, long promptTokens, int contextTokens)
        : base(message)
    {
        PromptTokens = promptTokens;
        ContextTokens = contextTokens;
    }

    /// <summary>The prompt's length in tokens; a lower bound when the text was refused by its length alone.</summary>
    public long PromptTokens { get; }

    /// <summary>The model's context in tokens: prompt and output together.</summary>
    public int ContextTokens { get; }

    internal static PromptTooLongException Exactly(long promptTokens, int contextTokens) => new(
        $"The prompt has {promptTokens} tokens; the context has {contextTokens}, and at least one must be left for the output.",
        promptTokens,
        contextTokens);

    internal static PromptTooLongException AtLeast(long promptTokens, int contextTokens) => new(
        $"The prompt has at least {promptTokens} tokens; the context has {contextTokens}, and at least one must be left for the output.",
        promptTokens,
        contextTokens);
}
