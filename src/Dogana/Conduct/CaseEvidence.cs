using System.Globalization;
using System.Text;
using Dogana.Audit;
using Dogana.Conduct.Cases;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>A piece of a call that met a signature, as the feed takes it while a case is open.</summary>
/// <param name="CallId">The call.</param>
/// <param name="At">When it was accepted.</param>
/// <param name="Text">The piece: at most <see cref="CaseEvidence.ExcerptMax"/> characters.</param>
/// <param name="MayLog">May text of it be kept? Where not, only its hash is.</param>
public sealed record CaseExcerpt(string CallId, DateTimeOffset At, string Text, bool MayLog);

/// <summary>An excerpt on record.</summary>
/// <param name="Number">From 1.</param>
/// <param name="CallId">The call.</param>
/// <param name="At">When it was accepted.</param>
/// <param name="Hash">SHA-256 of the text's UTF-8.</param>
/// <param name="Text">The text; null where it was not to be kept, was erased, or cannot be decrypted here.</param>
public sealed record KeptExcerpt(int Number, string CallId, DateTimeOffset At, string Hash, string? Text);

/// <summary>What rehashing the evidence gave.</summary>
/// <param name="Case">The case.</param>
/// <param name="IsIntact">Is it what was frozen? Null where nothing is frozen, or the text was erased.</param>
/// <param name="Hash">The hash on record, or null.</param>
/// <param name="Words">For a person.</param>
public sealed record EvidenceCheck(string Case, bool? IsIntact, string? Hash, string Words);

/// <summary>The evidence of cases: gathered while they are open, frozen by a hash when the customer is told, erased when the case is long over; the hash stays.</summary>
public static class CaseEvidence
{
    /// <summary>The most excerpts of a case: 20.</summary>
    public const int ExcerptsMax = 20;

    /// <summary>The most characters of an excerpt: 2,000.</summary>
    public const int ExcerptMax = 2_000;

    /// <summary>Keeps an excerpt, encrypted; its hash only where text may not be kept. The same call gives the one that is there.</summary>
    /// <returns>The number of excerpts that the case has.</returns>
    public static async Task<Outcome<int>> AddExcerptAsync(StoreSession session, KeyRing ring, string caseId, CaseExcerpt excerpt)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(excerpt);
        if (!(await ConductCases.FindAsync(session, caseId)).TryGet(out var item, out var problem))
        {
            return problem;
        }

        if (item.State != CaseState.Open)
        {
            return new Problem(ProblemCode.EvidenceClosed, $"The case '{caseId}' is {CaseRules.Words(item.State)}. Evidence is gathered while a case is open.");
        }

        var rows = await EvidenceRows.ReadExcerptsAsync(session, caseId);
        if (rows.Any(row => row.CallId == excerpt.CallId))
        {
            return rows.Count;
        }

        if (rows.Count >= ExcerptsMax)
        {
            return new Problem(ProblemCode.EvidenceClosed, $"The case '{caseId}' has {ExcerptsMax} excerpts, which is all that one keeps.");
        }

        var text = excerpt.Text.Length <= ExcerptMax ? excerpt.Text : excerpt.Text[..ExcerptMax];
        var number = rows.Count + 1;
        string? body = null;
        if (excerpt.MayLog)
        {
            if (!ring.Protect(Encoding.UTF8.GetBytes(text), Purpose(caseId, number)).TryGet(out var sealedText, out problem))
            {
                return problem;
            }

            body = Convert.ToBase64String(sealedText);
        }

        await EvidenceRows.InsertAsync(session, caseId, number, excerpt, StoredJson.Hash(text), body);
        return number;
    }

    /// <summary>The excerpts of a case, decrypted where they can be.</summary>
    public static async Task<IReadOnlyList<KeptExcerpt>> ReadExcerptsAsync(StoreSession session, KeyRing ring, string caseId)
    {
        ArgumentNullException.ThrowIfNull(ring);
        return [.. (await EvidenceRows.ReadExcerptsAsync(session, caseId)).Select(row => new KeptExcerpt(
            (int)row.Number, row.CallId, StoredTime.FromMicros(row.At), row.Hash,
            row.Body is { } body && ring.Unprotect(Convert.FromBase64String(body), Purpose(caseId, (int)row.Number)).TryGet(out var plain, out _) ? Encoding.UTF8.GetString(plain) : null))];
    }

    /// <summary>The frozen bundle as canonical JSON: the owner's, or the customer's, which names no other tenant. Null where nothing is frozen, or it was erased.</summary>
    public static async Task<string?> ReadBundleAsync(StoreSession session, string caseId, bool forCustomer) =>
        await EvidenceRows.FindAsync(session, caseId) is { } row ? forCustomer ? row.CustomerBundle : row.Bundle : null;

    /// <summary>Hashes the evidence again and compares.</summary>
    public static async Task<Outcome<EvidenceCheck>> VerifyAsync(StoreSession session, KeyRing ring, string caseId)
    {
        if (!(await ConductCases.FindAsync(session, caseId)).TryGet(out _, out var problem))
        {
            return problem;
        }

        var row = await EvidenceRows.FindAsync(session, caseId);
        if (row is null)
        {
            return new EvidenceCheck(caseId, null, null, "The customer was not told yet: nothing is frozen.");
        }

        if (row.Bundle is null)
        {
            return new EvidenceCheck(caseId, null, row.Hash, "The text was erased after its time; the hash is on record.");
        }

        var changed = StoredJson.Hash(row.Bundle) != row.Hash ? "The bundle is not what was frozen."
            : StoredJson.Hash(row.CustomerBundle!) != row.CustomerHash ? "The customer's bundle is not what was frozen."
            : (await ReadExcerptsAsync(session, ring, caseId)).FirstOrDefault(item =>
                (item.Text is { } text && StoredJson.Hash(text) != item.Hash) || !row.Bundle.Contains($"\"{item.Hash}\"", StringComparison.Ordinal)) is { } wrong
                ? string.Create(CultureInfo.InvariantCulture, $"Excerpt {wrong.Number} is not what was frozen.")
            : null;
        return new EvidenceCheck(caseId, changed is null, row.Hash, changed ?? $"The evidence is what was frozen at {StoredTime.FromMicros(row.FrozenAt):u}.");
    }

    internal static async Task FreezeAsync(StoreSession session, ConductCase item, DateTimeOffset now)
    {
        var (signals, excerpts) = (await SignalRows.OfCaseAsync(session, item.Id), await EvidenceRows.ReadExcerptsAsync(session, item.Id));
        var bundle = await EvidenceBundle.BuildAsync(session, item, signals, excerpts, now);
        var (text, customers) = (StoredJson.Canonical(bundle), StoredJson.Canonical(bundle.For(new Redaction(item.Account, signals))));
        await EvidenceRows.InsertAsync(session, item.Id, text, customers, now);
        await AuditLog.WriteAsync(session, now, CaseActor.Automation.Name, "case.freeze", item.Id, StoredJson.Hash(text));
    }

    private static string[] Purpose(string caseId, int number) => ["case-excerpt", caseId, number.ToString(CultureInfo.InvariantCulture)];
}
