using System.Runtime.InteropServices;

namespace Dogana.Engine.Gguf;

/// <summary>Reads metadata values of every type of the format; an array becomes an array of its element's type.</summary>
internal static class GgufValues
{
    private const int StringBytesMax = 64 << 20;
    private const int NestedArraysMax = 4;

    private enum ValueType : uint
    {
        UInt8 = 0,
        Int8 = 1,
        UInt16 = 2,
        Int16 = 3,
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
        UInt64 = 10,
        Int64 = 11,
        Float64 = 12,
    }

    public static object Read(GgufCursor cursor, string key) => Read(cursor, key, cursor.ReadUInt32($"type of key '{key}'"));

    private static object Read(GgufCursor cursor, string key, uint type) => (ValueType)type switch
    {
        ValueType.UInt8 => cursor.ReadByte(key),
        ValueType.Int8 => unchecked((sbyte)cursor.ReadByte(key)),
        ValueType.UInt16 => cursor.ReadUInt16(key),
        ValueType.Int16 => unchecked((short)cursor.ReadUInt16(key)),
        ValueType.UInt32 => cursor.ReadUInt32(key),
        ValueType.Int32 => unchecked((int)cursor.ReadUInt32(key)),
        ValueType.Float32 => BitConverter.UInt32BitsToSingle(cursor.ReadUInt32(key)),
        ValueType.Bool => cursor.ReadByte(key) != 0,
        ValueType.String => cursor.ReadString($"key '{key}'", StringBytesMax),
        ValueType.Array => ReadArray(cursor, key, 1),
        ValueType.UInt64 => cursor.ReadUInt64(key),
        ValueType.Int64 => unchecked((long)cursor.ReadUInt64(key)),
        ValueType.Float64 => BitConverter.UInt64BitsToDouble(cursor.ReadUInt64(key)),
        _ => throw ModelFileException.ForKey(key, $"expected a value type from 0 to 12, found {type}."),
    };

    private static Array ReadArray(GgufCursor cursor, string key, int depth)
    {
        if (depth > NestedArraysMax)
        {
            throw ModelFileException.ForKey(key, $"expected at most {NestedArraysMax} nested arrays.");
        }

        uint type = cursor.ReadUInt32($"element type of key '{key}'");
        return (ValueType)type switch
        {
            ValueType.UInt8 => ReadNumbers<byte>(cursor, key),
            ValueType.Int8 => ReadNumbers<sbyte>(cursor, key),
            ValueType.UInt16 => ReadNumbers<ushort>(cursor, key),
            ValueType.Int16 => ReadNumbers<short>(cursor, key),
            ValueType.UInt32 => ReadNumbers<uint>(cursor, key),
            ValueType.Int32 => ReadNumbers<int>(cursor, key),
            ValueType.Float32 => ReadNumbers<float>(cursor, key),
            // A bool from outside may be any byte, so it is not reinterpreted.
            ValueType.Bool => Array.ConvertAll(ReadNumbers<byte>(cursor, key), value => value != 0),
            ValueType.String => ReadMany(cursor, key, 8, () => cursor.ReadString($"key '{key}'", StringBytesMax)),
            ValueType.Array => ReadMany(cursor, key, 12, () => ReadArray(cursor, key, depth + 1)),
            ValueType.UInt64 => ReadNumbers<ulong>(cursor, key),
            ValueType.Int64 => ReadNumbers<long>(cursor, key),
            ValueType.Float64 => ReadNumbers<double>(cursor, key),
            _ => throw ModelFileException.ForKey(key, $"expected an element type from 0 to 12, found {type}."),
        };
    }

    private static T[] ReadNumbers<T>(GgufCursor cursor, string key)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        int count = cursor.ReadCount($"count of key '{key}'", size, Array.MaxLength / size);
        T[] values = new T[count];
        cursor.ReadInto(MemoryMarshal.AsBytes(values.AsSpan()), key);
        return values;
    }

    private static T[] ReadMany<T>(GgufCursor cursor, string key, int bytesEach, Func<T> readOne)
    {
        var values = new T[cursor.ReadCount($"count of key '{key}'", bytesEach, Array.MaxLength / 16)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = readOne();
        }

        return values;
    }
}
