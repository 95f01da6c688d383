using System.Text.RegularExpressions;

namespace Dogana.Tests.House;

/// <summary>What a source file may not hold. Each rule gives what it found, as text; nothing when all is well.</summary>
internal static partial class SourceRules
{
    /// <summary>The wall: a file that is longer is two files.</summary>
    public const int LinesMax = 500;

    private const RegexOptions Plain = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
    private const int Timeout = 5_000;

    // Names that say nothing, and so attract everything.
    private static readonly string[] Vague = ["Core", "Common", "Shared", "Helpers", "Utils", "Misc", "Infrastructure"];
    private static readonly string[] VagueEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Service"];

    // Where money or what becomes money is counted.
    private static readonly string[] Exact = ["src/Dogana/Rating/", "src/Dogana/Ledger/", "src/Dogana/Billing/", "src/Dogana/Settlement/", "src/Dogana/Metering/", "src/Dogana/Money.cs"];

    /// <summary>Files beyond the wall.</summary>
    public static IEnumerable<string> Length(SourceFile file)
    {
        var lines = file.Text.Count(static character => character == '\n');
        return lines > LinesMax ? [$"{file.Path}: {lines} lines"] : [];
    }

    /// <summary>Folders and types with vague names.</summary>
    public static IEnumerable<string> Names(SourceFile file)
    {
        var folders = file.Path.Split('/')[..^1].Where(static name => Vague.Any(word => name.Split('.').Contains(word, StringComparer.OrdinalIgnoreCase)));
        var types = TypeDeclaration().Matches(WithoutComments(file.Text)).Select(static match => match.Groups["name"].Value)
            .Where(static name => Vague.Contains(name, StringComparer.Ordinal) || VagueEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)));
        return folders.Concat(types).Select(name => $"{file.Path}: {name}");
    }

    /// <summary>Regions: a file that needs them is two files.</summary>
    public static IEnumerable<string> Regions(SourceFile file) => Region().IsMatch(file.Text) ? [$"{file.Path}: a region"] : [];

    /// <summary>Floating point where amounts are exact.</summary>
    public static IEnumerable<string> FloatingPoint(SourceFile file) =>
        Exact.Any(place => file.Path.StartsWith(place, StringComparison.Ordinal)) ? Found(file, FloatingPointType(), WithoutComments(file.Text)) : [];

    /// <summary>Paths and addresses of one machine or of a package source: they would hold nowhere else.</summary>
    public static IEnumerable<string> Machines(SourceFile file) => Found(file, MachinePath(), file.Text).Concat(Found(file, PackageHost(), file.Text));

    /// <summary>What the compiler reads.</summary>
    public static string WithoutComments(string text) => Comment().Replace(text, "");

    private static IEnumerable<string> Found(SourceFile file, Regex wrong, string text) => wrong.Matches(text).Select(match => $"{file.Path}: {match.Value}");

    [GeneratedRegex(@"(?<!:)//.*$|/\*.*?\*/", Plain | RegexOptions.Multiline, Timeout)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b((class|struct|interface|enum|record)\s+|delegate\s+[\w<>?,.\[\]]+\s+)(?!(class|struct)\b)(?<name>[A-Z]\w*)", Plain, Timeout)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^\s*#region\b", Plain | RegexOptions.Multiline, Timeout)]
    private static partial Regex Region();

    [GeneratedRegex(@"\b(double|float|Half|System\.(Double|Single))\b", Plain, Timeout)]
    private static partial Regex FloatingPointType();

    // Not behind a host's name, a variable or another folder.
    [GeneratedRegex(@"(?<![\w.)}~$])/(root|home|work)/", Plain, Timeout)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"registry\.npmjs\.org|api\.nuget\.org|pypi\.org|files\.pythonhosted\.org|deb\.debian\.org|""resolved"":", Plain, Timeout)]
    private static partial Regex PackageHost();
}
