namespace Dogana.Engine.Gguf;

/// <summary>Where a tensor lies in the file. Dimensions are in ggml's order: the first is the length of a row.</summary>
internal sealed record GgufTensor(string Name, TensorType Type, IReadOnlyList<long> Dimensions, long Offset, long ByteLength)
{
    /// <summary>The types that are read, as errors name them.</summary>
    public const string TypesRead = "F32, F16, BF16, Q8_0, Q4_0, Q5_0, Q4_K or Q6_K";

    public long ValueCount => Dimensions.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>How many values of a row lie in a block of a type, and the block's bytes; null for a type that is not read.</summary>
    public static (int Values, int Bytes)? BlockOf(TensorType type) => type switch
    {
        TensorType.F32 => (1, 4),
        TensorType.F16 or TensorType.BF16 => (1, 2),
        TensorType.Q8_0 => (32, 34),
        TensorType.Q4_0 => (32, 18),
        TensorType.Q5_0 => (32, 22),
        TensorType.Q4_K => (256, 144),
        TensorType.Q6_K => (256, 210),
        _ => null,
    };

    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Dimensions)}]";
}
