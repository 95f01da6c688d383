using Dogana.Bench.Figures;

namespace Dogana.Bench.MoneyFlow;

/// <summary>The figures of intake and billing, and their goals.</summary>
internal static class MoneyFigures
{
    public static readonly FigureKind VersusCopy = new("intake_vs_raw_copy", "ours/raw", Goal.AtLeast(0.6), "events taken in with their checks (hash, permanent key, gap-free number) ÷ rows of the same columns by binary COPY into a temporary table and INSERT … ON CONFLICT DO NOTHING, batches of 1,000, each its own durable transaction, by turns in one run on one PostgreSQL with what is there already.");

    public static readonly FigureKind Events = new("intake_events_per_s", "events/s", null, "the same of ours alone, one writer.");

    public static readonly FigureKind Raw = new("raw_copy_rows_per_s", "rows/s", null, "the same of the raw way alone.");

    public static readonly FigureKind Http = new("http_events_per_s", "events/s", Goal.AtLeast(30_000), "batches of 1,000 CloudEvents to POST /admin/v1/usage by four connections, a server process over PostgreSQL; the sender and PostgreSQL share the machine.");

    public static readonly FigureKind HttpCpu = new("http_server_cpu", "µs/event", null, "CPU of that server process, user and system, with the rating of what it took in during that time; PostgreSQL's is not in it.");

    public static readonly FigureKind HttpSqlite = new("http_events_per_s_sqlite", "events/s", null, "the same over SQLite, which is in the server process.");

    public static readonly FigureKind HttpCpuSqlite = new("http_server_cpu_sqlite", "µs/event", null, "the same over SQLite.");

    public static readonly FigureKind Lost = new("lost", "events", Goal.Exactly(0), "events that were answered as accepted and are not in the store.");

    public static readonly FigureKind Doubled = new("doubled", "events", Goal.Exactly(0), "events that are in the store more than once, though every batch was sent twice.");

    public static readonly FigureKind Rated = new("rated_lines_per_s", "lines/s", Goal.AtLeast(5_000_000), "prices found and exact costs taken in memory, as accruals do, one thread.");

    public static readonly FigureKind Close = new("close_seconds_100k_invoices", "s", Goal.AtMost(600), "the close of a month of 1 M customers with ten rated lines each, of which 100 k are charged something, over PostgreSQL; 100 k customers and 10 k invoices with --quick.");

    public static readonly FigureKind CloseMemory = new("close_peak_memory", "MiB", null, "the most memory that the process held during that close; it is bounded by the batch, not by the number of customers.");

    public static readonly FigureKind CloseGrowth = new("close_growth", "ratio", null, "seconds per invoice of that close ÷ those of the smallest one.");

    public static readonly FigureKind CloseDifference = new("close_difference", "documents", Goal.Exactly(0), "after each close, by SQL alone: documents too many or too few, or 1 where the sum of documents, of receivables in the ledger, or of rated lines is another one.");

    public static readonly FigureKind Accrued = new("accrued_records_per_s", "records/s", null, "usage of as many customers as there are records, rated, stored and posted, with all these customers and contracts in the store.");

    /// <summary>A close with so many customers.</summary>
    public static FigureKind ClosePerInvoice(string size) => new($"close_ms_per_invoice_{size}", "ms/invoice", null, $"the close with so many customers, one in ten of which gets a document.");

    /// <summary>Speed with so many records in the store.</summary>
    public static FigureKind At(string size) => new($"intake_events_per_s_at_{size}", "events/s", null, $"ours with {size} records in the store.");
}
