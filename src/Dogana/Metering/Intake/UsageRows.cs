using Dogana.Storage;

namespace Dogana.Metering.Intake;

/// <summary>Puts usage records into their table, each key once, numbered in the order of commits.</summary>
internal static class UsageRows
{
    private static readonly string[] Columns =
    [
        "source", "id", "ingest_sequence", "payload_hash", "project", "organisation", "channel", "key_id", "deployment", "model",
        "opened_at", "closed_at", "ending", "input_tokens", "cached_input_tokens", "output_tokens", "is_estimated", "end_customer",
        "tags", "service_tier", "spilled_from", "unit_minutes", "charge_currency", "charge_micro", "charge_pico",
        "is_provisioned", "reserved_unit_minutes", "covered_unit_minutes", "cache_write_tokens", "upstream", "meter", "quantity", "event_value", "voids_source", "voids_id",
    ];

    /// <summary>For each key and hash in order: is it new, the same as one that is there (or stands before it here), or something else under its key?</summary>
    public static async Task<IntakeResult[]> SortAsync(StoreSession session, IReadOnlyList<(UsageKey Key, string Hash)> items)
    {
        var present = new Dictionary<UsageKey, string>();
        foreach (var source in items.GroupBy(static item => item.Key.Source, StringComparer.Ordinal))
        {
            var ids = session.List([.. source.Select(static item => item.Key.Id).Distinct(StringComparer.Ordinal)]);
            foreach (var known in await session.QueryAsync<Known>(
                $"""
                select listed.value as Id, (select payload_hash from usage_record where source = @Key and id = listed.value) as PayloadHash from {session.Listed("ids")}
                """, new { source.Key, ids }))
            {
                if (known.PayloadHash is { } hash)
                {
                    present[new UsageKey(source.Key, known.Id)] = hash;
                }
            }
        }

        foreach (var waiting in await PendingVoids.ReadAsync(session))
        {
            present[waiting.Key] = waiting.Hash;
        }

        var results = new IntakeResult[items.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var (key, hash) = items[i];
            var known = present.TryAdd(key, hash) ? null : present[key];
            results[i] = known is null ? IntakeResult.Accepted : known == hash ? IntakeResult.Duplicate : IntakeResult.Conflict;
        }

        return results;
    }

    /// <summary>Inserts what is new. Numbers without a gap: the counter stays locked until the transaction ends.</summary>
    public static async Task InsertAsync(StoreSession session, IReadOnlyList<(UsageRecord Record, string Hash)> fresh)
    {
        if (fresh.Count > 0)
        {
            var first = await session.NextAsync(UsageIntake.Sequence, fresh.Count);
            await session.InsertAsync("usage_record", Columns, [.. fresh.Select((item, index) => (item.Record, item.Hash, Number: first + index))], static row => Row(row.Record, row.Hash, row.Number));
        }
    }

    private static object?[] Row(UsageRecord record, string hash, long number) =>
    [
        record.Source, record.Id, number, hash, record.Project, record.Organisation, record.Channel, record.Key, record.Deployment, record.Model,
        record.OpenedAt.ToMicros(), record.ClosedAt.ToMicros(), record.Ending.ToString(), record.InputTokens, record.CachedInputTokens, record.OutputTokens, record.IsEstimated ? 1L : 0L,
        record.EndCustomer, record.Tags, record.ServiceTier.ToString(), record.SpilledFrom, record.UnitMinutes, record.ChargeCurrency, record.ChargeMicro, record.ChargePico,
        record.IsProvisioned ? 1L : 0L, record.ReservedUnitMinutes, record.CoveredUnitMinutes, record.CacheWriteTokens, record.Upstream, record.Meter, record.Quantity, record.EventValue, record.Voids?.Source, record.Voids?.Id,
    ];

    private sealed record Known(string Id, string? PayloadHash);
}
