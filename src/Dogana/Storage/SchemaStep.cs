namespace Dogana.Storage;

/// <summary>A step of the schema that ran, or is to run.</summary>
/// <param name="Number">Its number, of one row over all modules.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Hash">SHA-256 of its text, in lower-case hexadecimal.</param>
public sealed record SchemaStep(long Number, string Name, string Hash);

/// <summary>How a store's schema stands to this program.</summary>
/// <param name="Ran">The steps that ran on it, rising; none where it is empty.</param>
/// <param name="Pending">Those of this program's that did not.</param>
/// <param name="Unknown">Those that ran and that this program does not have: a newer one was here.</param>
public sealed record SchemaStanding(IReadOnlyList<SchemaStep> Ran, IReadOnlyList<SchemaStep> Pending, IReadOnlyList<SchemaStep> Unknown)
{
    /// <summary>Has it no schema at all?</summary>
    public bool IsEmpty => Ran.Count == 0;

    /// <summary>Is it what this program wants?</summary>
    public bool IsCurrent => Pending.Count == 0 && Unknown.Count == 0;
}
