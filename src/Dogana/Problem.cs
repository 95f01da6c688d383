namespace Dogana;

/// <summary>An expected failure: a value, never an exception. What it means on the wire stands in <see cref="ProblemTable"/>.</summary>
/// <param name="Code">What went wrong.</param>
/// <param name="Message">For a person: names the field or object, and the remedy. Never holds a secret or prompt text.</param>
/// <param name="Param">The request field at fault, as the wire names it (<c>max_tokens</c>, <c>messages[0].role</c>).</param>
public sealed record Problem(ProblemCode Code, string Message, string? Param = null)
{
    /// <summary>When a retry can succeed, if known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>More fields of the error on the wire, as the text of a JSON object; null for none.</summary>
    public string? Details { get; init; }
}

/// <summary>A result or the problem that stands in its place.</summary>
/// <typeparam name="T">What success gives.</typeparam>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Problem? problem) => (_value, Problem) = (value, problem);

    /// <summary>What went wrong, or null.</summary>
    public Problem? Problem { get; }

    /// <summary>The result.</summary>
    /// <exception cref="InvalidOperationException">There is a problem instead: a caller forgot to look.</exception>
    public T Value => Problem is null ? _value! : throw new InvalidOperationException(Problem.Message);

    /// <summary>Gives the result or the problem.</summary>
    public bool TryGet(out T value, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (_value!, Problem);
        return problem is null;
    }

    /// <summary>Success.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Failure.</summary>
    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}
