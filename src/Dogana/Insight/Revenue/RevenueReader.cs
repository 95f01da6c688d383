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
/// Sums of the roll-up for a scope. What is in the report's currency is summed by the store over all months; the rest month by month, because each month has its rate.
/// Asks the smallest table that knows what is asked.
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
    /// <param name="organisation">Of one customer; null for all.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public async Task<IReadOnlyList<RevenueSum>> SumAsync(BillingMonth from, BillingMonth to, RevenueAxes axes, string? organisation = null)
    {
        var own = await QueryAsync(from, to, axes, organisation, "currency = @currency");
        var foreign = await QueryAsync(from, to, axes | RevenueAxes.Month, organisation, "currency <> @currency");
        var sums = own.Select(row => Sum(row, Money.FromParts(row.Micro, 0, scope.Currency)));
        return foreign.Count == 0
            ? [.. sums]
            : [.. sums.Concat(foreign.Select(row => Sum(row, Converted(row)) with { Month = axes.HasFlag(RevenueAxes.Month) ? row.Month : "" }))
                .GroupBy(static sum => (sum.Organisation, sum.Channel, sum.Model, sum.Kind, sum.Month))
                .Select(static group => group.Aggregate(static (left, right) => left with { Amount = left.Amount + right.Amount, Quantity = left.Quantity + right.Quantity }))];
    }

    /// <summary>Sums by month and currency as they were invoiced, for what is to be converted in more than one way.</summary>
    public async Task<IReadOnlyList<(BillingMonth Month, Money Amount)>> SumUnconvertedAsync(BillingMonth from, BillingMonth to) =>
        [.. (await QueryAsync(from, to, RevenueAxes.Month, null, "1 = 1")).Select(static row => (BillingMonth.Parse(row.Month).Value, Money.FromParts(row.Micro, 0, Currency.Of(row.Currency))))];

    private static RevenueSum Sum(Row row, Money amount) => new(row.Organisation, row.Channel, row.Model, row.Kind, row.Month, amount, row.Quantity);

    private Money Converted(Row row) => scope.Convert(Money.FromParts(row.Micro, 0, Currency.Of(row.Currency)), BillingMonth.Parse(row.Month).Value);

    private Task<IReadOnlyList<Row>> QueryAsync(BillingMonth from, BillingMonth to, RevenueAxes axes, string? organisation, string currencies)
    {
        var needsCustomers = axes.HasFlag(RevenueAxes.Organisation) || organisation is not null;
        var needsModels = (axes & (RevenueAxes.Model | RevenueAxes.Kind)) != RevenueAxes.None || scope.Models is not null;
        var table = scope.IsByService || (needsCustomers && needsModels) ? "revenue_month" : needsCustomers ? "revenue_customer" : "revenue_model";
        var month = scope.IsByService ? "service_month" : "month";
        var groups = Columns.Where(column => axes.HasFlag(column.Axis)).Select(static column => (column.Column, Name: column.Axis.ToString()))
            .Concat(axes.HasFlag(RevenueAxes.Month) ? [(month, "Month")] : []).ToArray();
        string[] conditions =
        [
            $"{month} >= @from and {month} <= @to", currencies, session.IsOneOf("seller", "sellers"),
            .. scope.Request.Channel is null ? [] : new[] { "channel = @Channel" },
            .. scope.Models is null ? [] : new[] { session.IsOneOf("model", "models") },
            .. organisation is null ? [] : new[] { "organisation = @organisation" },
            .. table == "revenue_month" ? [$"kind <> '{RevenueCells.Prepayment}'"] : Array.Empty<string>(),
        ];
        return session.QueryAsync<Row>(
            $"""
            select {string.Concat(groups.Select(static group => $"{group.Item1} as {group.Name}, "))}currency as Currency, cast(sum(micro) as bigint) as Micro
                {(table == "revenue_customer" ? "" : ", cast(sum(quantity) as bigint) as Quantity")}
            from {table} where {string.Join(" and ", conditions)}
            group by {string.Concat(groups.Select(static group => $"{group.Item1}, "))}currency
            """,
            new
            {
                from = from.ToString(), to = to.ToString(), currency = scope.Currency.Code, sellers = session.List([.. scope.Sellers]), scope.Request.Channel,
                models = session.List([.. scope.Models ?? []]), organisation,
            });
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
