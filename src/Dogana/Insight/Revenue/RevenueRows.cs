using Dogana.Billing;
using Dogana.Storage;

namespace Dogana.Insight.Revenue;

/// <summary>
/// The tables of the roll-up: <c>revenue_year</c> has every customer, model and kind of line; <c>revenue_customer</c> the customers and <c>revenue_model</c> the models alone, for questions that would
/// otherwise go through all of it. Customers stand in them by small numbers (<c>revenue_party</c>), so that reports can add them up in arrays. All are written together.
/// </summary>
internal static class RevenueRows
{
    private static readonly string[] YearKeys = ["year", "party", "is_shift", "seller", "channel", "model", "kind", "currency"];
    private static readonly string[] CustomerKeys = ["year", "party", "is_shift", "seller", "channel", "currency"];
    private static readonly string[] ModelKeys = ["month", "service_month", "seller", "channel", "model", "kind", "currency"];

    /// <summary>The tables.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["revenue_year", "revenue_customer", "revenue_model", "revenue_party"];

    /// <summary>Adds cells to what is there.</summary>
    public static async Task AddAsync(StoreSession session, RevenueCells cells)
    {
        var numbers = await NumberAsync(session, [.. cells.Rows.Keys.Select(static key => key.Organisation).Distinct(StringComparer.Ordinal)]);
        var lines = cells.Rows.SelectMany(cell => YearCells.Of(MonthOf(cell.Key.Month), MonthOf(cell.Key.ServiceMonth)).Select(place => new Cell(
            place.Month, place.IsShift ? 1 : 0, numbers[cell.Key.Organisation], cell.Key, place.Sign * cell.Value.Micro, place.Sign * cell.Value.Quantity))).ToArray();
        var revenue = lines.Where(static line => line.Key.Kind != RevenueCells.Prepayment);

        // A customer's first document of a year cannot meet a row, and goes in the fast way.
        var met = (await session.QueryAsync<MetRow>(
            $"select distinct year as Year, party as Party from revenue_year where {session.IsOneOf("year", "years")} and {session.IsOneOf("party", "parties")}",
            new { years = session.List([.. lines.Select(static line => (long)line.Month.Year).Distinct()]), parties = session.List([.. numbers.Values]) }))
            .Select(static row => (row.Year, row.Party)).ToHashSet();
        await AddAsync(
            session, "revenue_year", YearKeys, [.. YearCells.Micros, .. YearCells.Quantities],
            lines.GroupBy(static line => (Year: (long)line.Month.Year, line.IsShift, line.Party, line.Key.Seller, line.Key.Channel, line.Key.Model, line.Key.Kind, line.Key.Currency)),
            row => met.Contains((row.Key.Year, row.Key.Party)),
            static row =>
            [
                row.Key.Year, row.Key.Party, row.Key.IsShift, row.Key.Seller, row.Key.Channel, row.Key.Model, row.Key.Kind, row.Key.Currency,
                .. ByMonth(row, static line => line.Micro), .. ByMonth(row, static line => line.Quantity),
            ]);
        await AddAsync(
            session, "revenue_customer", CustomerKeys, YearCells.Micros,
            revenue.GroupBy(static line => (Year: (long)line.Month.Year, line.IsShift, line.Party, line.Key.Seller, line.Key.Channel, line.Key.Currency)),
            row => met.Contains((row.Key.Year, row.Key.Party)),
            static row => [row.Key.Year, row.Key.Party, row.Key.IsShift, row.Key.Seller, row.Key.Channel, row.Key.Currency, .. ByMonth(row, static line => line.Micro)]);
        await AddAsync(
            session, "revenue_model", ModelKeys, ["micro", "quantity"],
            cells.Rows.Where(static cell => cell.Key.Kind != RevenueCells.Prepayment).GroupBy(static cell => cell.Key with { Organisation = "" }), static _ => true,
            static row =>
            [
                row.Key.Month, row.Key.ServiceMonth, row.Key.Seller, row.Key.Channel, row.Key.Model, row.Key.Kind, row.Key.Currency,
                row.Sum(static cell => cell.Value.Micro), row.Sum(static cell => cell.Value.Quantity),
            ]);
    }

    /// <summary>Adds rated usage to its days.</summary>
    public static Task AddDaysAsync(StoreSession session, IReadOnlyDictionary<DayKey, (Money Amount, long Quantity)> days) => AddAsync(
        session, "usage_day", ["day", "seller", "channel", "model", "currency"], ["micro", "pico", "quantity"], days, static _ => true,
        static day => [day.Key.Day, day.Key.Seller, day.Key.Channel, day.Key.Model, day.Key.Currency, day.Value.Amount.Micro, day.Value.Amount.Pico, day.Value.Quantity]);

    /// <summary>How far something was read, or 0.</summary>
    public static Task<long> ReadMarkAsync(StoreSession session, string name) =>
        session.ScalarAsync<long>("select coalesce(max(last), 0) from insight_mark where name = @name", new { name });

    /// <summary>Says how far something was read.</summary>
    public static Task<int> SetMarkAsync(StoreSession session, string name, long last) => session.ExecuteAsync(
        "insert into insight_mark(name, last) values(@name, @last) on conflict(name) do update set last = excluded.last", new { name, last });

    /// <summary>Forgets everything, to be read anew.</summary>
    public static async Task ClearAsync(StoreSession session)
    {
        foreach (var table in Tables.Append("usage_day").Append("insight_mark"))
        {
            await session.ExecuteAsync($"delete from {table}");
        }
    }

    /// <summary>The numbers of customers, by their ids; who has none is not in it.</summary>
    public static async Task<Dictionary<string, long>> FindNumbersAsync(StoreSession session, string[] organisations) =>
        (await session.QueryAsync<PartyRow>($"select number as Number, organisation as Organisation from revenue_party where {session.IsOneOf("organisation", "organisations")}", new { organisations = session.List(organisations) }))
            .ToDictionary(static row => row.Organisation, static row => row.Number, StringComparer.Ordinal);

    // Numbers have no gap: writes run one at a time.
    private static async Task<Dictionary<string, long>> NumberAsync(StoreSession session, string[] organisations)
    {
        var numbers = await FindNumbersAsync(session, organisations);
        var next = await session.ScalarAsync<long>("select coalesce(max(number), 0) from revenue_party");
        string[] missing = [.. organisations.Where(organisation => !numbers.ContainsKey(organisation)).Order(StringComparer.Ordinal)];
        foreach (var organisation in missing)
        {
            numbers.Add(organisation, ++next);
        }

        await session.InsertAsync("revenue_party", ["number", "organisation"], missing, organisation => [numbers[organisation], organisation]);
        return numbers;
    }

    private static IEnumerable<object?> ByMonth(IEnumerable<Cell> row, Func<Cell, long> value)
    {
        var months = new long[YearCells.Months];
        foreach (var cell in row)
        {
            months[cell.Month.Month - 1] += value(cell);
        }

        return months.Cast<object?>();
    }

    private static BillingMonth MonthOf(string text) => BillingMonth.Parse(text).Value;

    private static async Task AddAsync<T>(
        StoreSession session, string table, IReadOnlyList<string> keys, IReadOnlyList<string> sums, IEnumerable<T> rows, Func<T, bool> mayMeet, Func<T, object?[]> values)
    {
        var all = rows.ToLookup(mayMeet);
        string[] columns = [.. keys, .. sums];
        await session.InsertAsync(table, columns, [.. all[false]], values);
        await session.InsertAsync(
            table, columns, [.. all[true]], values,
            $"on conflict({string.Join(", ", keys)}) do update set {string.Join(", ", sums.Select(sum => $"{sum} = {table}.{sum} + excluded.{sum}"))}");
    }

    private readonly record struct Cell(BillingMonth Month, long IsShift, long Party, RevenueKey Key, long Micro, long Quantity);

    private sealed record MetRow(long Year, long Party);

    private sealed record PartyRow(long Number, string Organisation);
}

/// <summary>What rated usage is added up by.</summary>
internal sealed record DayKey(string Day, string Seller, string Channel, string Model, string Currency);
