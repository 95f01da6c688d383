namespace Dogana.Tests.Engine;

/// <summary>Files of the checkout the tests were built from.</summary>
internal static class Repository
{
    public static string File(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Dogana.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("No Dogana.slnx above the tests."), path);
    }
}
