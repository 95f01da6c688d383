namespace LlamaCpp;

/// <summary>A model on one thread.</summary>
internal sealed class Session : IDisposable
{
    private const int BatchTokens = 512;

    private readonly nint _model;
    private readonly nint _context;

    public Session(string path, int contextTokens, bool isPlain)
    {
        _model = Native.LoadModel(path, Native.ModelDefaults());
        if (_model == 0)
        {
            throw new InvalidOperationException($"llama.cpp could not load {path}.");
        }

        Native.Parameters parameters = Native.ContextDefaults();
        (parameters.Context, parameters.Batch, parameters.MicroBatch) = (contextTokens, BatchTokens, BatchTokens);
        if (isPlain)
        {
            (parameters.FlashAttention, parameters.KeyType, parameters.ValueType) = (0, 0, 0);
        }

        _context = Native.CreateContext(_model, parameters);
        if (_context == 0)
        {
            throw new InvalidOperationException("llama.cpp could not create a context.");
        }

        Native.SetThreads(_context, 1, 1);
        Vocabulary = Native.CountTokens(Native.Vocabulary(_model));
    }

    public int Vocabulary { get; }

    public void Clear() => Native.ClearMemory(Native.Memory(_context), withData: true);

    public unsafe void Decode(ReadOnlySpan<int> tokens)
    {
        fixed (int* first = tokens)
        {
            int result = Native.Decode(_context, Native.BatchOf(first, tokens.Length));
            if (result != 0)
            {
                throw new InvalidOperationException($"llama.cpp did not decode: {result}.");
            }
        }
    }

    /// <summary>The scores after the last token.</summary>
    public unsafe ReadOnlySpan<float> Logits() => new(Native.Logits(_context, -1), Vocabulary);

    public void Dispose()
    {
        Native.FreeContext(_context);
        Native.FreeModel(_model);
    }
}
