using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Backups.Files;

/// <summary>Writes a backup's lines into a stream that it never seeks in: a file, or an answer of the admin API.</summary>
internal sealed class BackupWriter : IAsyncDisposable
{
    private const int FlushBytes = 64 * 1024;

    private readonly GZipStream _zip;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushBytes);
    private readonly Utf8JsonWriter _json;
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<BackupTable> _tables = [];

    public BackupWriter(Stream to)
    {
        _zip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _zip.DisposeAsync();
        await _json.DisposeAsync();
        _whole.Dispose();
    }

    /// <summary>Writes the first line.</summary>
    public Task BeginAsync(BackupHead head, CancellationToken cancellation) => WriteLineAsync(head, cancellation);

    /// <summary>Writes a table.</summary>
    public async Task WriteTableAsync(StoreSession session, StoreTable table, CancellationToken cancellation)
    {
        await WriteLineAsync(new TableHead(table.Name, table.Columns), cancellation);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = 0L;
        await StoreTables.ReadRowsAsync(session, table, async row =>
        {
            WriteRow(row);
            rows++;
            if (_buffer.WrittenCount >= FlushBytes)
            {
                hash.AppendData(_buffer.WrittenSpan);
                await FlushAsync(cancellation);
            }
        });
        hash.AppendData(_buffer.WrittenSpan);
        await FlushAsync(cancellation);
        var end = new TableEnd(rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
        _tables.Add(new BackupTable(table.Name, end.Rows, end.Sha256));
        await WriteLineAsync(end, cancellation);
    }

    /// <summary>Writes the last line; without it the backup is none.</summary>
    public async Task EndAsync(BackupHead head, IReadOnlyList<BackupNode> nodes, BackupHeads? heads, CancellationToken cancellation)
    {
        var manifest = new BackupManifest(
            head.Product, head.MadeAt, head.Store, head.Schema[^1].Number, _tables.Sum(static table => table.Rows), _tables, nodes, heads, Convert.ToHexStringLower(_whole.GetHashAndReset()));
        await WriteLineAsync(new BackupEnd(manifest), cancellation);
    }

    private async Task WriteLineAsync<T>(T line, CancellationToken cancellation)
    {
        JsonSerializer.Serialize(_json, line, DoganaJson.Options);
        EndLine();
        _whole.AppendData(_buffer.WrittenSpan);
        await FlushAsync(cancellation);
    }

    private void WriteRow(DbDataReader row)
    {
        _json.WriteStartArray();
        for (var column = 0; column < row.FieldCount; column++)
        {
            switch (row.GetValue(column))
            {
                case DBNull:
                    _json.WriteNullValue();
                    break;
                case string text:
                    _json.WriteStringValue(text);
                    break;
                case var number:
                    _json.WriteNumberValue(Convert.ToInt64(number, CultureInfo.InvariantCulture));
                    break;
            }
        }

        _json.WriteEndArray();
        EndLine();
    }

    private void EndLine()
    {
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await _zip.WriteAsync(_buffer.WrittenMemory, cancellation);
        _buffer.ResetWrittenCount();
    }
}
