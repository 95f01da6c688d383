namespace Dogana.Client;

/// <summary>The admin API said no. The message names the field and the remedy.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">The error's code.</param>
/// <param name="message">For a person.</param>
/// <param name="body">The whole error document.</param>
public sealed class DoganaException(int status, string? code, string message, string body) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The error's code, for example <c>not_found</c>.</summary>
    public string? Code { get; } = code;

    /// <summary>The whole error document: some errors carry more, as the faults of a world file.</summary>
    public string Body { get; } = body;
}
