using System.Runtime.InteropServices;

namespace Dogana.Fingerprints;

/// <summary>A fingerprint of a text.</summary>
/// <param name="Hash">The hash of <see cref="Winnowing.GramWords"/> words in a row.</param>
/// <param name="Word">Which word of the text it begins with, from 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Fingerprint(ulong Hash, int Word);

/// <summary>
/// Winnowing (Schleimer, Wilkerson, Aiken 2003): of every <see cref="Window"/> grams in a row the smallest is kept, the last one where several are. Two texts that
/// share <see cref="GuaranteedWords"/> words in a row share a fingerprint, wherever those words stand; about two grams of five are kept.
/// </summary>
public static class Winnowing
{
    /// <summary>Words of a gram, k: shorter runs of words are common to texts that have nothing to do with each other.</summary>
    public const int GramWords = 8;

    /// <summary>Grams of a window, w.</summary>
    public const int Window = 4;

    /// <summary>The shortest run of shared words that is found for certain: k + w - 1.</summary>
    public const int GuaranteedWords = GramWords + Window - 1;

    // Odd, so that it has an inverse; its power for the word that leaves the gram.
    private const ulong Base = 0x9E3779B97F4A7C15;
    private static readonly ulong Leaving = Power(GramWords);

    /// <summary>The hashes of all grams, one for each word but the last <see cref="GramWords"/> - 1, written one after the other.</summary>
    /// <param name="words">The words' hashes.</param>
    /// <param name="grams">Takes the grams; as long as <see cref="GramCount"/> says, or longer.</param>
    /// <returns>How many there are.</returns>
    public static int Roll(ReadOnlySpan<ulong> words, Span<ulong> grams)
    {
        var count = GramCount(words.Length);
        var rolling = 0UL;
        unchecked
        {
            for (var at = 0; at < words.Length && count > 0; at++)
            {
                rolling = (rolling * Base) + words[at];
                if (at >= GramWords)
                {
                    rolling -= words[at - GramWords] * Leaving;
                }

                if (at >= GramWords - 1)
                {
                    grams[at - GramWords + 1] = WordReader.Mix(rolling);
                }
            }
        }

        return count;
    }

    /// <summary>How many grams so many words have.</summary>
    /// <param name="words">How many words.</param>
    public static int GramCount(int words) => Math.Max(0, words - GramWords + 1);

    /// <summary>Keeps the fingerprints of all grams.</summary>
    /// <param name="grams">The grams, as <see cref="Roll"/> gives them.</param>
    /// <param name="kept">Takes the fingerprints, in the order of the text.</param>
    public static void Select(ReadOnlySpan<ulong> grams, List<Fingerprint> kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        var (last, smallest) = (-1, -1);
        for (var end = Math.Min(Window, grams.Length); end <= grams.Length && grams.Length > 0; end++)
        {
            // The smallest of the window before still counts while it is inside, and only the new gram can be smaller.
            var from = Math.Max(0, end - Window);
            var at = smallest >= from ? end - 1 : from;
            smallest = smallest >= from ? smallest : from;
            for (; at < end; at++)
            {
                smallest = grams[at] <= grams[smallest] ? at : smallest;
            }

            if (smallest != last)
            {
                last = smallest;
                kept.Add(new Fingerprint(grams[smallest], smallest));
            }
        }
    }

    /// <summary>The fingerprints of words; none where there are fewer than <see cref="GramWords"/>.</summary>
    /// <param name="words">The words' hashes.</param>
    public static List<Fingerprint> Of(ReadOnlySpan<ulong> words)
    {
        var grams = new ulong[GramCount(words.Length)];
        Roll(words, grams);
        var kept = new List<Fingerprint>((grams.Length * 2 / (Window + 1)) + 2);
        Select(grams, kept);
        return kept;
    }

    /// <summary>How many words of a text lie under grams that were found elsewhere: overlapping grams count their words once.</summary>
    /// <param name="found">The first words of those grams, ascending.</param>
    public static int CoveredWords(IEnumerable<int> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        var (covered, end) = (0, 0);
        foreach (var first in found)
        {
            covered += first + GramWords - Math.Max(first, end);
            end = first + GramWords;
        }

        return covered;
    }

    private static ulong Power(int exponent)
    {
        var power = 1UL;
        for (var count = 0; count < exponent; count++)
        {
            power = unchecked(power * Base);
        }

        return power;
    }
}
