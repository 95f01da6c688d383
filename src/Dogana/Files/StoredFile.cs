namespace Dogana.Files;

/// <summary>A file of a project, as it is found once it is whole.</summary>
/// <param name="Id"><c>file-</c> and a version 7 UUID without hyphens: ids sort by when files were begun.</param>
/// <param name="Project">Whose it is.</param>
/// <param name="Purpose">One of <see cref="FilePurpose.All"/>.</param>
/// <param name="Name">What its project calls it. Not encrypted.</param>
/// <param name="Bytes">How long its content is.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="ExpiresAt">When it is deleted by itself; null for never.</param>
public sealed record StoredFile(string Id, string Project, string Purpose, string Name, long Bytes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>The longest name, in characters.</summary>
    public const int NameLengthMax = 255;
}

/// <summary>What files are for, in OpenAI's words. Source: OpenAI's API reference, "Files".</summary>
public static class FilePurpose
{
    /// <summary>The lines of a batch.</summary>
    public const string Batch = "batch";

    /// <summary>What a batch answered. Made here, not uploaded.</summary>
    public const string BatchOutput = "batch_output";

    /// <summary>What a client may upload. Only <see cref="Batch"/> is used for anything here; the others are kept and given back.</summary>
    public static IReadOnlyList<string> Uploaded { get; } = [Batch, "user_data", "assistants", "vision", "fine-tune"];

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Uploaded, BatchOutput];

    /// <summary>How long a file is kept where nobody said: lines and answers of batches 30 days, others for good.</summary>
    public static TimeSpan? KeptFor(string purpose) => purpose is Batch or BatchOutput ? TimeSpan.FromDays(30) : null;
}

/// <summary>How much may be kept.</summary>
public sealed record FileLimits
{
    /// <summary>The largest file that may be uploaded, in bytes. Default 200 MiB.</summary>
    public long FileBytesMax { get; init; } = 200L * 1024 * 1024;

    /// <summary>How many bytes the files of a project may have together. Default 10 GiB. What batches answer is counted and not refused.</summary>
    public long ProjectBytesMax { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>How many files a project may have. Default 10,000.</summary>
    public int ProjectFilesMax { get; init; } = 10_000;

    /// <summary>Uploads at once on this node: each takes a few megabytes of memory. Default 32.</summary>
    public int UploadsAtOnce { get; init; } = 32;
}
