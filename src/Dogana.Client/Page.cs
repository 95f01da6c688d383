namespace Dogana.Client;

/// <summary>One page of a list.</summary>
/// <param name="Data">The entries, in the list's order.</param>
/// <param name="Next">Ask for the next page with <c>after</c> set to this; null when this is the last one.</param>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Data, string? Next);
