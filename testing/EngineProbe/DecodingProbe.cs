using Dogana.Engine.Gguf;
using Dogana.Engine.Llama;
using Dogana.Engine.Tokenizers;

namespace Dogana.Testing.EngineProbe;

/// <summary>The engine's decoder alone, token by token, on the caller's thread: what the face of a chat model hides.</summary>
public sealed class DecodingProbe
{
    private readonly LlamaDecoder _decoder;
    private readonly DecodingSlot _slot;
    private int _position;

    public DecodingProbe(string path, int contextTokens)
    {
        using var file = GgufFile.Open(path);
        var weights = LlamaWeights.Read(file, Vocabulary.Read(file.Metadata).Texts.Count);
        _decoder = new LlamaDecoder(weights);
        _slot = new DecodingSlot(weights, contextTokens);
    }

    /// <summary>A score for every token of the vocabulary, after the last token decoded.</summary>
    public ReadOnlySpan<float> Scores => _slot.Logits;

    /// <summary>Begins a new text.</summary>
    public void Clear() => _position = 0;

    public void Decode(ReadOnlySpan<int> tokens)
    {
        _decoder.Decode(_slot, tokens, _position, CancellationToken.None);
        _position += tokens.Length;
    }
}
