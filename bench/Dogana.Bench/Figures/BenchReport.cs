using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dogana.Bench.Machine;

namespace Dogana.Bench.Figures;

/// <summary>A run's figures and where they come from.</summary>
internal sealed record BenchReport(
    string Name, string Command, DateTimeOffset At, string Commit, bool IsQuick, MachineRecord Machine, double LoadAtEnd, IReadOnlyList<string> Reading, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for a terminal or a file, never inside a page
    };

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Name,
            Command,
            At,
            Commit,
            Quick = IsQuick,
            Machine,
            LoadAtEnd,
            Figures = Figures.Select(static figure => new
            {
                figure.Kind.Name,
                Value = Math.Round(figure.Value, 6),
                figure.Kind.Unit,
                Goal = figure.Kind.Goal?.ToString(),
                figure.Met,
                figure.Kind.Read,
                Min = Math.Round(figure.Min, 6),
                Max = Math.Round(figure.Max, 6),
                figure.Rounds,
                figure.Calls,
            }),
        },
        Json);

    /// <summary>Markdown that can be read on a terminal: it goes into docs/performance.md as it is.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"`{Command}`{(IsQuick ? " (quick: a rough look, not for comparing)" : "")} at commit `{Commit}`, {At:yyyy-MM-dd HH:mm} UTC, on {Machine.Cores} cores, {Machine.Cpu}, .NET {Machine.Dotnet}. Load average {Number.Show(Machine.Load)} at the start, {Number.Show(LoadAtEnd)} at the end.");
        text.AppendLine();
        string[][] rows = [
            ["figure", "median", "min..max", "unit", "goal", "met", "calls"],
            .. Figures.Select(static figure => new[]
            {
                $"`{figure.Kind.Name}`",
                Number.Show(figure.Value),
                figure.Rounds == 1 ? "" : $"{Number.Show(figure.Min)}..{Number.Show(figure.Max)}",
                figure.Kind.Unit,
                figure.Kind.Goal?.ToString() ?? "",
                figure.Met switch { true => "yes", false => "**no**", null => "" },
                figure.Calls == 0 ? "" : $"{figure.Calls:#,0}",
            })];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            text.AppendLine($"| {string.Join(" | ", row.Select((cell, column) => IsNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])))} |");
            if (row == rows[0])
            {
                text.AppendLine($"|{string.Join('|', widths.Select(static (width, column) => new string('-', width + 1) + (IsNumber(column) ? ':' : '-')))}|");
            }
        }

        text.AppendLine();
        foreach (var line in Reading)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        }

        foreach (var figure in Figures.Where(static figure => figure.Kind.Read.Length > 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- `{figure.Kind.Name}`: {figure.Kind.Read}");
        }

        return text.ToString().TrimEnd();
    }

    private static bool IsNumber(int column) => column is 1 or 2 or 6;
}
