namespace Dogana.Engine.Matrices;

/// <summary>
/// The vectors that come next to be multiplied with matrices. They are quantised when the first matrix asks for it, once for all
/// matrices that read them. Used by one thread.
/// </summary>
internal sealed class MatrixInput(int vectorsMax, int columnsMax)
{
    private readonly QuantisedVectors _blocks = new(vectorsMax, columnsMax, isSuper: false);
    private readonly QuantisedVectors _superBlocks = new(vectorsMax, columnsMax, isSuper: true);
    private float[] _values = [];
    private int _columns;

    public int Count { get; private set; }

    /// <summary>Room for one row of any matrix as floats.</summary>
    public float[] Row { get; } = new float[columnsMax];

    /// <summary>Takes <paramref name="count"/> vectors that lie one after another; they must not change until the next call.</summary>
    public void Set(float[] values, int count, int columns)
    {
        (_values, Count, _columns) = (values, count, columns);
        _blocks.IsFilled = false;
        _superBlocks.IsFilled = false;
    }

    public ReadOnlySpan<float> Vectors(int first, int count) => _values.AsSpan(first * _columns, count * _columns);

    /// <summary>The vectors in blocks of <see cref="QuantisedVectors.BlockValues"/> or <see cref="QuantisedVectors.SuperBlockValues"/>.</summary>
    public QuantisedVectors Quantised(bool isSuper)
    {
        QuantisedVectors quantised = isSuper ? _superBlocks : _blocks;
        if (!quantised.IsFilled)
        {
            quantised.Fill(_values.AsSpan(0, Count * _columns), _columns);
        }

        return quantised;
    }
}
