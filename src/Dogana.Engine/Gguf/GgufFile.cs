namespace Dogana.Engine.Gguf;

/// <summary>
/// A model file in ggml's GGUF format, versions 2 and 3, little-endian. The header is read and checked at once, tensors on demand.
/// </summary>
/// <remarks>
/// Tensors are copied to memory, not mapped: a mapped file that somebody shortens ends the process with a bus error.
/// </remarks>
internal sealed class GgufFile : IDisposable
{
    private const uint Magic = 0x46554747;
    private const int KeysMax = 65_536;
    private const int TensorsMax = 65_536;
    private const int NameBytesMax = 65_535;
    private const int DimensionsMax = 4;
    private readonly FileStream _file;

    private GgufFile(FileStream file, GgufMetadata metadata, IReadOnlyDictionary<string, GgufTensor> tensors)
    {
        _file = file;
        Metadata = metadata;
        Tensors = tensors;
    }

    public GgufMetadata Metadata { get; }

    public IReadOnlyDictionary<string, GgufTensor> Tensors { get; }

    public static GgufFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            long length = file.Length;
            var cursor = new GgufCursor(file, length);
            (int tensorCount, int keyCount) = ReadStart(cursor);
            GgufMetadata metadata = ReadMetadata(cursor, keyCount);
            return new GgufFile(file, metadata, ReadTensors(cursor, metadata, tensorCount, length));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public byte[] ReadTensor(GgufTensor tensor)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)tensor.ByteLength));
        for (int done = 0; done < bytes.Length;)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(done), tensor.Offset + done);
            if (read == 0)
            {
                throw ModelFileException.ForTensor(tensor.Name, $"expected {bytes.Length} bytes, found {done}: the file is truncated.");
            }

            done += read;
        }

        return bytes;
    }

    public void Dispose() => _file.Dispose();

    private static (int Tensors, int Keys) ReadStart(GgufCursor cursor)
    {
        uint magic = cursor.ReadUInt32("the file's first four bytes");
        if (magic != Magic)
        {
            throw new ModelFileException($"Expected a GGUF file (first bytes 'GGUF', 0x{Magic:x8}), found 0x{magic:x8}.");
        }

        uint version = cursor.ReadUInt32("the format's version");
        if (version is not (2 or 3))
        {
            string hint = version is 0x02000000 or 0x03000000 ? " (a big-endian file)" : "";
            throw new ModelFileException($"Expected GGUF version 2 or 3, found {version}{hint}.");
        }

        // The least a tensor takes is a name length, a dimension count, a dimension, a type and an offset; a key 8 + 4 + 1.
        int tensors = cursor.ReadCount("number of tensors", 32, TensorsMax);
        return (tensors, cursor.ReadCount("number of keys", 13, KeysMax));
    }

    private static GgufMetadata ReadMetadata(GgufCursor cursor, int count)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string key = cursor.ReadString($"key number {i}", NameBytesMax);
            if (!values.TryAdd(key, GgufValues.Read(cursor, key)))
            {
                throw ModelFileException.ForKey(key, "expected once, found twice.");
            }
        }

        return new GgufMetadata(values);
    }

    private static Dictionary<string, GgufTensor> ReadTensors(GgufCursor cursor, GgufMetadata metadata, int count, long fileLength)
    {
        int alignment = metadata.OptionalInteger("general.alignment", 1, 1 << 20) ?? 32;
        if (!int.IsPow2(alignment))
        {
            throw ModelFileException.ForKey("general.alignment", $"expected a power of two, found {alignment}.");
        }

        var found = new List<GgufTensor>(count);
        for (int i = 0; i < count; i++)
        {
            found.Add(ReadTensorEntry(cursor, i, alignment, fileLength));
        }

        long dataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        var tensors = new Dictionary<string, GgufTensor>(count, StringComparer.Ordinal);
        foreach (GgufTensor tensor in found)
        {
            long left = fileLength - dataStart - tensor.Offset;
            if (left < tensor.ByteLength)
            {
                throw ModelFileException.ForTensor(
                    tensor.Name,
                    $"expected {tensor.ByteLength} bytes at {dataStart + tensor.Offset}, found {Math.Max(left, 0)}: the file is truncated.");
            }

            if (!tensors.TryAdd(tensor.Name, tensor with { Offset = dataStart + tensor.Offset }))
            {
                throw ModelFileException.ForTensor(tensor.Name, "expected once, found twice.");
            }
        }

        return tensors;
    }

    private static GgufTensor ReadTensorEntry(GgufCursor cursor, int number, int alignment, long fileLength)
    {
        string name = cursor.ReadString($"name of tensor number {number}", NameBytesMax);
        uint dimensionCount = cursor.ReadUInt32($"dimension count of tensor '{name}'");
        if (dimensionCount is 0 or > DimensionsMax)
        {
            throw ModelFileException.ForTensor(name, $"expected 1 to {DimensionsMax} dimensions, found {dimensionCount}.");
        }

        long[] dimensions = new long[dimensionCount];
        long values = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            ulong size = cursor.ReadUInt64($"dimension {i} of tensor '{name}'");
            // No type takes less than a bit a value, so more values than the file has bits are damage, not data.
            if (size == 0 || size > (ulong)fileLength * 8 || values > fileLength * 8 / (long)size)
            {
                throw ModelFileException.ForTensor(name, $"dimension {i} of {size} is not possible in a file of {fileLength} bytes.");
            }

            dimensions[i] = (long)size;
            values *= (long)size;
        }

        var type = (TensorType)cursor.ReadUInt32($"type of tensor '{name}'");
        ulong offset = cursor.ReadUInt64($"offset of tensor '{name}'");
        if (offset > (ulong)fileLength || offset % (ulong)alignment != 0)
        {
            throw ModelFileException.ForTensor(
                name, $"expected an offset that is a multiple of {alignment} within {fileLength} bytes, found {offset}.");
        }

        return new GgufTensor(name, type, dimensions, (long)offset, BytesOf(name, type, dimensions[0], values));
    }

    private static long BytesOf(string name, TensorType type, long rowLength, long values)
    {
        if (GgufTensor.BlockOf(type) is not { } block)
        {
            throw ModelFileException.ForTensor(name, $"type {type} is not supported; expected {GgufTensor.TypesRead}.");
        }

        if (rowLength % block.Values != 0)
        {
            throw ModelFileException.ForTensor(name, $"expected rows of a multiple of {block.Values} values for {type}, found {rowLength}.");
        }

        long bytes = checked(values / block.Values * block.Bytes);
        return bytes <= Array.MaxLength
            ? bytes
            : throw ModelFileException.ForTensor(name, $"expected at most {Array.MaxLength} bytes, found {bytes}.");
    }
}
