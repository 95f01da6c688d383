using System.Text;

namespace Dogana.Testing.ModelFiles;

/// <summary>Writes model files, independently of the engine that reads them.</summary>
public sealed class GgufWriter
{
    private readonly List<(string Key, object Value)> _keys = [];
    private readonly List<(string Name, long[] Dimensions, uint Type, byte[] Bytes)> _tensors = [];

    public uint Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    public void Set(string key, object value)
    {
        Remove(key);
        _keys.Add((key, value));
    }

    public void Remove(string key) => _keys.RemoveAll(entry => entry.Key == key);

    public void AddTensor(string name, long[] dimensions, uint type, byte[] bytes) => _tensors.Add((name, dimensions, type, bytes));

    public void RemoveTensor(string name) => _tensors.RemoveAll(tensor => tensor.Name == name);

    public void ReplaceTensor(string name, Func<(long[] Dimensions, uint Type, byte[] Bytes), (long[] Dimensions, uint Type, byte[] Bytes)> change)
    {
        int index = _tensors.FindIndex(tensor => tensor.Name == name);
        (_, long[] dimensions, uint type, byte[] bytes) = _tensors[index];
        (dimensions, type, bytes) = change((dimensions, type, bytes));
        _tensors[index] = (name, dimensions, type, bytes);
    }

    public byte[] ToBytes()
    {
        var stream = new MemoryStream();
        WriteTo(stream);
        return stream.ToArray();
    }

    public void WriteTo(Stream stream)
    {
        var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_keys.Count);
        foreach ((string key, object value) in _keys)
        {
            WriteString(writer, key);
            writer.Write(TypeOf(value.GetType()));
            WriteValue(writer, value);
        }

        long offset = 0;
        foreach ((string name, long[] dimensions, uint type, byte[] bytes) in _tensors)
        {
            WriteString(writer, name);
            writer.Write((uint)dimensions.Length);
            Array.ForEach(dimensions, writer.Write);
            writer.Write(type);
            writer.Write((ulong)offset);
            offset += (bytes.Length + Alignment - 1) / Alignment * Alignment;
        }

        foreach ((_, _, _, byte[] bytes) in _tensors)
        {
            Pad(writer);
            writer.Write(bytes);
        }

        writer.Flush();
    }

    public string Save(string folder)
    {
        string path = Path.Combine(folder, "model.gguf");
        File.WriteAllBytes(path, ToBytes());
        return path;
    }

    private void Pad(BinaryWriter writer)
    {
        while (writer.BaseStream.Position % Alignment != 0)
        {
            writer.Write((byte)0);
        }
    }

    private static uint TypeOf(Type type) => type switch
    {
        _ when type == typeof(byte) => 0,
        _ when type == typeof(sbyte) => 1,
        _ when type == typeof(ushort) => 2,
        _ when type == typeof(short) => 3,
        _ when type == typeof(uint) => 4,
        _ when type == typeof(int) => 5,
        _ when type == typeof(float) => 6,
        _ when type == typeof(bool) => 7,
        _ when type == typeof(string) => 8,
        _ when type.IsArray => 9,
        _ when type == typeof(ulong) => 10,
        _ when type == typeof(long) => 11,
        _ when type == typeof(double) => 12,
        _ => throw new ArgumentException($"No type for {type}.", nameof(type)),
    };

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case Array array:
                writer.Write(TypeOf(array.GetType().GetElementType()!));
                writer.Write((ulong)array.Length);
                foreach (object item in array)
                {
                    WriteValue(writer, item);
                }

                break;
            case string text:
                WriteString(writer, text);
                break;
            case bool flag:
                writer.Write(flag);
                break;
            default:
                ((Action)(value switch
                {
                    byte v => () => writer.Write(v),
                    sbyte v => () => writer.Write(v),
                    ushort v => () => writer.Write(v),
                    short v => () => writer.Write(v),
                    uint v => () => writer.Write(v),
                    int v => () => writer.Write(v),
                    float v => () => writer.Write(v),
                    ulong v => () => writer.Write(v),
                    long v => () => writer.Write(v),
                    double v => () => writer.Write(v),
                    _ => throw new ArgumentException("No such value.", nameof(value)),
                }))();
                break;
        }
    }

    private static void WriteString(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
