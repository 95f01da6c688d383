using System.Security.Cryptography;
using System.Text.Json;
using Dogana.Metering.Intake;
using Dogana.Metering.Journal;
using Dogana.Storage;

namespace Dogana.Metering;

/// <summary>What intake made of one record. Stored nowhere; answered.</summary>
public enum IntakeResult
{
    /// <summary>It is new and kept.</summary>
    Accepted = 1,

    /// <summary>The same record is there already; nothing changed.</summary>
    Duplicate = 2,

    /// <summary>Another record with the same source and id is there; this one was not taken.</summary>
    Conflict = 3,

    /// <summary>It is not usage that can be taken in; a problem says why.</summary>
    Refused = 4,
}

/// <summary>What else is done with records when the store takes them in.</summary>
public interface IUsagePosting
{
    /// <summary>Is given each record once, in the transaction in which it is taken in.</summary>
    Task PostAsync(StoreSession session, IReadOnlyList<UsageRecord> records);
}

/// <summary>Takes usage records into the store, each exactly once, at any age: (source, id) is a permanent key.</summary>
public static class UsageIntake
{
    /// <summary>The counter that numbers records in the order of commits.</summary>
    public const string Sequence = "ingest";

    /// <summary>The most records that one batch may hold.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Takes at most <see cref="BatchMax"/> records and answers for each, in order; those that are new are posted.</summary>
    public static async Task<IReadOnlyList<IntakeResult>> AcceptAsync(StoreSession session, IReadOnlyList<UsageRecord> records, IUsagePosting? posting = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (records.Count > BatchMax)
        {
            throw new ArgumentException($"At most {BatchMax} records fit one batch.", nameof(records));
        }

        (UsageRecord Record, string Hash)[] items = [.. records.Select(static record => (record, Hash(record)))];
        var results = await UsageRows.SortAsync(session, [.. items.Select(static item => (new UsageKey(item.Record.Source, item.Record.Id), item.Hash))]);
        (UsageRecord Record, string Hash)[] fresh = [.. items.Where((_, index) => results[index] == IntakeResult.Accepted)];
        if (fresh.Length > 0)
        {
            UsageRecord[] taken = [.. fresh.Select(static item => item.Record)];
            await UsageRows.InsertAsync(session, fresh);
            await (posting?.PostAsync(session, taken) ?? Task.CompletedTask);
            await Voiding.TakeWaitingAsync(session, taken);
        }

        return results;
    }

    /// <summary>Ships what the journal holds beyond the node's mark. Repeating it, or dying within it, changes nothing.</summary>
    /// <returns>How many new records the store has now.</returns>
    public static async Task<int> ShipAsync(Store store, UsageJournal journal, IUsagePosting? posting = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(journal);
        var mark = await store.ReadAsync(session => FindMarkAsync(session, journal.Node), cancellation);
        var from = new JournalPosition(mark?.Segment ?? 0, mark?.Position ?? 0);
        for (var shipped = 0; ;)
        {
            var (records, end) = journal.ReadClosed(from, BatchMax);
            if (end == from)
            {
                return shipped;
            }

            shipped += await store.WriteAsync(
                async session =>
                {
                    var results = await AcceptAsync(session, records, posting);
                    if (Array.IndexOf([.. results], IntakeResult.Conflict) is >= 0 and var index)
                    {
                        // A node writes one closed line for each call: two that differ are a fault, and nothing is passed over in silence.
                        throw new InvalidDataException($"The journal says something else of the call {records[index].Id} than what the store has. Do two nodes share one name or one folder?");
                    }

                    await session.ExecuteAsync(
                        """
                        insert into journal_mark(node, segment, position) values(@Node, @Segment, @Offset)
                        on conflict(node) do update set segment = excluded.segment, position = excluded.position
                        """,
                        new { journal.Node, end.Segment, end.Offset });
                    return results.Count(static result => result == IntakeResult.Accepted);
                },
                cancellation);
            journal.PutAwayShipped(end);
            from = end;
        }
    }

    /// <summary>How far the store has taken each node's journal in: its segment and the place in it.</summary>
    public static async Task<IReadOnlyDictionary<string, (long Segment, long Position)>> ReadMarksAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var marks = await session.QueryAsync<NodeMark>("select node as Node, segment as Segment, position as Position from journal_mark");
        return marks.ToDictionary(static mark => mark.Node, static mark => (mark.Segment, mark.Position), StringComparer.Ordinal);
    }

    /// <summary>The segment up to which the store has taken a node's journal in; 0 when it has taken nothing.</summary>
    public static async Task<long> ReadShippedSegmentAsync(StoreSession session, string node)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await FindMarkAsync(session, node))?.Segment ?? 0;
    }

    private static Task<Mark?> FindMarkAsync(StoreSession session, string node) =>
        session.FindAsync<Mark>("select segment as Segment, position as Position from journal_mark where node = @node", new { node });

    /// <summary>SHA-256 over everything that a record says, its instants to the microsecond that stores keep, in lower-case hexadecimal: what tells a repetition from a conflict, and a changed record from a whole one.</summary>
    public static string Hash(UsageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var stored = record with
        {
            IngestSequence = 0,
            OpenedAt = StoredTime.FromMicros(record.OpenedAt.ToMicros()),
            ClosedAt = StoredTime.FromMicros(record.ClosedAt.ToMicros()),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(stored, JournalJson.Default.UsageRecord)));
    }

    private sealed record NodeMark(string Node, long Segment, long Position);

    private sealed record Mark(long Segment, long Position);
}
