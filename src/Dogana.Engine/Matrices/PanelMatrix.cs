using System.Runtime.InteropServices;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Matrices;

/// <summary>A quantised matrix, in panels of sixteen rows. What the last panel lacks in rows is zero.</summary>
internal sealed class PanelMatrix<TFormat> : WeightMatrix
    where TFormat : struct, IPanelFormat
{
    private const int PanelRows = 16;

    /// <summary>Vectors that cross a line of the processor's cache take two reads.</summary>
    private const int LineBytes = 64;

    private readonly byte[] _memory;
    private readonly int _start;
    private readonly int _blocks;
    private readonly int _panelBytes;

    public PanelMatrix(GgufTensor tensor, ReadOnlySpan<byte> bytes, int rows, int columns)
        : base(rows, columns)
    {
        (int blockValues, int blockBytes) = GgufTensor.BlockOf(tensor.Type)!.Value;
        _blocks = columns / blockValues;
        long panelBytes = (long)_blocks * TFormat.PanelBytes;
        long length = checked(((rows + PanelRows - 1) / PanelRows * panelBytes) + LineBytes);
        if (length > Array.MaxLength)
        {
            throw ModelFileException.ForTensor(tensor.Name, $"expected at most {Array.MaxLength} bytes in memory, found {length}.");
        }

        _panelBytes = (int)panelBytes;
        _memory = GC.AllocateArray<byte>((int)length, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (LineBytes - 1));
        for (int row = 0; row < rows; row++)
        {
            for (int block = 0; block < _blocks; block++)
            {
                if (!TFormat.TryPack(bytes[..blockBytes], Block(row, block), row % PanelRows))
                {
                    throw ModelFileException.ForTensor(tensor.Name, $"the scale of block {block} of row {row} is not a finite number.");
                }

                bytes = bytes[blockBytes..];
            }
        }
    }

    public override ReadOnlySpan<float> Row(int row, Span<float> scratch)
    {
        int values = Columns / _blocks;
        for (int block = 0; block < _blocks; block++)
        {
            TFormat.Expand(Block(row, block), row % PanelRows, scratch.Slice(block * values, values));
        }

        return scratch[..Columns];
    }

    public override void Multiply(MatrixInput input, Span<float> y)
    {
        QuantisedVectors vectors = input.Quantised(TFormat.IsSuper);
        Span<float> last = stackalloc float[PanelRows];
        int offset = _start;
        for (int row = 0; row < Rows; row += PanelRows)
        {
            // All vectors pass a panel while it lies in the nearest cache.
            ref byte panel = ref _memory[offset];
            int rows = Math.Min(PanelRows, Rows - row);
            for (int i = 0; i < input.Count; i++)
            {
                Span<float> results = y.Slice((i * Rows) + row, rows);
                if (rows == PanelRows)
                {
                    TFormat.Multiply(ref panel, _blocks, vectors[i], ref MemoryMarshal.GetReference(results));
                }
                else
                {
                    TFormat.Multiply(ref panel, _blocks, vectors[i], ref MemoryMarshal.GetReference(last));
                    last[..rows].CopyTo(results);
                }
            }

            offset += _panelBytes;
        }
    }

    private Span<byte> Block(int row, int block) =>
        _memory.AsSpan(_start + (row / PanelRows * _panelBytes) + (block * TFormat.PanelBytes), TFormat.PanelBytes);
}
