using Dogana.Bench.Figures;

namespace Dogana.Bench.Faults;

/// <summary>The figures of the faults and their goals.</summary>
internal static class FaultsFigures
{
    public static readonly FigureKind Calls = new("calls", "calls", null, "all calls, whatever became of them.");

    public static readonly FigureKind Kills = new("kills", "kills", null, "kill -9 under load, each with a start after it.");

    public static readonly FigureKind Whole = new("calls_whole", "calls", null, "the caller saw the whole answer.");

    public static readonly FigureKind Failed = new("calls_failed", "calls", null, "the caller got an error in the place of an answer.");

    public static readonly FigureKind Broken = new("calls_broken", "calls", null, "an answer began and ended in an error or a broken connection.");

    public static readonly FigureKind Left = new("calls_left", "calls", null, "the caller left, at a random moment or after 8 s.");

    public static readonly FigureKind Killed = new("calls_killed", "calls", null, "the server was killed meanwhile, or was not there.");

    public static readonly FigureKind Unbilled = new("unbilled_endings", "calls", Goal.Exactly(0),
        "whole answers that are not charged: without a record, with one that says something else than completed, or with one that counts nothing.");

    public static readonly FigureKind BilledFailures = new("billed_failures", "calls", Goal.Exactly(0),
        "calls that failed or broke by no kill, and are charged all the same.");

    public static readonly FigureKind Unrecorded = new("unrecorded_calls", "calls", Goal.Exactly(0),
        "calls whose answer had begun and that have no record, whoever ended them.");

    public static readonly FigureKind InvoicedMinusRecorded = new("invoiced_minus_recorded", "tokens", Goal.Exactly(0), "tokens on the invoice that the customer would get now, less those of all records.");

    public static readonly FigureKind Doubled = new("doubled_records", "records", Goal.Exactly(0), "second records of one call.");

    public static readonly FigureKind OfNobody = new("records_of_nobody", "records", Goal.Exactly(0),
        "records of calls that nobody made: beyond those whose callers left, or lost the server, before they were told the id.");

    public static readonly FigureKind OtherTokens = new("tokens_unlike_answer", "calls", Goal.Exactly(0),
        "whole answers that state their usage, and whose record counts something else.");

    public static readonly FigureKind Silent = new("silent_ends", "calls", Goal.Exactly(0),
        "answers that ended as if they were whole and were not.");

    public static readonly FigureKind CounterMinusLedger = new("counter_minus_ledger", "tokens", Goal.Exactly(0),
        "tokens of all usage records less tokens of all rated and unrated lines.");

    public static readonly FigureKind Unrated = new("charged_but_unrated", "lines", Goal.Exactly(0), "lines that should be charged and could not be rated.");

    public static readonly FigureKind Books = new("books_verified", "exit code", Goal.Exactly(0),
        "`dogana verify` after the end: every hash, sum and posting rebuilt from the records; the rated amounts are the posted ones.");

    public static readonly FigureKind OpenUpstream = new("open_upstream_requests", "requests", Goal.Exactly(0), "requests still open at the upstream when nobody calls any more.");

    public static readonly FigureKind Handles = new("leaked_handles", "handles", Goal.AtMost(8),
        "files and sockets at rest in the end beyond those at rest after warming up, in one and the same process; a few connections may be in another state.");

    public static readonly FigureKind Threads = new("thread_growth", "threads", Goal.AtMost(8), "the same of threads.");

    public static readonly FigureKind Growth = new("rss_growth_ratio", "end/warm", Goal.AtMost(1.3), "resident memory at rest in the end ÷ at rest after warming up.");

    public static readonly FigureKind Resident = new("rss_at_end", "MiB", null, "resident memory at rest in the end.");
}
