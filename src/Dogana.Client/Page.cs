namespace Dogana.Client;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="Data">The rows.</param>
/// <param name="Next">What <c>?after=</c> asks for to get the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? Next);
