using Dogana.Engine.SentenceEncoding;
using Microsoft.Extensions.AI;

namespace Dogana.Engine;

/// <summary>
/// Universal Sentence Encoder lite (Google, Apache-2.0) in this process: English text to vectors of 512 numbers and length 1. Safe for
/// many threads.
/// </summary>
/// <remarks>
/// The first 128 tokens of a text count, the rest is not looked at; <see cref="GeneratedEmbeddings{TEmbedding}.Usage"/> counts the
/// tokens that were. An empty text has no token and gets a vector of zeros.
/// </remarks>
public sealed class UniversalSentenceEncoder : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Numbers in a vector.</summary>
    public const int Dimensions = SentenceEncoder.Dimensions;

    /// <summary>Tokens of a text that are looked at.</summary>
    public const int TokensMax = SentenceEncoder.TokensMax;

    private const string ModelName = "universal-sentence-encoder-lite";
    private readonly UnigramTokenizer _tokenizer;
    private readonly SentenceEncoder _encoder;
    private readonly SemaphoreSlim _slots;
    private readonly int _callsMax;
    private readonly int _waitingMax;
    private int _calls;

    private UniversalSentenceEncoder(UnigramTokenizer tokenizer, SentenceEncoder encoder, UniversalSentenceEncoderOptions options)
    {
        _tokenizer = tokenizer;
        _encoder = encoder;
        int slots = options.Slots ?? Math.Max(1, Environment.ProcessorCount);
        _slots = new SemaphoreSlim(slots);
        _waitingMax = options.WaitingCallsMax;
        _callsMax = slots + _waitingMax;
    }

    /// <summary>Reads the model from a folder with model.json, vocab.json and the files model.json names.</summary>
    /// <param name="folder">The folder, such as <see cref="EmbeddedModels.UseLitePath"/>.</param>
    /// <param name="options">How it runs; the defaults when null.</param>
    /// <exception cref="ModelFileException">A file is damaged or not of this model.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static UniversalSentenceEncoder Load(string folder, UniversalSentenceEncoderOptions? options = null)
    {
        options ??= new UniversalSentenceEncoderOptions();
        options.Validate();
        UnigramTokenizer tokenizer = UnigramTokenizer.Load(Path.Combine(folder, "vocab.json"));
        return new UniversalSentenceEncoder(
            tokenizer, new SentenceEncoder(EncoderWeights.Load(folder), tokenizer.VocabularySize), options);
    }

    /// <summary>All tokens of a text, also those beyond <see cref="TokensMax"/>.</summary>
    public int CountTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _tokenizer.Encode(text).Count;
    }

    /// <inheritdoc/>
    /// <exception cref="EngineBusyException">All slots are in use and as many calls wait as may.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Another number of dimensions than 512 is asked for.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNotEqual(options?.Dimensions ?? Dimensions, Dimensions, nameof(options));
        if (Interlocked.Increment(ref _calls) > _callsMax)
        {
            Interlocked.Decrement(ref _calls);
            throw new EngineBusyException(_waitingMax);
        }

        try
        {
            var embeddings = new GeneratedEmbeddings<Embedding<float>>();
            long tokens = 0;
            foreach (string value in values)
            {
                (float[] vector, int count) = await EncodeInTurn(value, cancellationToken);
                embeddings.Add(new Embedding<float>(vector) { ModelId = ModelName });
                tokens += count;
            }

            embeddings.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
            return embeddings;
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
        {
            return null;
        }

        return serviceType == typeof(EmbeddingGeneratorMetadata)
            ? new EmbeddingGeneratorMetadata("dogana", providerUri: null, ModelName, Dimensions)
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    /// <summary>Takes a slot for one text only, so that a call with many texts does not keep others waiting for all of them.</summary>
    private async Task<(float[] Vector, int Tokens)> EncodeInTurn(string text, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Encode(text), cancellation);
        }
        finally
        {
            _slots.Release();
        }
    }

    private (float[] Vector, int Tokens) Encode(string text)
    {
        int[] tokens = [.. _tokenizer.Encode(text).Take(TokensMax)];
        return (_encoder.Encode(tokens), tokens.Length);
    }
}
