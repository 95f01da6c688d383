using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Dogana.Parties.Ownership.Import;

/// <summary>
/// What was read from a file, until it is put into the store: outside memory, so that a file of any size is read before the store's one write begins. Of
/// several of one id the last one counts.
/// </summary>
internal sealed class ImportSpool(ScratchFile file, CancellationToken cancellation) : IAsyncDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly ArrayBufferWriter<byte> _buffer = new(BufferSize);
    private readonly Dictionary<UInt128, int> _last = [];
    private readonly SortedDictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How much was left out, by reason.</summary>
    public IReadOnlyDictionary<string, long> Skipped => _skipped;

    public void Skip(string reason) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;

    public Task AddAsync(OwnershipParty party, bool onlyIfMissing = false) => AddAsync(new ImportItem(party, onlyIfMissing, null));

    /// <summary>Takes all statements of a record; those that the store has of it beyond them end.</summary>
    public Task AddAsync(ImportedRecord record) => AddAsync(new ImportItem(null, false, record));

    /// <summary>Everything that counts, in the order of the file.</summary>
    public async IAsyncEnumerable<ImportItem> ReadAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await FlushAsync();
        var number = 0;
        await foreach (var item in JsonSerializer.DeserializeAsyncEnumerable<ImportItem>(file.Rewind(), topLevelValues: true, JsonSerializerOptions.Default, stop))
        {
            number++;
            if (_last[KeyOf(item!)] == number)
            {
                yield return item!;
            }
        }
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private async Task AddAsync(ImportItem item)
    {
        _last[KeyOf(item)] = ++_count;
        _buffer.Write(JsonSerializer.SerializeToUtf8Bytes(item));
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= BufferSize)
        {
            await FlushAsync();
        }
    }

    private async Task FlushAsync()
    {
        await file.WriteAsync(_buffer.WrittenMemory, cancellation);
        _buffer.ResetWrittenCount();
    }

    private static UInt128 KeyOf(ImportItem item) => ImportText.Hash(item.Party is { } party ? $"party {party.Id}" : $"record {item.Record!.Record}");
}

/// <summary>A party or a record.</summary>
/// <param name="Party">The party, or null.</param>
/// <param name="OnlyIfMissing">Does a party stay as it is where the store has it?</param>
/// <param name="Record">The record, or null.</param>
internal sealed record ImportItem(OwnershipParty? Party, bool OnlyIfMissing, ImportedRecord? Record);

/// <summary>A record as its last statement in the file has it.</summary>
/// <param name="Record">Its id in the store.</param>
/// <param name="At">When it was stated, if known: what is no longer stated ended then.</param>
/// <param name="Statements">What it states.</param>
internal sealed record ImportedRecord(string Record, DateTimeOffset? At, IReadOnlyList<OwnershipStatement> Statements);
