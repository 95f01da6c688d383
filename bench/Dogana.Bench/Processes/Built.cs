namespace Dogana.Bench.Processes;

/// <summary>The programs of this repository as they were built beside the benchmarks.</summary>
internal static class Built
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    public static string Program(string project)
    {
        var path = Path.Combine(Root, "artifacts", "bin", project, "release", project + ".dll");
        return File.Exists(path) ? path : throw new BenchmarkFailedException($"{project} is not built; ./bench/run builds it.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dogana.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new BenchmarkFailedException("Run benchmarks from a checkout: ./bench/run");
    }
}
