using System.Globalization;
using System.Text;

namespace Dogana.Billing.Payments;

/// <summary>A row of a CSV file.</summary>
/// <param name="Line">The line that it begins on, from 1.</param>
/// <param name="Cells">Its cells.</param>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Cells);

/// <summary>Reads CSV as RFC 4180 has it; empty lines are left out.</summary>
internal static class CsvText
{
    public static Outcome<List<CsvRow>> Read(string text)
    {
        var (rows, cells, cell) = (new List<CsvRow>(), new List<string>(), new StringBuilder());
        var (line, start, isQuoted) = (1, 1, false);
        for (var index = 0; index < text.Length; index++)
        {
            var c = text[index];
            line += c == '\n' ? 1 : 0;
            switch (c)
            {
                case '"' when isQuoted && index + 1 < text.Length && text[index + 1] == '"':
                    cell.Append('"');
                    index++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    cells.Add(cell.ToString());
                    cell.Clear();
                    break;
                case '\r' when !isQuoted:
                    break;
                case '\n' when !isQuoted:
                    EndRow();
                    start = line;
                    break;
                default:
                    cell.Append(c);
                    break;
            }
        }

        if (isQuoted)
        {
            return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"The quotes of the row at line {start} are not closed."));
        }

        EndRow();
        return rows;

        void EndRow()
        {
            cells.Add(cell.ToString());
            cell.Clear();
            if (cells.Any(static item => item.Length > 0))
            {
                rows.Add(new CsvRow(start, [.. cells]));
            }

            cells.Clear();
        }
    }
}
