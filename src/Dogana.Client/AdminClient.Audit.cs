namespace Dogana.Client;

/// <summary>The audit log.</summary>
public sealed partial class AdminClient
{
    /// <summary>A page of audit rows, newest first: those that agree with all that is given.</summary>
    public Task<Page<AuditRecord>> ListAuditAsync(
        string? actor = null, string? action = null, string? subject = null, DateTimeOffset? from = null, DateTimeOffset? to = null, string? after = null, int limit = 100,
        CancellationToken cancellation = default) =>
        GetAsync<Page<AuditRecord>>(
            "/audit" + Query(
                ("actor", actor), ("action", action), ("subject", subject), ("from", from is { } start ? Unescaped(start) : null), ("to", to is { } end ? Unescaped(end) : null),
                ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>The last checkpoint of the audit log, or that of a size.</summary>
    public Task<AuditCheckpointRecord> GetAuditCheckpointAsync(long? size = null, CancellationToken cancellation = default) =>
        GetAsync<AuditCheckpointRecord>("/audit/checkpoint" + Query(("size", Number(size))), cancellation);

    /// <summary>Signs a checkpoint of the audit log as it is now.</summary>
    public Task<AuditCheckpointRecord> MakeAuditCheckpointAsync(CancellationToken cancellation = default) => PostAsync<AuditCheckpointRecord>("/audit/checkpoint", null, cancellation);

    /// <summary>The key that checkpoints are signed with.</summary>
    public Task<AuditKeyRecord> GetAuditKeyAsync(CancellationToken cancellation = default) => GetAsync<AuditKeyRecord>("/audit/key", cancellation);

    /// <summary>Proves that a row is in the log of the last checkpoint, or of the one of a size.</summary>
    public Task<AuditInclusionProof> ProveAuditRowAsync(long sequence, long? at = null, CancellationToken cancellation = default) =>
        GetAsync<AuditInclusionProof>("/audit/proof" + Query(("sequence", Text(sequence)), ("at", Number(at))), cancellation);

    /// <summary>Proves that the log of one checkpoint begins with that of a smaller one; the last one where no larger one is named.</summary>
    public Task<AuditConsistencyProof> ProveAuditConsistencyAsync(long from, long? to = null, CancellationToken cancellation = default) =>
        GetAsync<AuditConsistencyProof>("/audit/consistency" + Query(("from", Text(from)), ("to", Number(to))), cancellation);

    /// <summary>Verifies the audit log of the store.</summary>
    public Task<AuditVerificationReport> VerifyAuditAsync(AuditVerifyRequest request, CancellationToken cancellation = default) =>
        PostAsync<AuditVerificationReport>("/audit/verify", request, cancellation);

    private static string? Number(long? number) => number is { } given ? Text(given) : null;
}
