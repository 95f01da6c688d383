using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Dogana.Engine.Arithmetic;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Llama;

/// <summary>A matrix of weights in the type it has in the file; rows become floats only while they are used.</summary>
internal abstract class WeightMatrix(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public static WeightMatrix Create(TensorType type, byte[] bytes, int rows, int columns) => type switch
    {
        TensorType.F32 => new SingleMatrix(bytes, rows, columns),
        TensorType.F16 => new HalfMatrix(bytes, rows, columns),
        TensorType.Q8_0 => new BlockMatrix(bytes, rows, columns),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Expected F32, F16 or Q8_0."),
    };

    /// <summary>A row as floats: the stored ones, or <paramref name="scratch"/> filled.</summary>
    public abstract ReadOnlySpan<float> Row(int row, Span<float> scratch);

    /// <summary>
    /// Multiplies with <paramref name="count"/> vectors that lie one after another; results lie likewise, <see cref="Rows"/> each.
    /// A row is expanded once for all vectors, so a long prompt reads the weights once a chunk.
    /// </summary>
    public void Multiply(ReadOnlySpan<float> x, int count, Span<float> y, Span<float> scratch)
    {
        if (count == 1)
        {
            MultiplyOne(x[..Columns], y[..Rows], scratch[..Columns]);
            return;
        }

        scratch = scratch[..Columns];
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> weights = Row(row, scratch);
            for (int i = 0; i < count; i++)
            {
                y[(i * Rows) + row] = VectorMath.Dot(weights, x.Slice(i * Columns, Columns));
            }
        }
    }

    /// <summary>Multiplies with one vector; the results are to the last bit those that many vectors at once give.</summary>
    protected virtual void MultiplyOne(ReadOnlySpan<float> x, Span<float> y, Span<float> scratch)
    {
        for (int row = 0; row < y.Length; row++)
        {
            y[row] = VectorMath.Dot(Row(row, scratch), x);
        }
    }

    private sealed class SingleMatrix(byte[] bytes, int rows, int columns) : WeightMatrix(rows, columns)
    {
        public override ReadOnlySpan<float> Row(int row, Span<float> scratch) =>
            MemoryMarshal.Cast<byte, float>(bytes).Slice(row * Columns, Columns);
    }

    private sealed class HalfMatrix(byte[] bytes, int rows, int columns) : WeightMatrix(rows, columns)
    {
        public override ReadOnlySpan<float> Row(int row, Span<float> scratch)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes).Slice(row * Columns, Columns), scratch);
            return scratch;
        }
    }

    private sealed class BlockMatrix(byte[] bytes, int rows, int columns) : WeightMatrix(rows, columns)
    {
        private readonly int _rowBytes = columns / GgufTensor.BlockValues * GgufTensor.BlockBytes;

        public override ReadOnlySpan<float> Row(int row, Span<float> scratch)
        {
            QuantisedBlocks.Expand(bytes.AsSpan(row * _rowBytes, _rowBytes), scratch);
            return scratch;
        }

        protected override void MultiplyOne(ReadOnlySpan<float> x, Span<float> y, Span<float> scratch)
        {
            ReadOnlySpan<byte> rest = bytes;
            for (int row = 0; row < y.Length; row++)
            {
                y[row] = QuantisedBlocks.Dot(rest[.._rowBytes], x);
                rest = rest[_rowBytes..];
            }
        }
    }
}
