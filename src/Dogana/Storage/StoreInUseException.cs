namespace Dogana.Storage;

/// <summary>Another process has the data folder open.</summary>
/// <param name="folder">The folder.</param>
/// <param name="holder">What the other process wrote of itself, if readable.</param>
public sealed class StoreInUseException(string folder, string? holder)
    : Exception($"The data folder {folder} is in use by another dogana process{(holder is { Length: > 0 } ? $" ({holder})" : "")}. "
        + "Stop that process, give this one another folder with --data, or use --postgres to run several nodes over one store.");
