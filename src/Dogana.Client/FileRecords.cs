namespace Dogana.Client;

/// <summary>A file of a project; not its content.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Project">Whose it is.</param>
/// <param name="Purpose">What for: <c>batch</c>, <c>batch_output</c>, <c>user_data</c> and others.</param>
/// <param name="Name">What its project calls it.</param>
/// <param name="Bytes">How long its content is.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="ExpiresAt">When it is deleted by itself; null for never.</param>
public sealed record FileRecord(string Id, string Project, string Purpose, string Name, long Bytes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>What was erased of a project.</summary>
/// <param name="Project">The project.</param>
/// <param name="Files">How many files, those that were being uploaded too.</param>
/// <param name="Batches">How many batches.</param>
public sealed record ErasedFilesRecord(string Project, int Files, int Batches);

/// <summary>A batch; nothing of its lines.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Project">Whose it is.</param>
/// <param name="Key">The public id of the key that it was made by.</param>
/// <param name="Endpoint">What its lines call.</param>
/// <param name="Model">What they name; null until they were looked at.</param>
/// <param name="Status"><c>validating</c>, <c>failed</c>, <c>in_progress</c>, <c>finalizing</c>, <c>completed</c>, <c>expired</c>, <c>cancelling</c> or <c>cancelled</c>.</param>
/// <param name="Total">How many lines it has.</param>
/// <param name="Completed">How many were answered.</param>
/// <param name="Failed">How many came to an error, or were not run at its end.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When no further line is begun.</param>
/// <param name="EndedAt">When it ended; null while it has not.</param>
/// <param name="InputFile">The file with its lines.</param>
/// <param name="OutputFile">The file with its answers, where there are some.</param>
/// <param name="ErrorFile">The file with its errors, where there are some.</param>
public sealed record BatchRecord(
    string Id, string Project, string Key, string Endpoint, string? Model, string Status, long Total, long Completed, long Failed, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt,
    string InputFile, string? OutputFile, string? ErrorFile);
