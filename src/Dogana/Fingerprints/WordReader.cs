using System.Globalization;
using System.Text;

namespace Dogana.Fingerprints;

/// <summary>
/// Reads words: runs of letters and digits in lower case, whatever stands between them; an apostrophe inside a word is passed over, and every ideograph
/// is a word of its own. What a copier changes without thinking (case, quotes, blanks, punctuation, line ends) changes no word.
/// </summary>
public static class WordReader
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    // 0: no part of a word; 39: an apostrophe; otherwise the byte in lower case. Bytes beyond ASCII are read as runes.
    private static readonly byte[] Ascii = [.. Enumerable.Range(0, 128).Select(static value => char.IsAsciiLetterOrDigit((char)value) ? (byte)char.ToLowerInvariant((char)value) : value == '\'' ? (byte)value : (byte)0)];

    /// <summary>Adds the words of a text.</summary>
    /// <param name="utf8">The text; bytes that are no UTF-8 separate words.</param>
    /// <param name="words">Where they are added.</param>
    /// <param name="start">What is added to each word's place, for texts that come in pieces.</param>
    public static void Read(ReadOnlySpan<byte> utf8, WordList words, int start = 0)
    {
        ArgumentNullException.ThrowIfNull(words);
        var (hash, begin) = (Offset, -1);
        for (var at = 0; at < utf8.Length;)
        {
            var value = utf8[at];
            if (value < 128)
            {
                var letter = Ascii[value];
                if (letter > '\'')
                {
                    begin = begin < 0 ? at : begin;
                    hash = unchecked((hash ^ letter) * Prime);
                }
                else if (letter == 0)
                {
                    End(words, ref hash, ref begin, start);
                }

                at++;
                continue;
            }

            at += ReadRune(utf8[at..], at, words, ref hash, ref begin, start);
        }

        End(words, ref hash, ref begin, start);
    }

    /// <summary>The hash of one word, as a text has it; of several words, the first one's.</summary>
    /// <param name="word">The word.</param>
    public static ulong Hash(string word)
    {
        var words = new WordList();
        Read(Encoding.UTF8.GetBytes(word), words);
        return words.Count == 0 ? 0 : words.Hashes[0];
    }

    /// <summary>Scatters a hash over all its bits.</summary>
    /// <param name="hash">The hash.</param>
    public static ulong Mix(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15;
            hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
            return hash ^ (hash >> 32);
        }
    }

    private static int ReadRune(ReadOnlySpan<byte> rest, int at, WordList words, ref ulong hash, ref int begin, int start)
    {
        if (Rune.DecodeFromUtf8(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done)
        {
            End(words, ref hash, ref begin, start);
        }
        else if (IsIdeograph(rune.Value))
        {
            End(words, ref hash, ref begin, start);
            words.Add(Mix((Offset ^ (uint)rune.Value) | 1), start + at);
        }
        else if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        {
            begin = begin < 0 ? at : begin;
            hash = unchecked((hash ^ (uint)Rune.ToLowerInvariant(rune).Value) * Prime);
        }
        else if (rune.Value != 0x2019)
        {
            End(words, ref hash, ref begin, start);
        }

        return length;
    }

    private static void End(WordList words, ref ulong hash, ref int begin, int start)
    {
        if (begin >= 0)
        {
            words.Add(Mix(hash), start + begin);
        }

        (hash, begin) = (Offset, -1);
    }

    private static bool IsIdeograph(int rune) => rune is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
