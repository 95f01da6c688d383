using Dogana.Storage;

namespace Dogana.Responses;

/// <summary>How much a project's response cache holds.</summary>
/// <param name="Entries">How many answers.</param>
/// <param name="Bytes">How many bytes, as they are encrypted.</param>
public sealed record ResponseCacheSize(long Entries, long Bytes)
{
    /// <summary>The most: 10,000 answers and 256 MiB.</summary>
    public static ResponseCacheSize Max { get; } = new(10_000, 256L * 1024 * 1024);
}

/// <summary>
/// The answers that projects keep for equal calls (docs/decisions/0031). One table for all nodes; what is in it is encrypted before it comes here, and each statement that reads an answer names its
/// project.
/// </summary>
public static class ResponseCache
{
    private const int SweptMax = 500;

    /// <summary>A project's answer that is not over; null where there is none.</summary>
    public static async Task<CachedResponse?> FindAsync(StoreSession session, string project, string keyHash, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = await session.FindAsync<Row>(
            """
            select created_at as CreatedAt, expires_at as ExpiresAt, tokens as Tokens, is_estimated as IsEstimated, answer as Answer
            from cached_response where project = @project and key_hash = @keyHash and expires_at > @now
            """,
            new { project, keyHash, now = now.ToMicros() });
        return row is null ? null : new CachedResponse(
            project, keyHash, StoredTime.FromMicros(row.CreatedAt), StoredTime.FromMicros(row.ExpiresAt), row.Tokens, row.IsEstimated == 1, Convert.FromBase64String(row.Answer));
    }

    /// <summary>Keeps answers, each in the place of an older one of its key, and makes room in their projects: the oldest go.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="responses">The answers.</param>
    /// <param name="most">The most that a project has; null for <see cref="ResponseCacheSize.Max"/>.</param>
    public static async Task<int> KeepAsync(StoreSession session, IReadOnlyList<CachedResponse> responses, ResponseCacheSize? most = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(responses);
        await session.ExecuteAsync(
            """
            insert into cached_response(project, key_hash, created_at, expires_at, tokens, is_estimated, bytes, answer)
            values(@Project, @KeyHash, @CreatedAt, @ExpiresAt, @Tokens, @IsEstimated, @Bytes, @Answer)
            on conflict(project, key_hash) do update set created_at = excluded.created_at, expires_at = excluded.expires_at, tokens = excluded.tokens,
                is_estimated = excluded.is_estimated, bytes = excluded.bytes, answer = excluded.answer
            """,
            responses.Select(static response => new
            {
                response.Project, response.KeyHash, CreatedAt = response.CreatedAt.ToMicros(), ExpiresAt = response.ExpiresAt.ToMicros(), response.Tokens,
                IsEstimated = response.IsEstimated ? 1 : 0, Bytes = response.Answer.LongLength, Answer = Convert.ToBase64String(response.Answer),
            }).ToList());
        most ??= ResponseCacheSize.Max;
        foreach (var project in responses.Select(static response => response.Project).Distinct(StringComparer.Ordinal))
        {
            var held = await SizeAsync(session, project);
            if (held.Entries > most.Entries || held.Bytes > most.Bytes)
            {
                await session.ExecuteAsync(
                    """
                    delete from cached_response where project = @project and key_hash in (
                        select key_hash from (
                            select key_hash, row_number() over newest as entry, sum(bytes) over newest as held from cached_response where project = @project
                            window newest as (order by created_at desc, key_hash rows unbounded preceding)) as ranked
                        where entry > @Entries or held > @Bytes)
                    """,
                    new { project, most.Entries, most.Bytes });
            }
        }

        return responses.Count;
    }

    /// <summary>What a project's cache holds, answers that are over and not yet deleted with it.</summary>
    public static async Task<ResponseCacheSize> SizeAsync(StoreSession session, string project)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await session.FindAsync<ResponseCacheSize>(
            "select count(*) as Entries, cast(coalesce(sum(bytes), 0) as bigint) as Bytes from cached_response where project = @project", new { project }))!;
    }

    /// <summary>Deletes all answers of some projects; gives how many they were.</summary>
    public static Task<int> PurgeAsync(StoreSession session, IEnumerable<string> projects)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync($"delete from cached_response where {session.IsOneOf("project", "projects")}", new { projects = session.List([.. projects]) });
    }

    /// <summary>Deletes answers that are over, and all of projects that have no cache; a bounded number in each transaction, and nothing is written where nothing is kept.</summary>
    /// <param name="store">The store.</param>
    /// <param name="hasCache">Has a project a cache?</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task SweepAsync(Store store, Func<string, bool> hasCache, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var projects = await store.ReadAsync(static session => session.QueryAsync<string>("select distinct project from cached_response order by project"), cancellation);
        if (projects.Count == 0)
        {
            return;
        }

        while (await store.WriteAsync(session => DeleteAsync(session, "expires_at <= @before", "expires_at", now, SweptMax), cancellation) == SweptMax)
        {
            // Others may write in between.
        }

        foreach (var project in projects.Where(project => !hasCache(project)))
        {
            await store.WriteAsync(session => PurgeAsync(session, [project]), cancellation);
        }
    }

    /// <summary>Deletes at most so many answers that were kept before an instant; gives how many they were.</summary>
    public static Task<int> DeleteOlderAsync(StoreSession session, DateTimeOffset before, int limit) => DeleteAsync(session, "created_at < @before", "created_at", before, limit);

    private static Task<int> DeleteAsync(StoreSession session, string condition, string order, DateTimeOffset before, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync(
            $"delete from cached_response where (project, key_hash) in (select project, key_hash from cached_response where {condition} order by {order} limit @limit)",
            new { before = before.ToMicros(), limit });
    }

    private sealed record Row(long CreatedAt, long ExpiresAt, long Tokens, long IsEstimated, string Answer);
}
