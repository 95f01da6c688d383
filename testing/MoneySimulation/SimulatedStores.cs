using Dogana.Storage;

namespace Dogana.Testing.MoneySimulation;

/// <summary>Empty SQLite stores in folders of their own: the schema is made once, and copied.</summary>
internal static class SimulatedStores
{
    private static readonly Lazy<Task<string>> Template = new(MakeAsync);

    public static async Task<(Store Store, string Folder)> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("dogana-s-").FullName;
        foreach (var file in Directory.EnumerateFiles(await Template.Value, "dogana.db*"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return (await Store.OpenFolderAsync(folder), folder);
    }

    private static async Task<string> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("dogana-s-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        await using (await Store.OpenFolderAsync(folder))
        {
        }

        return folder;
    }
}
