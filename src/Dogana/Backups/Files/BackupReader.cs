using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Dogana.Client;

namespace Dogana.Backups.Files;

/// <summary>Reads a backup once, from its first line to its last, and believes nothing that its hashes do not say too.</summary>
/// <param name="file">The file.</param>
/// <remarks>What is wrong is thrown as <see cref="InvalidDataException"/>, which the module's face turns into a problem.</remarks>
internal sealed class BackupReader(Stream file) : IAsyncDisposable
{
    private const int BufferBytes = 256 * 1024;
    private const int LineBytesMax = 512 * 1024 * 1024;

    private readonly GZipStream _zip = new(file, CompressionMode.Decompress, leaveOpen: true);
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<BackupTable> _tables = [];
    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    /// <summary>The last line, once it was read.</summary>
    public BackupManifest? Manifest { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _zip.DisposeAsync();
        _whole.Dispose();
    }

    /// <summary>Reads the first line.</summary>
    public async Task<BackupHead> BeginAsync(CancellationToken cancellation)
    {
        var head = Parse<BackupHead>(await ReadLineAsync(isHashed: true, cancellation));
        return head.Format == BackupHead.Dogana && head.Schema is { Count: > 0 }
            ? head.Version == BackupHead.Current ? head : throw new InvalidDataException($"it is in version {head.Version} of the format; this Dogana reads version {BackupHead.Current}")
            : throw new InvalidDataException("it is no backup of Dogana");
    }

    /// <summary>Goes to the next table; null at the end, where <see cref="Manifest"/> is.</summary>
    public async Task<TableHead?> NextTableAsync(BackupHead head, CancellationToken cancellation)
    {
        var line = await ReadLineAsync(isHashed: false, cancellation);
        if (Is(line, "{\"table\""u8))
        {
            _whole.AppendData(line.Span);
            return Parse<TableHead>(line) is { Table: not null, Columns: not null } table ? table : throw new InvalidDataException("a table of it has no columns");
        }

        var manifest = Parse<BackupEnd>(line).End ?? throw new InvalidDataException("a table of it has no name");
        var hash = Convert.ToHexStringLower(_whole.GetHashAndReset());
        if (manifest.Tables is null || manifest.Sha256 != hash || !manifest.Tables.SequenceEqual(_tables) || manifest.MadeAt != head.MadeAt || manifest.Rows != _tables.Sum(static table => table.Rows))
        {
            throw new InvalidDataException("its last line is not about what comes before");
        }

        if (_start < _end || await FillAsync(cancellation))
        {
            throw new InvalidDataException("something follows its last line");
        }

        Manifest = manifest;
        return null;
    }

    /// <summary>The rows of the table, to be read to their end: only there is it known whether they are whole.</summary>
    public async IAsyncEnumerable<object?[]> ReadRowsAsync(TableHead table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = 0L;
        while (true)
        {
            var line = await ReadLineAsync(isHashed: false, cancellation);
            if (!Is(line, "["u8))
            {
                _whole.AppendData(line.Span);
                var end = Parse<TableEnd>(line);
                var computed = Convert.ToHexStringLower(hash.GetHashAndReset());
                if (end.Rows != rows || end.Sha256 != computed)
                {
                    throw new InvalidDataException($"the rows of the table {table.Table} are not those that were written");
                }

                _tables.Add(new BackupTable(table.Table, rows, computed));
                yield break;
            }

            hash.AppendData(line.Span);
            rows++;
            yield return ParseRow(line.Span, table);
        }
    }

    private static object?[] ParseRow(ReadOnlySpan<byte> line, TableHead table)
    {
        var values = new object?[table.Columns.Count];
        var reader = new Utf8JsonReader(line);
        try
        {
            reader.Read();
            for (var column = 0; column < values.Length; column++)
            {
                reader.Read();
                values[column] = reader.TokenType switch
                {
                    JsonTokenType.Null => null,
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Number => reader.GetInt64(),
                    _ => throw Wrong(),
                };
            }

            return reader.Read() && reader.TokenType == JsonTokenType.EndArray ? values : throw Wrong();
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            throw Wrong(fault);
        }

        InvalidDataException Wrong(Exception? fault = null) => new($"a row of the table {table.Table} is no row", fault);
    }

    private static bool Is(ReadOnlyMemory<byte> line, ReadOnlySpan<byte> beginning) => line.Span.StartsWith(beginning);

    private static T Parse<T>(ReadOnlyMemory<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line.Span, DoganaJson.Options) ?? throw new InvalidDataException("a line of it is empty");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException("a line of it cannot be read", fault);
        }
    }

    // With its end; valid until the next one is read.
    private async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(bool isHashed, CancellationToken cancellation)
    {
        var looked = 0;
        while (true)
        {
            var length = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, looked + length + 1);
                _start += line.Length;
                if (isHashed)
                {
                    _whole.AppendData(line.Span);
                }

                return line;
            }

            looked = _end - _start;
            if (!await FillAsync(cancellation))
            {
                throw new InvalidDataException("it ends too early: it was broken off, or cut");
            }
        }
    }

    // More bytes behind those that are there; false at the end of the file.
    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _end < LineBytesMax ? 2 * _end : throw new InvalidDataException("a line of it has no end"));
        }

        var read = await _zip.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        return read > 0;
    }
}
