using Dogana.Storage;

namespace Dogana.Responses;

/// <summary>The responses that projects keep. Whoever reads or writes one knows its project; what is in it is encrypted before it comes here.</summary>
public static class StoredResponses
{
    /// <summary>How many are deleted in one statement.</summary>
    private const int SweepMax = 1_000;

    /// <summary>Keeps a response.</summary>
    public static Task<int> InsertAsync(StoreSession session, StoredResponse response)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(response);
        return session.ExecuteAsync(
            """
            insert into stored_response(project, id, end_customer, created_at, expires_at, input, response)
            values(@Project, @Id, @EndCustomer, @CreatedAt, @ExpiresAt, @Input, @Response) on conflict(project, id) do nothing
            """,
            new
            {
                response.Project, response.Id, response.EndCustomer, CreatedAt = response.CreatedAt.ToMicros(), ExpiresAt = response.ExpiresAt.ToMicros(),
                Input = Convert.ToBase64String(response.Input), Response = Convert.ToBase64String(response.Response),
            });
    }

    /// <summary>A project's response that is kept still, or null.</summary>
    public static async Task<StoredResponse?> FindAsync(StoreSession session, string project, string id, string endCustomer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = await session.FindAsync<Row>(
            """
            select created_at as CreatedAt, expires_at as ExpiresAt, input as Input, response as Response from stored_response
            where project = @project and id = @id and end_customer = @endCustomer and expires_at > @now
            """, new { project, id, endCustomer, now = now.ToMicros() });
        return row is null ? null : new StoredResponse(
            project, id, endCustomer, StoredTime.FromMicros(row.CreatedAt), StoredTime.FromMicros(row.ExpiresAt), Convert.FromBase64String(row.Input), Convert.FromBase64String(row.Response));
    }

    /// <summary>Deletes a project's response. Was it there?</summary>
    public static async Task<bool> DeleteAsync(StoreSession session, string project, string id, string endCustomer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await session.ExecuteAsync(
            "delete from stored_response where project = @project and id = @id and end_customer = @endCustomer and expires_at > @now", new { project, id, endCustomer, now = now.ToMicros() }) > 0;
    }

    /// <summary>Deletes what has expired, at most a thousand. Gives how many.</summary>
    public static Task<int> SweepAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync(
            """
            delete from stored_response where (project, id) in (select project, id from stored_response where expires_at <= @now order by expires_at limit @SweepMax)
            """, new { now = now.ToMicros(), SweepMax });
    }

    private sealed record Row(long CreatedAt, long ExpiresAt, string Input, string Response);
}
