using Dogana.Tests;

namespace Dogana.ServerTests;

/// <summary>The programs of this repository as they were built beside the tests, in the same configuration.</summary>
internal static class Built
{
    /// <summary>The program's own output: the copy in the tests' folder lacks what only the program refers to.</summary>
    public static string Program(string project)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(Repository.Root, "artifacts", "bin", project, configuration, project + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"Build {project} first.", path);
    }
}
