using Dogana.Client;
using Dogana.Storage;
using static Dogana.Parties.Ownership.OwnershipStore;

namespace Dogana.Parties.Ownership.Import;

/// <summary>Where an import puts what it read: compares with what is there, in bunches, and counts.</summary>
internal sealed class ImportTarget(StoreSession session, DateTimeOffset now)
{
    private const int BunchSize = 500;

    private static readonly string[] PartyColumns = ["id", "name", "kind", "country", "lei"];
    private static readonly string[] StatementColumns =
        ["id", "subject", "interested_party", "interest", "share_min", "share_max", "from_at", "to_at", "source", "record"];

    private readonly Dictionary<string, (PartyRow Row, bool OnlyIfMissing)> _parties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImportedRecord> _records = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private readonly long[] _partyCounts = new long[3];
    private readonly long[] _statementCounts = new long[3];

    public StoreSession Session => session;

    public bool IsChanged => _partyCounts[(int)ChangeKind.Created] + _partyCounts[(int)ChangeKind.Updated]
        + _statementCounts[(int)ChangeKind.Created] + _statementCounts[(int)ChangeKind.Updated] > 0;

    /// <summary>The party of a LEI that was not made from the LEI: an organisation, or an ownership party that a file declares.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadPartiesByLeiAsync()
    {
        var rows = await session.QueryAsync<LeiRow>(
            """
            select lei as Lei, id as Id from ownership_party where lei is not null and id <> 'lei-' || lower(lei)
            union all select lei as Lei, id as Id from organisation where lei is not null
            """);
        var parties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            parties[row.Lei] = row.Id; // an organisation goes before
        }

        return parties;
    }

    public void Skip(string reason) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;

    public async Task AddAsync(OwnershipParty party, bool onlyIfMissing = false)
    {
        _parties[party.Id] = (PartyRow.Of(party), onlyIfMissing);
        if (_parties.Count >= BunchSize)
        {
            await FlushPartiesAsync();
        }
    }

    /// <summary>Takes all statements of a record; those that the store has of it beyond them end.</summary>
    public async Task AddAsync(ImportedRecord record)
    {
        _records[record.Record] = record;
        if (_records.Count >= BunchSize)
        {
            await FlushRecordsAsync();
        }
    }

    public async Task FlushAsync()
    {
        await FlushPartiesAsync();
        await FlushRecordsAsync();
    }

    public OwnershipImportReport Report(string format, bool dryRun) => new(
        format, dryRun, Counts(_partyCounts), Counts(_statementCounts), [.. _skipped.Select(static item => new ImportSkip(item.Key, item.Value))]);

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

        await session.InsertAsync("ownership_party", PartyColumns, created, static row => [row.Id, row.Name, row.Kind, row.Country, row.Lei]);
        await session.ExecuteAsync(UpsertParty, updated);
        _parties.Clear();
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

        await session.InsertAsync("ownership_statement", StatementColumns, created, static row =>
            [row.Id, row.Subject, row.InterestedParty, row.Interest, row.ShareMin, row.ShareMax, row.FromAt, row.ToAt, row.Source, row.Record]);
        await session.ExecuteAsync(UpsertStatement, updated);
        _records.Clear();
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

    private sealed record LeiRow(string Lei, string Id);
}

/// <summary>A record as its last statement in the file has it.</summary>
/// <param name="Record">Its id in the store.</param>
/// <param name="At">When it was stated, if known: what is no longer stated ended then.</param>
/// <param name="Statements">What it states.</param>
internal sealed record ImportedRecord(string Record, DateTimeOffset? At, IReadOnlyList<OwnershipStatement> Statements);
