namespace Dogana.Client;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="Data">The rows.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? Next);
