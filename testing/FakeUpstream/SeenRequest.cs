namespace FakeUpstream;

/// <summary>How the fake upstream's work on a request ended.</summary>
public enum AnswerEnding
{
    /// <summary>All that the script says was sent.</summary>
    Sent,

    /// <summary>The script says to cut the connection, and it was cut.</summary>
    Cut,

    /// <summary>The caller went away, or the server stopped, before the script's end.</summary>
    CallerGone,
}

/// <summary>A request as it arrived.</summary>
/// <param name="Number">1 for the first since the start.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Query">With its question mark, or empty.</param>
/// <param name="Headers">By name, in any case; several of one name are joined by commas.</param>
/// <param name="Body">As text, cut at <see cref="FakeUpstreamServer.KeptBodyBytes"/>; a form as JSON, its files by their SHA-256.</param>
public sealed record SeenRequest(long Number, string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private readonly TaskCompletionSource<AnswerEnding> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the fake upstream has nothing more to do with the request.</summary>
    public Task<AnswerEnding> Ended => _ended.Task;

    /// <summary>Is it still being answered?</summary>
    public bool IsOpen => !_ended.Task.IsCompleted;

    /// <summary>Did the caller go away while it was answered?</summary>
    public bool WasAborted => _ended.Task is { IsCompletedSuccessfully: true, Result: AnswerEnding.CallerGone };

    internal void End(AnswerEnding ending) => _ended.TrySetResult(ending);
}
