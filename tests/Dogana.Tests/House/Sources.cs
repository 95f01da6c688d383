namespace Dogana.Tests.House;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Text">What is in it.</param>
internal sealed record SourceFile(string Path, string Text);

/// <summary>The files of the repository, without what is built or installed.</summary>
internal static class Sources
{
    private const int ProbedCharacters = 8_000;
    private static readonly string[] NotOurs = [".git", "artifacts", "node_modules", "__pycache__", "bin", "obj"];

    /// <summary>All text files.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = [.. Under(new DirectoryInfo(Repository.Root)).Select(Read).Where(static file => !IsBinary(file.Text)).OrderBy(static file => file.Path, StringComparer.Ordinal)];

    /// <summary>The C# of what ships.</summary>
    public static IReadOnlyList<SourceFile> Shipped { get; } = [.. All.Where(static file => file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal))];

    /// <summary>The C# of the tests.</summary>
    public static IReadOnlyList<SourceFile> Tests { get; } = [.. All.Where(static file => file.Path.StartsWith("tests/", StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal))];

    /// <summary>The rows of the tables in a Markdown text, cell by cell, without heads.</summary>
    public static IReadOnlyList<string[]> TableRows(string markdown)
    {
        var lines = markdown.Split('\n').Select(static line => line.Trim()).ToArray();
        var rows = lines.Where((line, index) => line.StartsWith('|') && !IsRule(line) && !(index + 1 < lines.Length && IsRule(lines[index + 1])));
        return [.. rows.Select(static row => row.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }

    private static bool IsRule(string line) => line.StartsWith('|') && line.Contains('-', StringComparison.Ordinal) && line.All(static character => "|-: ".Contains(character, StringComparison.Ordinal));

    private static IEnumerable<FileInfo> Under(DirectoryInfo folder) => folder.EnumerateDirectories()
        .Where(static inner => inner.LinkTarget is null && !NotOurs.Contains(inner.Name, StringComparer.Ordinal))
        .SelectMany(Under)
        .Concat(folder.EnumerateFiles().Where(static file => file.LinkTarget is null && !NotOurs.Contains(file.Name, StringComparer.Ordinal))); // .git is a file in a worktree

    private static SourceFile Read(FileInfo file) => new(Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName));

    private static bool IsBinary(string text) => text.AsSpan(0, Math.Min(text.Length, ProbedCharacters)).Contains('\0');
}
