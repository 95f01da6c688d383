namespace Dogana.Batches;

/// <summary>How a batch is. Stored by name. Source: OpenAI's API reference, "Batch".</summary>
public enum BatchStatus
{
    /// <summary>Its lines are looked at.</summary>
    Validating = 1,

    /// <summary>Its lines cannot be run; none was.</summary>
    Failed = 2,

    /// <summary>Its lines are run.</summary>
    InProgress = 3,

    /// <summary>No line is begun any more; its answers are put together.</summary>
    Finalizing = 4,

    /// <summary>Every line has its answer.</summary>
    Completed = 5,

    /// <summary>Its time was over before every line had been run.</summary>
    Expired = 6,

    /// <summary>Somebody took it back: no line is begun any more.</summary>
    Cancelling = 7,

    /// <summary>It was taken back before every line had been run.</summary>
    Cancelled = 8,
}

/// <summary>By whom a batch was made, and from where: each of its lines is a call by that key, judged by what holds when it is made.</summary>
/// <param name="Key">The key's public id.</param>
/// <param name="Dialect">The dialect, as scopes of keys name it.</param>
public sealed record BatchOrigin(string Key, string Dialect)
{
    /// <summary>Whom it is for, as the request's header said, or null.</summary>
    public string? EndCustomer { get; init; }

    /// <summary>How it marks its usage, as the request's header said, or null.</summary>
    public string? Tags { get; init; }

    /// <summary>The country of its address, where that is known.</summary>
    public string? Country { get; init; }

    /// <summary>Its address.</summary>
    public string? Address { get; init; }
}

/// <summary>What somebody asks for.</summary>
/// <param name="InputFile">The file with the lines.</param>
/// <param name="Endpoint">What each line calls: one of <see cref="LineEndpoint.Paths"/>, in the words of the request.</param>
/// <param name="Metadata">JSON that is given back as it came, or null. Encrypted in the store.</param>
/// <param name="OutputKeptFor">How long its files are kept; null for what is usual.</param>
public sealed record BatchOrder(string InputFile, string Endpoint, string? Metadata = null, TimeSpan? OutputKeptFor = null);

/// <summary>Why a batch cannot be run.</summary>
/// <param name="Code">In OpenAI's words.</param>
/// <param name="Message">For a person.</param>
/// <param name="Line">The input's line, from 1 on; null where it is about no certain one.</param>
/// <param name="Param">The field at fault, or null.</param>
public sealed record BatchFault(string Code, string Message, long? Line = null, string? Param = null);

/// <summary>A file of lines that are run within a day, each a call of its own.</summary>
/// <param name="Id"><c>batch_</c> and a version 7 UUID without hyphens: ids sort by when batches were made.</param>
/// <param name="Project">Whose it is.</param>
/// <param name="Origin">By whom it was made.</param>
/// <param name="Order">What was asked for.</param>
/// <param name="Status">How it is.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When no further line is begun: <see cref="Window"/> later.</param>
public sealed record Batch(string Id, string Project, BatchOrigin Origin, BatchOrder Order, BatchStatus Status, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>How long a batch has.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromHours(24);

    /// <summary>What its lines call; null until they were looked at.</summary>
    public string? Model { get; init; }

    /// <summary>Why it failed.</summary>
    public IReadOnlyList<BatchFault> Faults { get; init; } = [];

    /// <summary>How many lines it has; 0 until they were looked at.</summary>
    public long Total { get; init; }

    /// <summary>How many were answered.</summary>
    public long Completed { get; init; }

    /// <summary>How many came to an error, or were not run at its end.</summary>
    public long Failed { get; init; }

    /// <summary>When its first line could be run.</summary>
    public DateTimeOffset? InProgressAt { get; init; }

    /// <summary>When it was taken back.</summary>
    public DateTimeOffset? CancellingAt { get; init; }

    /// <summary>When its answers began to be put together.</summary>
    public DateTimeOffset? FinalizingAt { get; init; }

    /// <summary>When it ended, in whatever way <see cref="Status"/> says.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The file with the answers, where there are some.</summary>
    public string? OutputFile { get; init; }

    /// <summary>The file with the errors, where there are some.</summary>
    public string? ErrorFile { get; init; }

    /// <summary>Has it ended?</summary>
    public bool IsEnded => EndedAt is not null;

    internal BatchStatus? EndsAs { get; init; }
}

/// <summary>What lines of batches may call.</summary>
public static class LineEndpoint
{
    /// <summary>OpenAI's paths; Azure's are the same without <c>/v1</c>.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/embeddings"];

    /// <summary>The path that is meant, or null where it is none of them.</summary>
    public static string? Find(string? written) => Paths.FirstOrDefault(path => path == written || path[3..] == written);
}

/// <summary>How much batches may do.</summary>
public sealed record BatchLimits
{
    /// <summary>The most lines of a batch. Default 50,000, as OpenAI's.</summary>
    public int LinesMax { get; init; } = 50_000;

    /// <summary>Lines that this node runs at once, of all batches together. Default 32.</summary>
    public int LinesAtOnce { get; init; } = 32;

    /// <summary>Batches of a project that have not ended. Default 100.</summary>
    public int OpenPerProject { get; init; } = 100;
}
