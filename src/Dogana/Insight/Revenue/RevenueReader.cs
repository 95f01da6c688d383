using System.Data.Common;
using Dogana.Billing;
using Dogana.Storage;

namespace Dogana.Insight.Revenue;

/// <summary>What revenue is summed by; months only where they are asked for.</summary>
[Flags]
internal enum RevenueAxes
{
    None = 0,
    Organisation = 1,
    Channel = 2,
    Model = 4,
    Kind = 8,
    Month = 16,
}

/// <summary>A sum of revenue in the report's currency; what it was not summed by is empty.</summary>
internal sealed record RevenueSum(string Organisation, string Channel, string Model, string Kind, string Month, Money Amount, long Quantity);

/// <summary>
/// Sums of the roll-up for a scope, each month at its rate: what knows no customers is asked of the smallest table; what does, of the customers' rows of each year. Reports on all customers go through
/// them by <see cref="CustomerScan"/>, which holds none.
/// </summary>
internal sealed class RevenueReader(StoreSession session, ReportScope scope)
{
    private static readonly (RevenueAxes Axis, string Column)[] Columns =
        [(RevenueAxes.Organisation, "organisation"), (RevenueAxes.Channel, "channel"), (RevenueAxes.Model, "model"), (RevenueAxes.Kind, "kind")];

    /// <summary>The scope.</summary>
    public ReportScope Scope => scope;

    /// <summary>The transaction.</summary>
    public StoreSession Session => session;

    /// <summary>Sums of some months, both included.</summary>
    /// <param name="from">The first month.</param>
    /// <param name="to">The last month.</param>
    /// <param name="axes">By what.</param>
    /// <param name="organisations">Of these customers; null for all.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public async Task<IReadOnlyList<RevenueSum>> SumAsync(BillingMonth from, BillingMonth to, RevenueAxes axes, IReadOnlyCollection<string>? organisations = null)
    {
        var rows = axes.HasFlag(RevenueAxes.Organisation) || organisations is not null
            ? await QueryCustomersAsync(from, to, axes, organisations)
            : await QueryAsync(from, to, axes);
        return
        [
            .. rows.GroupBy(row => (row.Organisation, row.Channel, row.Model, row.Kind, Month: axes.HasFlag(RevenueAxes.Month) ? row.Month : "")).Select(group => new RevenueSum(
                group.Key.Organisation, group.Key.Channel, group.Key.Model, group.Key.Kind, group.Key.Month,
                Money.Sum(group.GroupBy(static row => (row.Month, row.Currency)).Select(Converted), scope.Currency), group.Sum(static row => row.Quantity))),
        ];
    }

    /// <summary>Sums by month and currency as they were invoiced, for what is to be converted in more than one way.</summary>
    public async Task<IReadOnlyList<(BillingMonth Month, Money Amount)>> SumUnconvertedAsync(BillingMonth from, BillingMonth to) =>
        [.. (await QueryAsync(from, to, RevenueAxes.None)).Select(static row => (BillingMonth.Parse(row.Month).Value, Money.FromParts(row.Micro, 0, Currency.Of(row.Currency))))];

    /// <summary>What every question to the roll-up's tables has in common.</summary>
    internal static string Conditions(StoreSession session, ReportScope scope) =>
        session.IsOneOf("seller", "sellers") + (scope.Request.Channel is null ? "" : " and channel = @Channel") + (scope.Models is null ? "" : " and " + session.IsOneOf("model", "models"));

    private Money Converted(IGrouping<(string Month, string Currency), Row> rows) =>
        scope.Convert(Money.FromParts(rows.Sum(static row => row.Micro), 0, Currency.Of(rows.Key.Currency)), BillingMonth.Parse(rows.Key.Month).Value);

    private Task<IReadOnlyList<Row>> QueryAsync(BillingMonth from, BillingMonth to, RevenueAxes axes)
    {
        var month = scope.IsByService ? "service_month" : "month";
        var groups = Groups(axes);
        return session.QueryAsync<Row>(
            $"""
            select {string.Concat(groups.Select(static group => $"{group.Column} as {group.Axis}, "))}{month} as Month, currency as Currency, cast(sum(micro) as bigint) as Micro,
                cast(sum(quantity) as bigint) as Quantity
            from revenue_model where {month} >= @from and {month} <= @to and {Conditions(session, scope)}
            group by {string.Concat(groups.Select(static group => $"{group.Column}, "))}{month}, currency
            """,
            new { from = from.ToString(), to = to.ToString(), sellers = session.List([.. scope.Sellers]), scope.Request.Channel, models = session.List([.. scope.Models ?? []]) });
    }

    private async Task<IReadOnlyList<Row>> QueryCustomersAsync(BillingMonth from, BillingMonth to, RevenueAxes axes, IReadOnlyCollection<string>? organisations)
    {
        var hasModels = (axes & (RevenueAxes.Model | RevenueAxes.Kind)) != RevenueAxes.None || scope.Models is not null;
        var groups = Groups(axes);
        var keys = string.Concat(groups.Select(static group => $"{group.Column}, "));
        var rows = new List<Row>();
        for (var year = from.Year; year <= to.Year; year++)
        {
            var (first, last) = YearCells.Within(year, from, to)!.Value;
            var sums = YearCells.Micros.Concat(hasModels ? YearCells.Quantities : []).Select(static column => $", cast(sum({column}) as bigint)");
            await session.ReadEachAsync(
                $"""
                select {keys}currency{string.Concat(sums)}
                from {(hasModels ? "revenue_year" : "revenue_customer")} join revenue_party on revenue_party.number = party
                where year = @year {(scope.IsByService ? "" : "and is_shift = 0")} and {Conditions(session, scope)} {(hasModels ? $"and kind <> '{RevenueCells.Prepayment}'" : "")}
                    {(organisations is null ? "" : "and " + session.IsOneOf("organisation", "organisations"))}
                group by {keys}currency
                """,
                new
                {
                    year = (long)year, sellers = session.List([.. scope.Sellers]), scope.Request.Channel, models = session.List([.. scope.Models ?? []]), organisations = session.List([.. organisations ?? []]),
                },
                reader => rows.AddRange(Months(reader, groups, year, first, last, hasModels)));
        }

        return rows;
    }

    private static (RevenueAxes Axis, string Column)[] Groups(RevenueAxes axes) => [.. Columns.Where(column => axes.HasFlag(column.Axis))];

    private static IEnumerable<Row> Months(DbDataReader reader, (RevenueAxes Axis, string Column)[] groups, int year, int first, int last, bool hasQuantities)
    {
        var amounts = groups.Length + 1;
        for (var month = first; month <= last; month++)
        {
            var (micro, quantity) = (reader.GetInt64(amounts + month - 1), hasQuantities ? reader.GetInt64(amounts + YearCells.Months + month - 1) : 0);
            if (micro != 0 || quantity != 0)
            {
                yield return new Row
                {
                    Organisation = Key(RevenueAxes.Organisation), Channel = Key(RevenueAxes.Channel), Model = Key(RevenueAxes.Model), Kind = Key(RevenueAxes.Kind),
                    Month = new BillingMonth(year, month).ToString(), Currency = reader.GetString(amounts - 1), Micro = micro, Quantity = quantity,
                };
            }
        }

        string Key(RevenueAxes axis) => Array.FindIndex(groups, group => group.Axis == axis) is >= 0 and var place ? reader.GetString(place) : "";
    }

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class Row
    {
        public string Organisation { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Model { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Month { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }

        public long Quantity { get; init; }
    }
}
