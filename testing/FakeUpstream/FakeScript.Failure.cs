namespace FakeUpstream;

public sealed partial record FakeScript
{
    /// <summary>The status. Anything but 200 is answered with <see cref="Body"/> and no stream.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The whole body, as it is. Null: an error that fits the status, <see cref="ErrorCode"/> and <see cref="Errors"/>.</summary>
    public string? Body { get; init; }

    /// <summary>The content type of an error or of <see cref="Body"/>.</summary>
    public string BodyType { get; init; } = "application/json";

    /// <summary>OpenAI's or Azure's <c>code</c>, Anthropic's <c>type</c> of the error; null: the usual one for the status.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Whose form errors have.</summary>
    public ErrorDialect Errors { get; init; }

    /// <summary>Sent as <see cref="RetryForms"/> says.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How <see cref="RetryAfter"/> is said.</summary>
    public RetryForms RetryForms { get; init; } = RetryForms.Seconds | RetryForms.Milliseconds;

    /// <summary>Where a redirect leads; null: to a path where there is nothing.</summary>
    public Uri? Location { get; init; }

    /// <summary>Further response headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
