using Dogana.Bench.Figures;

namespace Dogana.Bench.MoneyFlow;

/// <summary>The figures of intake and billing, and their goals.</summary>
internal static class MoneyFigures
{
    public static readonly FigureKind VersusCopy = new("intake_vs_raw_copy", "ours/raw", Goal.AtLeast(0.6), "events taken in with their checks (hash, permanent key, gap-free number) ÷ rows of the same columns by binary COPY into a temporary table and INSERT … ON CONFLICT DO NOTHING, batches of 1,000, each its own durable transaction, by turns in one run on one PostgreSQL with what is there already.");

    public static readonly FigureKind Events = new("intake_events_per_s", "events/s", null, "the same of ours alone, one writer.");

    public static readonly FigureKind Raw = new("raw_copy_rows_per_s", "rows/s", null, "the same of the raw way alone.");

    public static readonly FigureKind Http = new("http_events_per_s", "events/s", Goal.AtLeast(30_000), "batches of 1,000 CloudEvents to POST /admin/v1/usage by four connections, a server process over PostgreSQL; the sender and PostgreSQL share the machine.");

    public static readonly FigureKind Lost = new("lost", "events", Goal.Exactly(0), "events that were answered as accepted and are not in the store.");

    public static readonly FigureKind Doubled = new("doubled", "events", Goal.Exactly(0), "events that are in the store more than once, though every batch was sent twice.");

    /// <summary>Speed with so many records in the store.</summary>
    public static FigureKind At(string size) => new($"intake_events_per_s_at_{size}", "events/s", null, $"ours with {size} records in the store.");
}
