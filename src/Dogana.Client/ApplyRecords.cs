namespace Dogana.Client;

/// <summary>What applying a world file did, or would do.</summary>
/// <param name="DryRun">Was it only tried? Then nothing changed.</param>
/// <param name="Changed">Did, or would, anything change?</param>
/// <param name="Changes">Each declared object.</param>
public sealed record ApplyResult(bool DryRun, bool Changed, IReadOnlyList<ApplyChange> Changes);

/// <summary>One declared object and what became of it.</summary>
/// <param name="Kind"><c>created</c>, <c>updated</c> or <c>unchanged</c>.</param>
/// <param name="Type">The object's type in the singular: <c>organisation</c>, <c>price_book_version</c>.</param>
/// <param name="Id">The object's id.</param>
public sealed record ApplyChange(string Kind, string Type, string Id);

/// <summary>Why a world file was refused; nothing of it was applied.</summary>
/// <param name="Error">The first fault, in the envelope of all errors.</param>
/// <param name="Faults">All faults, by line.</param>
public sealed record ApplyRefusal(ApplyError Error, IReadOnlyList<ApplyFault> Faults);

/// <summary>The envelope's inside.</summary>
/// <param name="Message">For a person.</param>
/// <param name="Type">The kind of error.</param>
/// <param name="Param">The place in the file.</param>
/// <param name="Code">For a program.</param>
public sealed record ApplyError(string Message, string Type, string? Param, string Code);

/// <summary>Something wrong in a world file, and where.</summary>
/// <param name="File">The file's name, as sent.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">The place in the document: <c>price_books[0].versions[1].prices[2].amount</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ApplyFault(string File, int Line, int Column, string Path, string Message, string Remedy);
