using Dogana.Storage;

namespace Dogana.Conduct.Cases;

/// <summary>Frozen bundles and excerpts as rows.</summary>
internal static class EvidenceRows
{
    public static Task<EvidenceRow?> FindAsync(StoreSession session, string caseId) => session.FindAsync<EvidenceRow>(
        "select hash as Hash, customer_hash as CustomerHash, bundle as Bundle, customer_bundle as CustomerBundle, frozen_at as FrozenAt from conduct_evidence where case_id = @caseId", new { caseId });

    public static Task<int> InsertAsync(StoreSession session, string caseId, string bundle, string customerBundle, DateTimeOffset now) => session.ExecuteAsync(
        "insert into conduct_evidence(case_id, hash, customer_hash, bundle, customer_bundle, frozen_at) values(@caseId, @hash, @customerHash, @bundle, @customerBundle, @at)",
        new { caseId, hash = StoredJson.Hash(bundle), customerHash = StoredJson.Hash(customerBundle), bundle, customerBundle, at = now.ToMicros() });

    public static Task<IReadOnlyList<ExcerptRow>> ReadExcerptsAsync(StoreSession session, string caseId) => session.QueryAsync<ExcerptRow>(
        "select number as Number, call_id as CallId, at as At, hash as Hash, body as Body from conduct_excerpt where case_id = @caseId order by number", new { caseId });

    public static Task<int> InsertAsync(StoreSession session, string caseId, int number, CaseExcerpt excerpt, string hash, string? body) => session.ExecuteAsync(
        "insert into conduct_excerpt(case_id, number, call_id, at, hash, body) values(@caseId, @number, @CallId, @at, @hash, @body)",
        new { caseId, number = (long)number, excerpt.CallId, at = excerpt.At.ToMicros(), hash, body });

    /// <summary>Takes the texts away; the hashes stay.</summary>
    public static async Task EraseAsync(StoreSession session, string caseId)
    {
        await session.ExecuteAsync("update conduct_evidence set bundle = null, customer_bundle = null where case_id = @caseId", new { caseId });
        await session.ExecuteAsync("update conduct_excerpt set body = null where case_id = @caseId", new { caseId });
    }
}

internal sealed record EvidenceRow(string Hash, string CustomerHash, string? Bundle, string? CustomerBundle, long FrozenAt);

internal sealed record ExcerptRow(long Number, string CallId, long At, string Hash, string? Body);
