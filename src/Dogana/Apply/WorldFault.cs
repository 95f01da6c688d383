namespace Dogana.Apply;

/// <summary>Something wrong in a world file, and where.</summary>
/// <param name="File">The file, as it was named to the reader.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">The place in the document: <c>price_books[0].versions[1].prices[2].amount</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong. Never repeats what may be a secret.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record WorldFault(string File, int Line, int Column, string Path, string Message, string Remedy)
{
    /// <summary>As a compiler writes it, so that editors find the place.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {(Path.Length == 0 ? "" : Path + ": ")}{Message} {Remedy}";
}
