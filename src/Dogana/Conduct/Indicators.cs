using Dogana.Audit;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>A set of indicators that was taken over.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Its version, as its maker says.</param>
/// <param name="Signatures">The ids of its signatures.</param>
/// <param name="ImportedAt">When it was taken over.</param>
/// <param name="ImportedBy">By whom.</param>
public sealed record IndicatorSet(string Id, string Version, IReadOnlyList<string> Signatures, DateTimeOffset ImportedAt, string ImportedBy);

/// <summary>Indicators that were taken over from others, such as a forum of model owners: signatures and fingerprints of templates, never text of a customer. They are looked for beside those that this version ships.</summary>
public static class Indicators
{
    /// <summary>The most sets that are in use.</summary>
    public const int SetsMax = 32;

    /// <summary>All signatures that are looked for.</summary>
    public static async Task<SignatureCatalogue> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var catalogue = SignatureCatalogue.Shipped;
        foreach (var document in await session.QueryAsync<string>("select document from conduct_indicators order by id"))
        {
            // Checked when it came; what a later version ships itself goes before it.
            catalogue = SignatureCatalogue.Import(document).TryGet(out var imported, out _) && catalogue.With(imported).TryGet(out var both, out _) ? both : catalogue;
        }

        return catalogue;
    }

    /// <summary>The sets that are in use, by name.</summary>
    public static async Task<IReadOnlyList<IndicatorSet>> ListAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>("select id as Id, document as Document, imported_at as ImportedAt, imported_by as ImportedBy from conduct_indicators order by id");
        return [.. rows.Select(static row => row.ToSet())];
    }

    /// <summary>Takes a set of indicators over; again under the same id takes the place of what was there.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="id">The set's name: lower-case letters, digits, hyphens and dots, at most 63.</param>
    /// <param name="document">JSON of the format <see cref="SignatureCatalogue.Format"/>.</param>
    /// <param name="actor">Who takes it over.</param>
    /// <param name="now">When.</param>
    public static async Task<Outcome<IndicatorSet>> ImportAsync(StoreSession session, string id, string document, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length is 0 or > 63 || !id.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.'))
        {
            return new Problem(ProblemCode.InvalidRequest, "The set's name is made of lower-case letters, digits, hyphens and dots, 63 at most.", "id");
        }

        if (!SignatureCatalogue.Import(document).TryGet(out var imported, out var problem) || !SignatureCatalogue.Shipped.With(imported).TryGet(out _, out problem))
        {
            return problem;
        }

        if (await session.ScalarAsync<long>("select count(*) from conduct_indicators where id <> @id", new { id }) >= SetsMax)
        {
            return new Problem(ProblemCode.Conflict, $"There are {SetsMax} sets of indicators, as many as may be. Remove one, or put several into one.", "id");
        }

        await session.ExecuteAsync(
            """
            insert into conduct_indicators(id, document, imported_at, imported_by) values(@id, @document, @at, @actor)
            on conflict(id) do update set document = excluded.document, imported_at = excluded.imported_at, imported_by = excluded.imported_by
            """,
            new { id, document = imported.Export(), at = now.ToMicros(), actor });
        await AuditLog.WriteAsync(session, now, actor, "indicators.import", id, $"{imported.Signatures.Count} signatures of version {imported.Version}");
        session.ChangesConfiguration();
        return new IndicatorSet(id, imported.Version, [.. imported.Signatures.Select(static signature => signature.Id)], now, actor);
    }

    /// <summary>Removes a set and gives what it was; null where there is none.</summary>
    public static async Task<IndicatorSet?> RemoveAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if ((await ListAsync(session)).FirstOrDefault(set => set.Id == id) is not { } removed)
        {
            return null;
        }

        await session.ExecuteAsync("delete from conduct_indicators where id = @id", new { id });
        await AuditLog.WriteAsync(session, now, actor, "indicators.remove", id);
        session.ChangesConfiguration();
        return removed;
    }

    private sealed record Row(string Id, string Document, long ImportedAt, string ImportedBy)
    {
        public IndicatorSet ToSet()
        {
            var catalogue = SignatureCatalogue.Import(Document).TryGet(out var imported, out _) ? imported : null;
            return new IndicatorSet(Id, catalogue?.Version ?? "unreadable", [.. catalogue?.Signatures.Select(static signature => signature.Id) ?? []], StoredTime.FromMicros(ImportedAt), ImportedBy);
        }
    }
}
