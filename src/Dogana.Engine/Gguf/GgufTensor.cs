namespace Dogana.Engine.Gguf;

/// <summary>Where a tensor lies in the file. Dimensions are in ggml's order: the first is the length of a row.</summary>
internal sealed record GgufTensor(string Name, TensorType Type, IReadOnlyList<long> Dimensions, long Offset, long ByteLength)
{
    /// <summary>Values in a block of Q8_0, which share one scale.</summary>
    public const int BlockValues = 32;

    /// <summary>Bytes of a block of Q8_0: a half-precision scale, then 32 signed bytes.</summary>
    public const int BlockBytes = 34;

    public long ValueCount => Dimensions.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>How many bytes the tensor takes in the file, or null for a type that is not read.</summary>
    public static long? BytesOf(TensorType type, long rowLength, long values) => type switch
    {
        TensorType.F32 => checked(values * sizeof(float)),
        TensorType.F16 => checked(values * 2),
        TensorType.Q8_0 when rowLength % BlockValues == 0 => checked(values / BlockValues * BlockBytes),
        _ => null,
    };

    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Dimensions)}]";
}
