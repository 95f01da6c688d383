namespace Dogana.Client;

/// <summary>What a project's response cache holds.</summary>
/// <param name="Project">The project.</param>
/// <param name="Seconds">For how long an answer stands; null where the project has no cache.</param>
/// <param name="Entries">How many answers it holds.</param>
/// <param name="Bytes">How many bytes, as they are encrypted.</param>
/// <param name="EntriesMax">The most answers.</param>
/// <param name="BytesMax">The most bytes.</param>
public sealed record ResponseCacheRecord(string Project, long? Seconds, long Entries, long Bytes, long EntriesMax, long BytesMax);

/// <summary>What was deleted of a project's response cache.</summary>
/// <param name="Project">The project.</param>
/// <param name="Entries">How many answers.</param>
public sealed record PurgedResponseCacheRecord(string Project, long Entries);
