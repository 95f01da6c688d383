using System.Globalization;

namespace Dogana.Server.Verbs;

/// <summary>A table of a report: for people with a bar behind each row, or as CSV.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">As <see cref="TextTable"/> has them.</param>
/// <param name="Rows">The cells.</param>
/// <param name="Chart">The column whose numbers the bars show, or null.</param>
internal sealed record ReportTable(string Title, string[] Columns, IReadOnlyList<string[]> Rows, int? Chart = null)
{
    private const int BarWidth = 30;
    private const int Eighths = 8;
    private static readonly char[] Parts = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

    /// <summary>Writes it for people.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Title);
        var largest = Chart is { } column ? Rows.Select(row => Number(row[column])).DefaultIfEmpty(0).Max() : 0;
        var table = new TextTable([.. Columns, .. Chart is null ? Array.Empty<string>() : [""]]);
        foreach (var row in Rows)
        {
            table.Add([.. row, .. Chart is { } place ? [Bar(Number(row[place]), largest)] : Array.Empty<string>()]);
        }

        table.Write(output, "  ");
        output.WriteLine();
    }

    /// <summary>As CSV with a line of names: plain numbers, shares of one, and nothing where there is none.</summary>
    public string ToCsv() => CsvTable.Write([.. Columns.Select(static name => name.TrimEnd('>').Replace(' ', '_'))], Rows.Select(static row => (IReadOnlyList<string?>)[.. row.Select(Cell)]));

    /// <summary>A share in per cent; a dash where there is none.</summary>
    public static string Percent(double? share) => share is { } known ? (known * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "-";

    /// <summary>A number with few digits; a dash where there is none.</summary>
    public static string Plain(double? number) => number is { } known ? known.ToString("#,0.##", CultureInfo.InvariantCulture) : "-";

    /// <summary>A count.</summary>
    public static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Cell(string text) => text == "-" ? null
        : !decimal.TryParse(text.TrimEnd('%', ' '), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? text
        : text.EndsWith('%') ? (number / 100).ToString(CultureInfo.InvariantCulture)
        : text.Replace(",", "", StringComparison.Ordinal);

    // Blocks of an eighth of a character; nothing for what is zero or below.
    private static string Bar(double value, double largest)
    {
        if (value <= 0 || largest <= 0)
        {
            return "";
        }

        var eighths = Math.Max(1, (int)Math.Round(value / largest * BarWidth * Eighths));
        return new string('█', eighths / Eighths) + (eighths % Eighths is > 0 and var rest ? Parts[rest] : "");
    }

    private static double Number(string text) => double.TryParse(text.TrimEnd('%', ' '), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
