using Dogana.Authority;
using Dogana.Billing.Accruing;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>What accruals made of a meter's usage.</summary>
/// <param name="Meter">The meter's name.</param>
/// <param name="Reason">Why it was not charged; null for what was rated.</param>
/// <param name="Events">How many records.</param>
/// <param name="Quantity">Units.</param>
public sealed record AccruedQuantity(string Meter, string? Reason, long Events, long Quantity);

/// <summary>What a customer's usage of a day costs by the prices in force.</summary>
/// <param name="Day">The day's first instant, UTC.</param>
/// <param name="Model">The model.</param>
/// <param name="Meter">The meter's name.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Cost">Exact.</param>
public sealed record DayCost(DateTimeOffset Day, string Model, string Meter, long Quantity, Money Cost);

/// <summary>Sums over what accruals have rated and could not rate.</summary>
public static class AccruedQuantities
{
    /// <summary>The ingest sequence up to which usage was read.</summary>
    public static Task<long> ReadMarkAsync(StoreSession session) => RatedRows.ReadMarkAsync(session);

    /// <summary>What was rated, and what was not and why, of usage of a time.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="from">The first instant, at a full hour; null for the very first.</param>
    /// <param name="to">The first instant after it, at a full hour; null for no end.</param>
    public static async Task<IReadOnlyList<AccruedQuantity>> SumQuantitiesAsync(StoreSession session, DateTimeOffset? from, DateTimeOffset? to)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<QuantityRow>(
            """
            select meter as Meter, null as Reason, cast(sum(records) as bigint) as Events, cast(sum(quantity) as bigint) as Quantity
            from rated_line where hour >= @from and hour < @to and is_resale = 0 group by meter
            union all
            select meter as Meter, reason as Reason, count(*) as Events, cast(sum(quantity) as bigint) as Quantity
            from unrated where event_at >= @from and event_at < @to and rated_by is null group by meter, reason
            order by 1, 2
            """, new { from = from?.ToMicros() ?? long.MinValue, to = to?.ToMicros() ?? long.MaxValue });
        return [.. rows.Select(static row => new AccruedQuantity(row.Meter, row.Reason, row.Events, row.Quantity))];
    }

    /// <summary>What resellers' end customers were charged for, and what they were not and why, of usage of a time; as the other.</summary>
    public static async Task<IReadOnlyList<AccruedQuantity>> SumRetailAsync(StoreSession session, DateTimeOffset? from, DateTimeOffset? to)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<QuantityRow>(
            """
            select meter as Meter, null as Reason, cast(sum(records) as bigint) as Events, cast(sum(quantity) as bigint) as Quantity
            from rated_line where hour >= @from and hour < @to and is_resale = 1 group by meter
            union all
            select meter as Meter, reason as Reason, count(*) as Events, cast(sum(quantity) as bigint) as Quantity
            from unrated_retail where event_at >= @from and event_at < @to group by meter, reason
            order by 1, 2
            """, new { from = from?.ToMicros() ?? long.MinValue, to = to?.ToMicros() ?? long.MaxValue });
        return [.. rows.Select(static row => new AccruedQuantity(row.Meter, row.Reason, row.Events, row.Quantity))];
    }

    /// <summary>What usage cost by day, model and meter; of a reach only.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The first instant after it.</param>
    /// <param name="width">How long a day is: spans of this length from <paramref name="from"/> on.</param>
    /// <param name="reach">Whose.</param>
    public static async Task<IReadOnlyList<DayCost>> SumCostsAsync(StoreSession session, DateTimeOffset from, DateTimeOffset to, TimeSpan width, Reach reach)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        var rows = await session.QueryAsync<CostRow>(
            $"""
            select (hour - @from) / @width as Day, model as Model, meter as Meter, currency as Currency, cast(sum(quantity) as bigint) as Quantity,
                cast(sum(micro) as bigint) as Micro, cast(sum(pico) as bigint) as Pico
            from rated_line where hour >= @from and hour < @to and is_resale = 0 and {reach.Condition(session, "organisation", "channel")}
            group by (hour - @from) / @width, model, meter, currency order by 1, 2, 3, 4
            """,
            new
            {
                from = from.ToMicros(), to = to.ToMicros(), width = width.Ticks / TimeSpan.TicksPerMicrosecond,
                Organisations = reach.Organisations(session), Channels = reach.Channels(session),
            });
        return [.. rows.Select(row => new DayCost(from + row.Day * width, row.Model, row.Meter, row.Quantity, Money.FromParts(row.Micro, row.Pico, Currency.Of(row.Currency))))];
    }

    private sealed class QuantityRow
    {
        public string Meter { get; init; } = "";

        public string? Reason { get; init; }

        public long Events { get; init; }

        public long Quantity { get; init; }
    }

    private sealed class CostRow
    {
        public long Day { get; init; }

        public string Model { get; init; } = "";

        public string Meter { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Quantity { get; init; }

        public long Micro { get; init; }

        public long Pico { get; init; }
    }
}
