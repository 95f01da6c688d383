namespace Dogana.Filtering;

/// <summary>Says how bad texts are. Thread-safe.</summary>
public interface ITextClassifier
{
    /// <summary>The severities of each text, in their order.</summary>
    /// <param name="texts">Windows of a text, as <see cref="TextWindows"/> cuts them.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProblemException">It cannot say now: what then becomes of the text is the policy's.</exception>
    Task<IReadOnlyList<FilterSeverities>> ClassifyAsync(IReadOnlyList<string> texts, CancellationToken cancellation);
}
