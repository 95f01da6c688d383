namespace Dogana;

/// <summary>What an apply did, or would do, to one declared object.</summary>
public enum ChangeKind
{
    /// <summary>It is there already, just as declared.</summary>
    Unchanged = 0,

    /// <summary>It was not there.</summary>
    Created = 1,

    /// <summary>It was there, and differed.</summary>
    Updated = 2,
}

/// <summary>One declared object and what became of it.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Type">The object's type in the singular, as in the file: <c>organisation</c>, <c>price_book</c>.</param>
/// <param name="Id">The object's id.</param>
public sealed record Change(ChangeKind Kind, string Type, string Id);
