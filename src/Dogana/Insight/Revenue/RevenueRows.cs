using Dogana.Storage;

namespace Dogana.Insight.Revenue;

/// <summary>
/// The tables of the roll-up: <c>revenue_month</c> has every customer, model and kind of line; <c>revenue_customer</c> the customers and <c>revenue_model</c> the models
/// alone, for questions that would otherwise go through all of it. All three are written together.
/// </summary>
internal static class RevenueRows
{
    /// <summary>The tables.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["revenue_month", "revenue_customer", "revenue_model"];

    /// <summary>Adds cells to what is there.</summary>
    public static async Task AddAsync(StoreSession session, RevenueCells cells)
    {
        var revenue = cells.Rows.Where(static cell => cell.Key.Kind != RevenueCells.Prepayment).ToArray();
        var months = cells.Rows.Keys.Select(static key => key.Month).Distinct(StringComparer.Ordinal).ToArray();
        var organisations = cells.Rows.Keys.Select(static key => key.Organisation).Distinct(StringComparer.Ordinal).ToArray();

        // Most customers have one document in a month: rows of those that have none yet cannot meet any, and go in the fast way.
        var met = (await session.QueryAsync<MetRow>(
            $"select distinct organisation as Organisation, month as Month from revenue_month where {session.IsOneOf("month", "months")} and {session.IsOneOf("organisation", "organisations")}",
            new { months = session.List(months), organisations = session.List(organisations) })).Select(static row => (row.Month, row.Organisation)).ToHashSet();
        await AddAsync(
            session, "revenue_month", ["month", "organisation", "seller", "channel", "model", "kind", "service_month", "currency"], ["micro", "quantity"],
            cells.Rows, cell => met.Contains((cell.Key.Month, cell.Key.Organisation)),
            static cell => [cell.Key.Month, cell.Key.Organisation, cell.Key.Seller, cell.Key.Channel, cell.Key.Model, cell.Key.Kind, cell.Key.ServiceMonth, cell.Key.Currency, cell.Value.Micro, cell.Value.Quantity]);
        await AddAsync(
            session, "revenue_customer", ["month", "organisation", "seller", "channel", "currency"], ["micro"],
            revenue.GroupBy(static cell => (cell.Key.Month, cell.Key.Organisation, cell.Key.Seller, cell.Key.Channel, cell.Key.Currency)),
            cells => met.Contains((cells.Key.Month, cells.Key.Organisation)),
            static cells => [cells.Key.Month, cells.Key.Organisation, cells.Key.Seller, cells.Key.Channel, cells.Key.Currency, cells.Sum(static cell => cell.Value.Micro)]);
        await AddAsync(
            session, "revenue_model", ["month", "seller", "channel", "model", "kind", "currency"], ["micro", "quantity"],
            revenue.GroupBy(static cell => (cell.Key.Month, cell.Key.Seller, cell.Key.Channel, cell.Key.Model, cell.Key.Kind, cell.Key.Currency)),
            static _ => true,
            static cells =>
            [
                cells.Key.Month, cells.Key.Seller, cells.Key.Channel, cells.Key.Model, cells.Key.Kind, cells.Key.Currency, cells.Sum(static cell => cell.Value.Micro),
                cells.Sum(static cell => cell.Value.Quantity),
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

    private static async Task AddAsync<T>(
        StoreSession session, string table, string[] keys, string[] sums, IEnumerable<T> rows, Func<T, bool> mayMeet, Func<T, object?[]> values)
    {
        var all = rows.ToLookup(mayMeet);
        string[] columns = [.. keys, .. sums];
        await session.InsertAsync(table, columns, [.. all[false]], values);
        await session.InsertAsync(
            table, columns, [.. all[true]], values,
            $"on conflict({string.Join(", ", keys)}) do update set {string.Join(", ", sums.Select(sum => $"{sum} = {table}.{sum} + excluded.{sum}"))}");
    }

    private sealed record MetRow(string Organisation, string Month);
}

/// <summary>What rated usage is added up by.</summary>
internal sealed record DayKey(string Day, string Seller, string Channel, string Model, string Currency);
