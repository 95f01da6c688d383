namespace Dogana.Engine.Matrices;

/// <summary>
/// How blocks of one of ggml's types lie in a panel: sixteen rows side by side, four columns of a row together, so that a vector
/// register holds the same columns of eight rows and no sum has to be taken across it.
/// </summary>
internal interface IPanelFormat
{
    /// <summary>Whether a block is a super-block of 256 values and not a block of 32.</summary>
    static abstract bool IsSuper { get; }

    /// <summary>Bytes of a block of sixteen rows, a multiple of 64.</summary>
    static abstract int PanelBytes { get; }

    /// <summary>Puts a block of the file into its row of a panel's block.</summary>
    /// <returns>False when a scale is not a finite number.</returns>
    static abstract bool TryPack(ReadOnlySpan<byte> block, Span<byte> panel, int row);

    /// <summary>Writes the values of a row of a panel's block as floats.</summary>
    static abstract void Expand(ReadOnlySpan<byte> panel, int row, Span<float> values);

    /// <summary>The dot products of sixteen rows with a vector.</summary>
    /// <remarks>
    /// Sums within a block are integers and exact; across blocks each row adds floats one after the other. So the result is the same
    /// on every processor.
    /// </remarks>
    static abstract void Multiply(ref byte panel, int blocks, QuantisedVector x, ref float y);
}
