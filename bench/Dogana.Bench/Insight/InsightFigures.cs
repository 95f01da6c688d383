using Dogana.Bench.Figures;

namespace Dogana.Bench.Insight;

/// <summary>The figures of insight.</summary>
internal static class InsightFigures
{
    public static readonly FigureKind Added = new("documents_per_s", "documents/s", null, "final documents of the last month, read, added up and marked in durable transactions of 1,000.");

    public static readonly FigureKind Differences = new("roll_up_differences", "customers", Goal.Exactly(0), "customers of that month whose sum in the roll-up is not that of their documents, by SQL alone.");

    public static readonly FigureKind SlowestFirst = new("slowest_report_first", "s", Goal.AtMost(5), "the slowest of all reports when it is read for the first time.");

    public static readonly FigureKind Slowest = new("slowest_report_again", "s", Goal.AtMost(5), "the slowest of all reports when it is read again.");

    public static readonly FigureKind Memory = new("reader_rss_peak", "MiB", Goal.AtMost(1_024), "the most memory that the process held that read them one after the other; PostgreSQL is not in it.");

    public static readonly FigureKind TopShare = new("article_top_share", "%", null, "what one corporate family is of the cloud's revenue of the last month (24.0 where 20 of 83.3 million dollars are its own), by plain SQL.");

    public static readonly FigureKind RunRate = new("article_run_rate", "USD/year", null, "twelve times the cloud's revenue of the last month (1,000,000,000 is what the sample is scaled to), by plain SQL.");

    public static readonly FigureKind Difference = new("article_difference", "cents", Goal.Exactly(0), "by how much the reports of concentration, growth and run rate are not what plain SQL over the documents says of the family, the month and its usage.");

    public static readonly FigureKind Making = new("two_years_seconds", "s", null, "making the sample world from nothing: usage, accruals, 24 closes, settlements, payments, verification; SQLite.");
}
