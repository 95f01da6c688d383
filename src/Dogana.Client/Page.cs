namespace Dogana.Client;

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What the list is of.</typeparam>
/// <param name="Data">The records, in the order of the list.</param>
/// <param name="Next">What to give as <c>after</c> for the next part; null after the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? Next);
