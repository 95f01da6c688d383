using Dogana.Bench.Figures;

namespace Dogana.Bench.Insight;

/// <summary>The figures of insight.</summary>
internal static class InsightFigures
{
    public static readonly FigureKind TopShare = new("article_top_share", "%", null, "what one corporate family is of the cloud's revenue of the last month (24.0 where 20 of 83.3 million dollars are its own).");

    public static readonly FigureKind RunRate = new("article_run_rate", "USD/year", null, "twelve times the cloud's revenue of the last month (1,000,000,000 is what the sample is scaled to).");

    public static readonly FigureKind Making = new("two_years_seconds", "s", null, "making the sample world from nothing: usage, accruals, 24 closes, settlements, payments, verification; SQLite.");
}
