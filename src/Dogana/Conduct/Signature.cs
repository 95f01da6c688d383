namespace Dogana.Conduct;

/// <summary>One thing that is looked for in prompts. A datum: none of it is code.</summary>
/// <param name="Id">Its name: <c>judge.pairwise</c>.</param>
/// <param name="Version">Its version; findings bear it.</param>
/// <param name="Family">The kind of work that it was written for: what is left out to measure how the rest does without it.</param>
/// <param name="Detector">The detector that it belongs to.</param>
/// <param name="Strength">What it says when it is met often enough.</param>
/// <param name="Distinct">By how many different items it must be met within 30 days, 1 to 32.</param>
/// <param name="Statement">What was found, in a sentence.</param>
/// <param name="Innocent">What would explain it innocently.</param>
public sealed record Signature(
    string Id, string Version, string Family, Detector Detector, FindingStrength Strength, int Distinct, string Statement, string Innocent)
{
    /// <summary>The words within which all concepts must be met.</summary>
    public int Span { get; init; } = 160;

    /// <summary>Concepts that must all be met, by their names in the catalogue.</summary>
    public IReadOnlyList<string> All { get; init; } = [];

    /// <summary>Concepts of which none may be met near the others: within <see cref="Span"/> words before, or 40 behind.</summary>
    public IReadOnlyList<string> None { get; init; } = [];

    /// <summary>How the prompt must be laid out: <c>choices</c>, <c>exemplars</c>, <c>answer_blocks</c> and others that docs/conduct.md lists.</summary>
    public IReadOnlyList<string> Traits { get; init; } = [];

    /// <summary>A benchmark whose questions are looked for in place of concepts; null for none.</summary>
    public string? Benchmark { get; init; }

    /// <summary>Fingerprints of a template, 16 hexadecimal digits each, that are looked for in place of concepts.</summary>
    public IReadOnlyList<string> Fingerprints { get; init; } = [];

    /// <summary>How many of the fingerprints a prompt must have.</summary>
    public int FingerprintsNeeded { get; init; } = 4;
}
