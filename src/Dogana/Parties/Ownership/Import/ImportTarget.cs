using Dogana.Client;
using Dogana.Storage;
using static Dogana.Parties.Ownership.OwnershipStore;

namespace Dogana.Parties.Ownership.Import;

/// <summary>Where an import puts what it read: compares with what is there, in bunches, and counts.</summary>
/// <param name="session">The transaction.</param>
/// <param name="now">Now, where a record ends without a date.</param>
/// <param name="dryRun">Only compare and count?</param>
internal sealed class ImportTarget(StoreSession session, DateTimeOffset now, bool dryRun)
{
    private const int BunchSize = 500;

    private static readonly string[] PartyColumns = ["id", "name", "kind", "country", "lei"];
    private static readonly string[] StatementColumns =
        ["id", "subject", "interested_party", "interest", "share_min", "share_max", "from_at", "to_at", "source", "record"];

    private readonly Dictionary<string, (PartyRow Row, bool OnlyIfMissing)> _parties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImportedRecord> _records = new(StringComparer.Ordinal);
    private readonly long[] _partyCounts = new long[3];
    private readonly long[] _statementCounts = new long[3];

    public async Task RunAsync(ImportSpool spool, CancellationToken cancellation)
    {
        await foreach (var item in spool.ReadAsync(cancellation))
        {
            if (item.Party is { } party)
            {
                _parties.Add(party.Id, (PartyRow.Of(party), item.OnlyIfMissing));
            }
            else
            {
                _records.Add(item.Record!.Record, item.Record);
            }

            if (_parties.Count >= BunchSize)
            {
                await FlushPartiesAsync();
            }

            if (_records.Count >= BunchSize)
            {
                await FlushRecordsAsync();
            }
        }

        await FlushPartiesAsync();
        await FlushRecordsAsync();
    }

    public OwnershipImportReport Report(string format, IReadOnlyDictionary<string, long> skipped) => new(
        format, dryRun, Counts(_partyCounts), Counts(_statementCounts), [.. skipped.Select(static item => new ImportSkip(item.Key, item.Value))]);

    private static ImportCounts Counts(long[] counts) => new(counts[(int)ChangeKind.Created], counts[(int)ChangeKind.Updated], counts[(int)ChangeKind.Unchanged]);

    private async Task FlushPartiesAsync()
    {
        var ids = session.List([.. _parties.Keys]);
        var present = (await session.QueryAsync<PartyRow>($"{SelectParties} where {session.IsOneOf("id", "ids")}", new { ids })).ToDictionary(static row => row.Id, StringComparer.Ordinal);
        var (created, updated) = (new List<PartyRow>(), new List<PartyRow>());
        foreach (var (row, onlyIfMissing) in _parties.Values)
        {
            var before = present.GetValueOrDefault(row.Id);
            Count(_partyCounts, before is null, before is not null && (onlyIfMissing || before == row), row, created, updated);
        }

        _parties.Clear();
        if (!dryRun)
        {
            await session.InsertAsync("ownership_party", PartyColumns, created, static row => [row.Id, row.Name, row.Kind, row.Country, row.Lei]);
            await session.ExecuteAsync(UpsertParty, updated);
        }
    }

    private async Task FlushRecordsAsync()
    {
        var records = session.List([.. _records.Keys]);
        var present = (await session.QueryAsync<StatementRow>($"{SelectStatements} where {session.IsOneOf("record", "records")}", new { records }))
            .ToDictionary(static row => row.Id, StringComparer.Ordinal);
        var (created, updated) = (new List<StatementRow>(), new List<StatementRow>());
        foreach (var row in _records.Values.SelectMany(static record => record.Statements.Select(item => StatementRow.Of(item, record.Record))))
        {
            present.Remove(row.Id, out var before);
            Count(_statementCounts, before is null, before == row, row, created, updated);
        }

        foreach (var gone in present.Values)
        {
            var end = Math.Max((_records[gone.Record!].At ?? now).ToMicros(), gone.FromAt ?? long.MinValue);
            var isOver = gone.ToAt <= end;
            Count(_statementCounts, isNew: false, isOver, gone with { ToAt = end }, created, updated);
        }

        _records.Clear();
        if (!dryRun)
        {
            await session.InsertAsync("ownership_statement", StatementColumns, created, static row =>
                [row.Id, row.Subject, row.InterestedParty, row.Interest, row.ShareMin, row.ShareMax, row.FromAt, row.ToAt, row.Source, row.Record]);
            await session.ExecuteAsync(UpsertStatement, updated);
        }
    }

    private static void Count<T>(long[] counts, bool isNew, bool isSame, T row, List<T> created, List<T> updated)
    {
        var kind = isNew ? ChangeKind.Created : isSame ? ChangeKind.Unchanged : ChangeKind.Updated;
        counts[(int)kind]++;
        if (kind != ChangeKind.Unchanged)
        {
            (isNew ? created : updated).Add(row);
        }
    }
}
