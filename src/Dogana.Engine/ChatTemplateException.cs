namespace Dogana.Engine;

/// <summary>The model's own chat template refused the conversation, for instance because roles do not alternate.</summary>
public sealed class ChatTemplateException : Exception
{
    /// <summary>Creates the error without a message.</summary>
    public ChatTemplateException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">The template's words, or what it did that can't be done.</param>
    public ChatTemplateException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">The template's words, or what it did that can't be done.</param>
    /// <param name="innerException">The cause.</param>
    public ChatTemplateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
