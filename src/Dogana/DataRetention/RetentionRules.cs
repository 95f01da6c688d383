using Dogana.Audit;
using Dogana.Storage;

namespace Dogana.DataRetention;

/// <summary>For how long what is kept, and the work of it.</summary>
public static class RetentionRules
{
    /// <summary>The most rows or files in one transaction.</summary>
    public const int BatchRows = 500;

    /// <summary>The most transactions of one kind in one round: a store that others need is not kept busy; the next round goes on.</summary>
    public const int BatchesMax = 200;

    /// <summary>The rules that were set, by name, in days.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await session.QueryAsync<Rule>("select name as Name, days as Days from retention_rule")).ToDictionary(static rule => rule.Name, static rule => (int)rule.Days, StringComparer.Ordinal);
    }

    /// <summary>Sets the days of a kind.</summary>
    public static async Task<Problem?> SetAsync(StoreSession session, IKeptData kind, long days, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(kind);
        if (days < 0 || days > kind.DaysMax)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{kind.Name}' may be kept for 0 to {kind.DaysMax} days.", "days");
        }

        await session.ExecuteAsync("insert into retention_rule(name, days) values(@Name, @days) on conflict(name) do update set days = excluded.days", new { kind.Name, days });
        await AuditLog.WriteAsync(session, now, actor, "retention.set", kind.Name, $"{days} days");
        return null;
    }

    /// <summary>Erases what is older than its days, in small transactions, and tells the audit log. Gives how many rows and files those were.</summary>
    /// <param name="store">The store.</param>
    /// <param name="kinds">What is kept.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellation">Ends it after the transaction that is under way.</param>
    public static async Task<long> RunAsync(Store store, IEnumerable<IKeptData> kinds, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(kinds);
        var rules = await store.ReadAsync(ReadAsync, cancellation);
        var all = 0L;
        foreach (var kind in kinds)
        {
            var days = Math.Min(rules.GetValueOrDefault(kind.Name, kind.DefaultDays), kind.DaysMax);
            var (before, erased, last) = (now.AddDays(-days), 0L, BatchRows);
            for (var batch = 0; batch < BatchesMax && last == BatchRows; batch++)
            {
                last = await kind.EraseOlderThanAsync(before, BatchRows, cancellation);
                erased += last;
            }

            if (erased > 0)
            {
                await store.WriteAsync(
                    async session =>
                    {
                        await AuditLog.WriteAsync(session, now, Actor.Retention, "retention.erase", kind.Name, FormattableString.Invariant($"{erased} older than {before:yyyy-MM-ddTHH:mm:ssZ}"));
                        return 0;
                    },
                    cancellation);
            }

            all += erased;
        }

        return all;
    }

    private sealed record Rule(string Name, long Days);
}
