using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Dogana.Engine.Arithmetic;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Matrices;

/// <summary>A matrix of weights, as narrow in memory as it is in the file or nearly so. Immutable, shared by all calls.</summary>
internal abstract class WeightMatrix(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>Makes a matrix of a tensor's bytes.</summary>
    /// <exception cref="ModelFileException">A block's scale is not a finite number, or the matrix is larger than an array can be.</exception>
    public static WeightMatrix Create(GgufTensor tensor, byte[] bytes, int rows, int columns) => tensor.Type switch
    {
        TensorType.F32 => new SingleMatrix(bytes, rows, columns),
        TensorType.F16 => new HalfMatrix(bytes, rows, columns),
        TensorType.BF16 => new BrainMatrix(bytes, rows, columns),
        TensorType.Q8_0 => new PanelMatrix<ByteFormat>(tensor, bytes, rows, columns),
        TensorType.Q4_0 => new PanelMatrix<NibbleFormat>(tensor, bytes, rows, columns),
        TensorType.Q5_0 => new PanelMatrix<FiveBitFormat>(tensor, bytes, rows, columns),
        TensorType.Q4_K => new PanelMatrix<NibbleSuperFormat>(tensor, bytes, rows, columns),
        TensorType.Q6_K => new PanelMatrix<SixBitSuperFormat>(tensor, bytes, rows, columns),
        _ => throw ModelFileException.ForTensor(tensor.Name, $"type {tensor.Type} is not supported; expected {GgufTensor.TypesRead}."),
    };

    /// <summary>A row as floats: the stored ones, or the start of <paramref name="scratch"/> filled.</summary>
    public abstract ReadOnlySpan<float> Row(int row, Span<float> scratch);

    /// <summary>
    /// Multiplies with all vectors of the input; results lie one after another, <see cref="Rows"/> each. A vector's results are the
    /// same to the last bit whether it comes alone or with others.
    /// </summary>
    public virtual void Multiply(MatrixInput input, Span<float> y)
    {
        // A row is expanded once for all vectors, so a long prompt reads the weights once a chunk.
        Span<float> scratch = input.Row.AsSpan(0, Columns);
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> weights = Row(row, scratch);
            int i = 0;
            for (; i + VectorMath.Four <= input.Count; i += VectorMath.Four)
            {
                VectorMath.DotFour(weights, input.Vectors(i, VectorMath.Four), y[((i * Rows) + row)..], Rows);
            }

            for (; i < input.Count; i++)
            {
                y[(i * Rows) + row] = VectorMath.Dot(weights, input.Vectors(i, 1));
            }
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
            return scratch[..Columns];
        }
    }
}
