using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Dogana;

/// <summary>A CSV text with a line of column names (RFC 4180): read whole, with the line that each row stands on.</summary>
public sealed class CsvTable
{
    private static readonly CsvConfiguration Strict = new(CultureInfo.InvariantCulture) { NewLine = "\n", IgnoreBlankLines = true, DetectColumnCountChanges = false };

    private CsvTable(IReadOnlyList<string> columns, IReadOnlyList<CsvLine> rows) => (Columns, Rows) = (columns, rows);

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<CsvLine> Rows { get; }

    /// <summary>Reads a text; a problem that names the line where it is no CSV.</summary>
    public static Outcome<CsvTable> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var reader = new StringReader(text.StartsWith('\uFEFF') ? text[1..] : text);
        using var csv = new CsvReader(reader, Strict);
        try
        {
            if (!csv.Read() || !csv.ReadHeader())
            {
                return new Problem(ProblemCode.InvalidRequest, "The file is empty. Its first line names the columns.");
            }

            var columns = csv.HeaderRecord!;
            if (columns.GroupBy(static column => column, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { } twice)
            {
                return new Problem(ProblemCode.InvalidRequest, $"Line 1: the column '{twice.Key}' is there twice. Keep one.", twice.Key);
            }

            var rows = new List<CsvLine>();
            while (csv.Read())
            {
                if (csv.Parser.Count != columns.Length)
                {
                    return new Problem(ProblemCode.InvalidRequest, string.Create(
                        CultureInfo.InvariantCulture, $"Line {csv.Parser.RawRow}: there are {csv.Parser.Count} fields, and {columns.Length} columns. Write one field for each column; put text with a comma into quotes."));
                }

                rows.Add(new CsvLine(csv.Parser.RawRow, columns, csv.Parser.Record!));
            }

            return new CsvTable(columns, rows);
        }
        catch (CsvHelperException)
        {
            return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"Line {csv.Parser.RawRow} is not CSV. Look for a quote that is not closed."));
        }
    }

    /// <summary>Writes a text: the columns, then the rows; null is an empty field.</summary>
    public static string Write(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, Strict))
        {
            foreach (var row in rows.Prepend(columns))
            {
                foreach (var field in row)
                {
                    csv.WriteField(field);
                }

                csv.NextRecord();
            }
        }

        return text.ToString();
    }
}

/// <summary>A row of a CSV text.</summary>
/// <param name="Line">On which line it ends, from 1.</param>
/// <param name="Columns">The columns' names.</param>
/// <param name="Fields">Its fields in the order of the columns.</param>
public sealed record CsvLine(int Line, IReadOnlyList<string> Columns, IReadOnlyList<string> Fields)
{
    /// <summary>The field in a column, without spaces around it; null where it is empty or there is no such column.</summary>
    public string? Find(string column)
    {
        for (var index = 0; index < Columns.Count; index++)
        {
            if (Columns[index] == column)
            {
                return Fields[index].Trim() is { Length: > 0 } text ? text : null;
            }
        }

        return null;
    }

    /// <summary>A fault at a field: says the line, the column and what stands there.</summary>
    public Problem Fault(string column, string message) =>
        new(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"Line {Line}, column {column}: '{Find(column)}' {message}"), column);
}
