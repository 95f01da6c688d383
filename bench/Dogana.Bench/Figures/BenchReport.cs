using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dogana.Bench.Machine;

namespace Dogana.Bench.Figures;

/// <summary>A run's figures and where they come from.</summary>
internal sealed record BenchReport(
    string Name, DateTimeOffset At, string Commit, bool IsQuick, MachineRecord Machine, IReadOnlyList<string> Reading, IReadOnlyList<Figure> Figures)
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
            At,
            Commit,
            Quick = IsQuick,
            Machine,
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

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Name}{(IsQuick ? " (quick: a rough look, not for comparing)" : "")}  {At:yyyy-MM-dd HH:mm} UTC  commit {Commit}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Cores} cores, {Machine.Cpu}, .NET {Machine.Dotnet}; load average at the start {Number.Show(Machine.Load)}");
        text.AppendLine();
        string[][] rows = [
            ["figure", "median", "min..max", "unit", "goal", "met", "calls"],
            .. Figures.Select(static figure => new[]
            {
                figure.Kind.Name,
                Number.Show(figure.Value),
                figure.Rounds == 1 ? "" : $"{Number.Show(figure.Min)}..{Number.Show(figure.Max)}",
                figure.Kind.Unit,
                figure.Kind.Goal?.ToString() ?? "",
                figure.Met switch { true => "yes", false => "NO", null => "" },
                figure.Calls == 0 ? "" : $"{figure.Calls:#,0}",
            })];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => column is 1 or 2 or 6 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        }

        text.AppendLine().AppendLine("How to read it");
        foreach (var line in Reading)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        }

        foreach (var figure in Figures)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {figure.Kind.Name}: {figure.Kind.Read}");
        }

        return text.ToString().TrimEnd();
    }
}
