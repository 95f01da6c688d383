namespace Dogana;

/// <summary>Takes a <see cref="Problem"/> out of a transaction that must not commit. Caught at the edge of the module that threw it.</summary>
/// <param name="problem">What went wrong.</param>
public sealed class ProblemException(Problem problem) : Exception(problem.Message)
{
    /// <summary>What went wrong.</summary>
    public Problem Problem { get; } = problem;
}
