using System.Text.RegularExpressions;

namespace Dogana.Tests.House;

/// <summary>The tests that there are, read from their sources: those of other test projects count too.</summary>
internal static partial class TestNames
{
    /// <summary>Each as <c>ClassName.Method_name</c>.</summary>
    public static IReadOnlySet<string> All { get; } = Sources.Tests.SelectMany(In).ToHashSet(StringComparer.Ordinal);

    /// <summary>The tests in a file: methods with [Fact] or [Theory] above them, in the class that was named last.</summary>
    public static IEnumerable<string> In(SourceFile file)
    {
        var owner = "";
        var isTest = false;
        foreach (var line in file.Text.Split('\n'))
        {
            if (Class().Match(line) is { Success: true } named)
            {
                owner = named.Groups["name"].Value;
                continue; // a primary constructor looks like a method
            }

            isTest |= Mark().IsMatch(line);
            if (Method().Match(line) is { Success: true } method)
            {
                if (isTest)
                {
                    yield return $"{owner}.{method.Groups["name"].Value}";
                }

                isTest = false;
            }
        }
    }

    [GeneratedRegex(@"^\s*(public|internal)\s[\w\s]*\bclass\s+(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Class();

    [GeneratedRegex(@"^\s*\[(Fact|Theory|Property)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\s*(\[.*\]\s*)?(public|private|internal|protected)\s[\w\s<>?,.\[\]()]*?\b(?<name>\w+)\s*\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Method();
}
