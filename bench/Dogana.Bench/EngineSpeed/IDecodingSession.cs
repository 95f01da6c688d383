namespace Dogana.Bench.EngineSpeed;

/// <summary>A model that says its likeliest tokens, on one thread.</summary>
internal interface IDecodingSession
{
    /// <summary>Reads a prompt, then says <paramref name="count"/> tokens, always the likeliest.</summary>
    Task<Said> RunAsync(IReadOnlyList<int> prompt, int count);

    /// <summary>The scores of all tokens after a prompt.</summary>
    Task<float[]> ScoresAsync(IReadOnlyList<int> prompt);
}

/// <summary>What was said, and the processor's seconds for reading the prompt (with the first token) and for saying the rest.</summary>
internal sealed record Said(double PromptSeconds, double DecodeSeconds, IReadOnlyList<int> Tokens);
