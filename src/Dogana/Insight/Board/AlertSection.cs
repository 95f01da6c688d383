using System.Globalization;
using Dogana.Insight.Charts;

namespace Dogana.Insight.Board;

/// <summary>The alerts and how far each is from its threshold.</summary>
internal static class AlertSection
{
    public const string Id = "alerts";

    private const string Question = "Which alerts are set, and where does each stand?";

    public static BoardSection Of(BoardFigures figures)
    {
        if (figures.Alerts.Count == 0)
        {
            return new BoardSection(Id, "Alerts", Question, [], ["No alert is set: dogana insight alert set."]);
        }

        // What has no value yet, or a threshold of nothing, cannot be drawn against it; the table has it.
        var drawn = figures.Alerts.Select(static state => (State: state, Value: Value(state))).Where(static item => item.Value is not null && item.State.Alert.Threshold > 0m).ToArray();
        string[] notes = [.. figures.Alerts.Where(static state => Value(state) is null).Select(static state => $"{state.Alert.Id}: {state.Value ?? "not looked at yet."}")];
        if (drawn.Length == 0)
        {
            return new BoardSection(Id, "Alerts", Question, [], notes);
        }

        var crossed = figures.Alerts.Count(static state => state.IsCrossed);
        return new BoardSection(
            Id, "Alerts", Question,
            [
                new BoardFigure(
                    "alerts-standing", "Each alert against its threshold",
                    crossed == 0 ? $"None of {BoardText.Count(figures.Alerts.Count)} alerts is crossed."
                        : $"{BoardText.Count(crossed)} of {BoardText.Count(figures.Alerts.Count)} alerts {(crossed == 1 ? "is" : "are")} crossed: {string.Join(", ", figures.Alerts.Where(static state => state.IsCrossed).Select(static state => state.Alert.Id))}.",
                    new BarChart(Unit.Percent with { Digits = 0 }, [.. drawn.Select(static item => new Bar(
                        $"{item.State.Alert.Id}: {Words(EnumWords.Of(item.State.Alert.Measure))} {Bound(item.State)}", $"{item.State.Value} {(item.State.IsCrossed ? "✕" : "✓")}",
                        new BarPart(item.Value!.Value / (double)item.State.Alert.Threshold, item.State.IsCrossed ? 1 : 0, Sentence(item.State))))])
                    { Legend = Key.Of("not crossed", "crossed"), References = [new Reference(1, "threshold")] },
                    "The measure over its threshold, as it was when it was looked at last; ✕ is crossed.", "dogana insight alert list", ["alert", "measure", "of", "threshold", "now>", "crossed", "times>", "looked at"],
                    [.. figures.Alerts.Select(static state => (IReadOnlyList<string>)
                    [
                        state.Alert.Id, Words(EnumWords.Of(state.Alert.Measure)), $"{EnumWords.Of(state.Alert.Axis)}, {BoardText.Count(state.Alert.Months)} months", Bound(state),
                        state.Value ?? "–", state.IsCrossed ? "yes" : "no", BoardText.Count(state.Crossings), state.EvaluatedAt is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "–",
                    ])]),
            ],
            notes);
    }

    /// <summary>How many are crossed, for the head of the page; none where none is set.</summary>
    public static BoardCard? Card(BoardFigures figures) => figures.Alerts.Count == 0 ? null
        : new BoardCard("Alerts crossed", BoardText.Count(figures.Alerts.Count(static state => state.IsCrossed)), $"of {BoardText.Count(figures.Alerts.Count)}", Id);

    private static double? Value(AlertState state) => double.TryParse(state.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string Sentence(AlertState state) =>
        $"{Words(EnumWords.Of(state.Alert.Measure))} is {state.Value}; the alert is for {Bound(state)}";

    private static string Bound(AlertState state) => $"{EnumWords.Of(state.Alert.Comparison)} {state.Alert.Threshold.ToString(CultureInfo.InvariantCulture)}";

    private static string Words(string word) => word.Replace('_', ' ');
}
