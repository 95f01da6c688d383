using Dogana.Storage;

namespace Dogana.Responses;

/// <summary>The responses that projects keep. Whoever reads or writes one knows its project; what is in it is encrypted before it comes here.</summary>
public static class StoredResponses
{
    /// <summary>Keeps a response.</summary>
    public static Task<int> InsertAsync(StoreSession session, StoredResponse response)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(response);
        return session.ExecuteAsync(
            """
            insert into stored_response(project, id, end_customer, created_at, input, response)
            values(@Project, @Id, @EndCustomer, @CreatedAt, @Input, @Response) on conflict(project, id) do nothing
            """,
            new
            {
                response.Project, response.Id, response.EndCustomer, CreatedAt = response.CreatedAt.ToMicros(),
                Input = Convert.ToBase64String(response.Input), Response = Convert.ToBase64String(response.Response),
            });
    }

    /// <summary>A project's response or null.</summary>
    public static async Task<StoredResponse?> FindAsync(StoreSession session, string project, string id, string endCustomer)
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = await session.FindAsync<Row>(
            """
            select created_at as CreatedAt, input as Input, response as Response from stored_response
            where project = @project and id = @id and end_customer = @endCustomer
            """, new { project, id, endCustomer });
        return row is null ? null : new StoredResponse(
            project, id, endCustomer, StoredTime.FromMicros(row.CreatedAt), Convert.FromBase64String(row.Input), Convert.FromBase64String(row.Response));
    }

    /// <summary>Deletes a project's response. Was it there?</summary>
    public static async Task<bool> DeleteAsync(StoreSession session, string project, string id, string endCustomer)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await session.ExecuteAsync(
            "delete from stored_response where project = @project and id = @id and end_customer = @endCustomer", new { project, id, endCustomer }) > 0;
    }

    private sealed record Row(long CreatedAt, string Input, string Response);
}
