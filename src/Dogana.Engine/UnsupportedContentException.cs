namespace Dogana.Engine;

/// <summary>A chat message holds something that a text model can't read: an image, a tool call, an unknown role.</summary>
public sealed class UnsupportedContentException : Exception
{
    /// <summary>Creates the error without a message.</summary>
    public UnsupportedContentException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What was found and what is supported.</param>
    public UnsupportedContentException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">What was found and what is supported.</param>
    /// <param name="innerException">The cause.</param>
    public UnsupportedContentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
