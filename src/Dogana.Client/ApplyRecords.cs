namespace Dogana.Client;

/// <summary>What an apply did, or would do.</summary>
/// <param name="DryRun">Nothing was changed: this is what would be.</param>
/// <param name="Changed">Something differed.</param>
/// <param name="Changes">One for each object in the file.</param>
public sealed record ApplyResult(bool DryRun, bool Changed, IReadOnlyList<ApplyChange> Changes);

/// <summary>One declared object.</summary>
/// <param name="Kind"><c>created</c>, <c>updated</c> or <c>unchanged</c>.</param>
/// <param name="Type">The object's type.</param>
/// <param name="Id">The object's id.</param>
public sealed record ApplyChange(string Kind, string Type, string Id);

/// <summary>Why a world file was refused.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">From 1; 0 when the fault has no place.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">Where in the document, as <c>price_books[0].versions[1].effective_from</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ApplyFault(string File, int Line, int Column, string Path, string Message, string Remedy);
