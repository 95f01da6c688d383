namespace Dogana.Storage;

/// <summary>Keeps a folder for one process. The operating system lets go of it however the process ends.</summary>
internal static class FolderLock
{
    /// <summary>Takes the folder, made when missing; disposing of the stream gives it back.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static FileStream Take(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new StoreInUseException(folder);
        }
    }
}
