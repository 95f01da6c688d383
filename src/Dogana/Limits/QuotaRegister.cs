using Dogana.Audit;
using Dogana.Catalog;
using Dogana.Limits.Quotas;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>What keeps a quota from being declared.</summary>
/// <param name="Quota">The quota.</param>
/// <param name="Key">What of it, as the world file writes it.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record QuotaFault(string Quota, string Key, string Message, string Remedy);

/// <summary>Reads and declares quotas. They are never deleted.</summary>
public static class QuotaRegister
{
    /// <summary>All quotas, by id.</summary>
    public static Task<IReadOnlyList<Quota>> ReadAsync(StoreSession session) => QuotaRows.ReadAsync(session);

    /// <summary>The quota, or a problem that says where to look.</summary>
    public static async Task<Outcome<Quota>> FindAsync(StoreSession session, string id) =>
        (await QuotaRows.ReadAsync(session)).FirstOrDefault(quota => quota.Id == id) is { } found
            ? found
            : NotFound(id);

    /// <summary>There is no such quota, or none that the caller may know of.</summary>
    internal static Problem NotFound(string id) => new(ProblemCode.NotFound, $"No quota has the id '{id}'. 'dogana quota list' shows them.", "id");

    /// <summary>Makes the store hold what is declared; what is not named stays. Where anything is wrong nothing is done, and all of it is told.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="parties">The parties, as this transaction leaves them.</param>
    /// <param name="catalog">The catalogue, likewise: what it takes from under a quota that is there is a fault too.</param>
    /// <param name="wanted">The quotas.</param>
    public static async Task<(IReadOnlyList<Change> Changes, IReadOnlyList<QuotaFault> Faults)> DeclareAsync(
        StoreSession session, PartyTable parties, CatalogTable catalog, IReadOnlyList<Quota> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var present = await QuotaRows.ReadAsync(session);
        QuotaFault[] faults = [.. QuotaRules.Check(present, wanted, parties, catalog)];
        return faults.Length > 0 ? ([], faults) : (await QuotaRows.DeclareAsync(session, present, wanted), []);
    }

    /// <summary>Adds a quota or changes it. Holds at once on this node, and within a quarter of a second on others.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="quota">The quota, whole.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="action">For the audit log.</param>
    /// <param name="detail">For the audit log.</param>
    /// <param name="now">When.</param>
    public static async Task<Outcome<Quota>> SetAsync(StoreSession session, Quota quota, string actor, string action, string detail, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(quota);
        var (changes, faults) = await DeclareAsync(session, await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), [quota]);
        if (faults is [var fault, ..])
        {
            return new Problem(fault.Key is "organisation" or "model" ? ProblemCode.NotFound : ProblemCode.Conflict, $"{fault.Message} {fault.Remedy}", fault.Key);
        }

        if (changes[0].Kind != ChangeKind.Unchanged)
        {
            await AuditLog.WriteAsync(session, now, actor, action, quota.Id, detail);
        }

        return quota;
    }
}
