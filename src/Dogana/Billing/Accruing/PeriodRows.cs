using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>How far a contract's period is rated, and how far it is on documents: both by numbers of rated lines.</summary>
internal sealed record PeriodRow(string Contract, long PeriodStart, long RatedTo, long BilledTo);

/// <summary>The table of billing periods in which something was charged, or is to be.</summary>
internal static class PeriodRows
{
    /// <summary>Says what the last lines are that were rated into periods.</summary>
    public static Task RateAsync(StoreSession session, IReadOnlyList<RatedRow> last) => session.InsertAsync(
        "billing_period", ["contract", "period_start", "rated_to", "billed_to"], last, static row => [row.Contract, row.PeriodStart, row.Number, -1L],
        "on conflict(contract, period_start) do update set rated_to = excluded.rated_to");

    /// <summary>Opens periods in which fixed amounts are charged, whatever is used.</summary>
    public static Task OpenAsync(StoreSession session, IReadOnlyList<(string Contract, long PeriodStart)> periods) => session.InsertAsync(
        "billing_period", ["contract", "period_start", "rated_to", "billed_to"], periods, static period => [period.Contract, period.PeriodStart, 0L, -1L],
        "on conflict(contract, period_start) do nothing");

    /// <summary>
    /// Periods of contracts above <paramref name="after"/> in which something is not on a document yet, by contract and start; what is on documents up to <paramref name="ratedTo"/> is not open to a
    /// close that goes no further.
    /// </summary>
    public static Task<IReadOnlyList<PeriodRow>> ReadOpenAsync(StoreSession session, string after, long startedBefore, long ratedTo, int limit) => session.QueryAsync<PeriodRow>(
        """
        select contract as Contract, period_start as PeriodStart, rated_to as RatedTo, billed_to as BilledTo from billing_period
        where contract > @after and billed_to < rated_to and billed_to < @ratedTo and period_start < @startedBefore order by contract, period_start limit @limit
        """, new { after, startedBefore, ratedTo, limit });

    /// <summary>As the other, of some contracts.</summary>
    public static Task<IReadOnlyList<PeriodRow>> ReadOpenAsync(StoreSession session, string[] contracts, long startedBefore, long ratedTo) => session.QueryAsync<PeriodRow>(
        $"""
        select contract as Contract, period_start as PeriodStart, rated_to as RatedTo, billed_to as BilledTo from billing_period
        where {session.IsOneOf("contract", "contracts")} and billed_to < rated_to and billed_to < @ratedTo and period_start < @startedBefore order by contract, period_start
        """, new { contracts = session.List(contracts), startedBefore, ratedTo });

    /// <summary>The periods that contracts have.</summary>
    public static async Task<HashSet<(string Contract, long PeriodStart)>> ReadStartsAsync(StoreSession session, IReadOnlyList<string> contracts) =>
        [.. (await session.QueryAsync<PeriodRow>(
            $"select contract as Contract, period_start as PeriodStart, rated_to as RatedTo, billed_to as BilledTo from billing_period where {session.IsOneOf("contract", "Contracts")}",
            new { Contracts = session.List([.. contracts]) })).Select(static row => (row.Contract, row.PeriodStart))];

    /// <summary>All periods of a contract.</summary>
    public static Task<IReadOnlyList<PeriodRow>> ReadAsync(StoreSession session, string contract) => session.QueryAsync<PeriodRow>(
        "select contract as Contract, period_start as PeriodStart, rated_to as RatedTo, billed_to as BilledTo from billing_period where contract = @contract order by period_start",
        new { contract });

    /// <summary>Says that what was rated into periods up to a line is settled. They are there: the insert is how one statement changes many rows.</summary>
    public static Task BillAsync(StoreSession session, IReadOnlyList<PeriodRow> periods, long ratedTo) => session.InsertAsync(
        "billing_period", ["contract", "period_start", "rated_to", "billed_to"], periods, period => [period.Contract, period.PeriodStart, period.RatedTo, ratedTo],
        "on conflict(contract, period_start) do update set billed_to = excluded.billed_to");
}
