using System.Runtime.InteropServices;

namespace Dogana.Conduct.Signals;

/// <summary>A sentence or line of a prompt.</summary>
/// <param name="Hash">Its words' hash.</param>
/// <param name="Words">How many words it has; 0 for the head or tail of the prompt, which are counted but no part of it.</param>
/// <param name="IsImperative">Does it begin with an instruction?</param>
/// <param name="IsQuestion">Does it end with a question mark?</param>
/// <param name="IsPersonal">Does somebody speak of himself?</param>
/// <param name="IsChoice">Does it begin as a choice does: with a letter and a bracket, or a dash?</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PromptUnit(ulong Hash, int Words, bool IsImperative, bool IsQuestion, bool IsPersonal, bool IsChoice);

/// <summary>What a signature was met by.</summary>
/// <param name="Key">What it is counted under.</param>
/// <param name="Item">Which item: a question, a filled template.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SignatureHit(ulong Key, ulong Item);

/// <summary>What was read of one call: hashes, counts and bits. Used again and again by one thread.</summary>
internal sealed class CallFacts
{
    public uint Traits { get; set; }

    /// <summary>How many words the prompt has.</summary>
    public int Words { get; set; }

    /// <summary>The hash of what the user said.</summary>
    public ulong Item { get; set; }

    public List<PromptUnit> Units { get; } = [];

    public List<SignatureHit> Hits { get; } = [];

    /// <summary>The hashes of some words, for the comparison of what an account talks about from day to day.</summary>
    public List<ulong> Sample { get; } = [];

    public void Clear()
    {
        (Traits, Words, Item) = (0, 0, 0);
        Units.Clear();
        Hits.Clear();
        Sample.Clear();
    }
}
