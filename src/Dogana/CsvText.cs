using System.Text;

namespace Dogana;

/// <summary>CSV as RFC 4180 has it, record by record, where rows need not all have as many cells as there are columns; else <see cref="CsvTable"/>.</summary>
internal static class CsvText
{
    /// <summary>Writes a record; null is an empty cell.</summary>
    public static void WriteLine(TextWriter writer, IEnumerable<string?> cells)
    {
        var isFirst = true;
        foreach (var cell in cells)
        {
            if (!isFirst)
            {
                writer.Write(',');
            }

            isFirst = false;
            if (cell is not null)
            {
                writer.Write(cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell);
            }
        }

        writer.Write("\r\n");
    }

    /// <summary>The records of a file, each with the number of its first line; no cells at a quote that is never closed. Blank lines are left out.</summary>
    public static IEnumerable<(int Line, List<string>? Cells)> Read(TextReader reader)
    {
        var (cell, cells) = (new StringBuilder(), new List<string>());
        var (line, first, isQuoted, any) = (1, 1, false, false);
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            var character = (char)next;
            any = true;
            if (isQuoted)
            {
                if (character == '"' && reader.Peek() == '"')
                {
                    cell.Append((char)reader.Read());
                }
                else if (character == '"')
                {
                    isQuoted = false;
                }
                else
                {
                    cell.Append(character);
                }
            }
            else if (character == '"' && cell.Length == 0)
            {
                isQuoted = true;
            }
            else if (character == ',')
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (character == '\n')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (cells is not [""])
                {
                    yield return (first, cells);
                }

                (cells, any, first) = ([], false, line + 1);
            }
            else if (character != '\r')
            {
                cell.Append(character);
            }

            line += character == '\n' ? 1 : 0;
        }

        if (isQuoted)
        {
            yield return (first, null);
        }
        else if (any)
        {
            cells.Add(cell.ToString());
            yield return (first, cells);
        }
    }
}
