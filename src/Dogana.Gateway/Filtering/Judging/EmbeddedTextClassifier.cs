using Dogana.Filtering;

namespace Dogana.Gateway.Filtering.Judging;

/// <summary>The classifier in this process: sentence vectors of the embedded encoder, and a small network on them.</summary>
internal sealed class EmbeddedTextClassifier(EmbeddedEngine engine) : ITextClassifier
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<FilterSeverities>> ClassifyAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        // The encoder looks at so many tokens of a text and no further: a longer one is several.
        var parts = new List<(int Text, string Part)>();
        for (var i = 0; i < texts.Count; i++)
        {
            Cut(i, texts[i], parts);
        }

        var severities = new FilterSeverities[texts.Count];
        foreach (var ((text, _), scores) in parts.Zip(await ScoreAsync([.. parts.Select(static part => part.Part)], cancellation)))
        {
            severities[text] = severities[text].Or(HarmClassifier.Severities(scores));
        }

        return severities;
    }

    /// <summary>The classifier's own numbers for each text, of which the encoder sees the beginning.</summary>
    public async Task<IReadOnlyList<float[]>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        try
        {
            var vectors = await engine.Embeddings.GenerateAsync(texts, cancellationToken: cancellation);
            return [.. vectors.Select(static vector => HarmClassifier.Shipped.Score(vector.Vector.Span))];
        }
        catch (Exception fault) when (engine.Explain(fault) is { } problem)
        {
            throw new ProblemException(problem);
        }
    }

    private void Cut(int text, string part, List<(int Text, string Part)> parts)
    {
        if (part.Length < 2 || engine.CountInput(part) <= engine.InputTokensMax)
        {
            parts.Add((text, part));
            return;
        }

        var half = part.Length / 2;
        half = char.IsLowSurrogate(part[half]) ? half + 1 : half;
        Cut(text, part[..half], parts);
        Cut(text, part[half..], parts);
    }
}
