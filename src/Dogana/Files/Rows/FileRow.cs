using Dogana.Storage;

namespace Dogana.Files.Rows;

/// <summary>A file's row, and its SQL.</summary>
internal sealed record FileRow(string Id, string Project, string Purpose, string Name, long Bytes, long CreatedAt, long? ExpiresAt, long InUse)
{
    private const string Columns =
        "id as Id, project as Project, purpose as Purpose, name as Name, bytes as Bytes, created_at as CreatedAt, expires_at as ExpiresAt, in_use as InUse";

    // What is not whole, is being deleted or is over is as if it were not there; what is in use stays until it is let go.
    private const string IsThere = "is_whole = 1 and (expires_at is null or expires_at > @now or in_use > 0)";

    public StoredFile ToFile() => new(Id, Project, Purpose, Name, Bytes, StoredTime.FromMicros(CreatedAt), ExpiresAt is { } at ? StoredTime.FromMicros(at) : null);

    public static Task<FileRow?> FindAsync(StoreSession session, string project, string id, DateTimeOffset now) =>
        session.FindAsync<FileRow>($"select {Columns} from stored_file where id = @id and project = @project and {IsThere}", new { id, project, now = now.ToMicros() });

    public static Task<IReadOnlyList<FileRow>> ListAsync(StoreSession session, string? project, string? purpose, int limit, bool isOldestFirst, string? after, DateTimeOffset now)
    {
        var wanted = (project is null ? "" : " and project = @project") + (purpose is null ? "" : " and purpose = @purpose") + (after is null ? "" : isOldestFirst ? " and id > @after" : " and id < @after");
        return session.QueryAsync<FileRow>(
            $"select {Columns} from stored_file where {IsThere}{wanted} order by id {(isOldestFirst ? "asc" : "desc")} limit @limit", new { project, purpose, after, limit, now = now.ToMicros() });
    }
}
