namespace Dogana.Storage;

/// <summary>Another process has the data folder open.</summary>
/// <param name="folder">The folder.</param>
public sealed class StoreInUseException(string folder)
    : Exception($"The data folder {folder} is in use by another dogana process. Work on that process with --url, stop it, or give this one another folder with --data.");
