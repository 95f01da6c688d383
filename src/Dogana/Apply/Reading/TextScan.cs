using System.Text;

namespace Dogana.Apply.Reading;

/// <summary>Looks at the characters before YAML does: its parser takes a NUL for the end of the file and would ignore what follows.</summary>
internal static class TextScan
{
    /// <summary>The largest file: 4 MiB of UTF-8.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    /// <summary>Reports a file that is too large, holds what no text file holds, or is indented by tabs.</summary>
    public static void Check(string text, FaultCollector faults)
    {
        if (text.Length > BytesMax || Encoding.UTF8.GetByteCount(text) > BytesMax)
        {
            faults.Add(Place.Start, $"The file is larger than {BytesMax / 1024 / 1024} MiB.", "Split it: a file may be a part of the world.");
            return;
        }

        var (line, column, isIndent) = (1, 0, true);
        for (var i = 0; i < text.Length && !faults.IsFull; i++)
        {
            var c = text[i];
            column++;
            if (c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                (line, column, isIndent) = (line + 1, 0, true);
                continue;
            }

            if (c == '\t' && isIndent)
            {
                faults.Add(new Place(line, column, ""), "There is a tab in the indentation.", "Indent by spaces: YAML allows no tabs there.");
                isIndent = false; // one fault a line
            }
            else if (IsRefused(text, i))
            {
                faults.Add(new Place(line, column, ""), $"There is a character U+{(int)c:X4}, which is not text.", "Save the file as UTF-8 text and delete the character.");
            }

            isIndent &= c is ' ' or '\r';
            i += char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 1 : 0;
        }
    }

    // Control characters, halves of surrogate pairs, non-characters, and the line ends that YAML 1.1 counts and editors do not.
    private static bool IsRefused(string text, int index)
    {
        var c = text[index];
        if (char.IsSurrogate(c))
        {
            return !(index + 1 < text.Length && char.IsSurrogatePair(c, text[index + 1]));
        }

        return (char.IsControl(c) && c is not ('\t' or '\r' or '\n')) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';
    }
}
