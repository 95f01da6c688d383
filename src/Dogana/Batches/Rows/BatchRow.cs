using System.Text;
using System.Text.Json;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Batches.Rows;

/// <summary>A batch's row, and its SQL.</summary>
internal sealed class BatchRow
{
    public const string Columns = """
        id as Id, project as Project, key_id as KeyId, dialect as Dialect, end_customer as EndCustomer, tags as Tags, country as Country, address as Address,
        endpoint as Endpoint, input_file as InputFile, metadata as Metadata, output_kept_seconds as OutputKeptSeconds, model as Model, status as Status, ends_as as EndsAs, errors as Errors,
        total as Total, completed as Completed, failed as Failed, created_at as CreatedAt, expires_at as ExpiresAt, in_progress_at as InProgressAt, cancelling_at as CancellingAt,
        finalizing_at as FinalizingAt, ended_at as EndedAt, output_file as OutputFile, error_file as ErrorFile, fence as Fence
        """;

    private const string MetadataPurpose = "batch-metadata";

    public required string Id { get; init; }

    public required string Project { get; init; }

    public required string KeyId { get; init; }

    public required string Dialect { get; init; }

    public string? EndCustomer { get; init; }

    public string? Tags { get; init; }

    public string? Country { get; init; }

    public string? Address { get; init; }

    public required string Endpoint { get; init; }

    public required string InputFile { get; init; }

    public string? Metadata { get; init; }

    public long? OutputKeptSeconds { get; init; }

    public string? Model { get; init; }

    public required string Status { get; init; }

    public string? EndsAs { get; init; }

    public string? Errors { get; init; }

    public long Total { get; init; }

    public long Completed { get; init; }

    public long Failed { get; init; }

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public long? InProgressAt { get; init; }

    public long? CancellingAt { get; init; }

    public long? FinalizingAt { get; init; }

    public long? EndedAt { get; init; }

    public string? OutputFile { get; init; }

    public string? ErrorFile { get; init; }

    public long Fence { get; init; }

    public static Task<BatchRow?> FindAsync(StoreSession session, string id, string? project) =>
        session.FindAsync<BatchRow>($"select {Columns} from batch where id = @id" + (project is null ? "" : " and project = @project"), new { id, project });

    public static Task InsertAsync(StoreSession session, Batch batch, KeyRing ring) => session.ExecuteAsync(
        """
        insert into batch(id, project, key_id, dialect, end_customer, tags, country, address, endpoint, input_file, metadata, output_kept_seconds, status, total, completed, failed,
            created_at, expires_at, is_open, fence, lease_until)
        values(@Id, @Project, @Key, @Dialect, @EndCustomer, @Tags, @Country, @Address, @Endpoint, @InputFile, @metadata, @kept, @status, 0, 0, 0, @createdAt, @expiresAt, 1, 0, 0)
        """,
        new
        {
            batch.Id,
            batch.Project,
            batch.Origin.Key,
            batch.Origin.Dialect,
            batch.Origin.EndCustomer,
            batch.Origin.Tags,
            batch.Origin.Country,
            batch.Origin.Address,
            batch.Order.Endpoint,
            batch.Order.InputFile,
            metadata = batch.Order.Metadata is { } said ? Convert.ToBase64String(ring.Protect(Encoding.UTF8.GetBytes(said), MetadataPurpose, batch.Project, batch.Id).Value) : null,
            kept = (long?)batch.Order.OutputKeptFor?.TotalSeconds,
            status = batch.Status.ToString(),
            createdAt = batch.CreatedAt.ToMicros(),
            expiresAt = batch.ExpiresAt.ToMicros(),
        });

    public Batch ToBatch(KeyRing ring) => new(
        Id, Project, new BatchOrigin(KeyId, Dialect) { EndCustomer = EndCustomer, Tags = Tags, Country = Country, Address = Address },
        new BatchOrder(InputFile, Endpoint, Open(ring), OutputKeptSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null),
        Enum.Parse<BatchStatus>(Status), StoredTime.FromMicros(CreatedAt), StoredTime.FromMicros(ExpiresAt))
    {
        Model = Model,
        EndsAs = EndsAs is null ? null : Enum.Parse<BatchStatus>(EndsAs),
        Faults = Errors is null ? [] : JsonSerializer.Deserialize<BatchFault[]>(Errors)!,
        Total = Total,
        Completed = Completed,
        Failed = Failed,
        InProgressAt = At(InProgressAt),
        CancellingAt = At(CancellingAt),
        FinalizingAt = At(FinalizingAt),
        EndedAt = At(EndedAt),
        OutputFile = OutputFile,
        ErrorFile = ErrorFile,
    };

    private static DateTimeOffset? At(long? micros) => micros is { } at ? StoredTime.FromMicros(at) : null;

    // What cannot be read again is left out: a batch is found without it.
    private string? Open(KeyRing ring) =>
        Metadata is not null && ring.Unprotect(Convert.FromBase64String(Metadata), MetadataPurpose, Project, Id).TryGet(out var plain, out _) ? Encoding.UTF8.GetString(plain) : null;
}
