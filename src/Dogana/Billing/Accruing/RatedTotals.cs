using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>How much of a period's quantity each price that goes by it has seen, and what that costs.</summary>
internal sealed class RatedTotals
{
    private readonly Dictionary<TotalKey, Total> _totals = [];

    /// <summary>The totals that lines add to.</summary>
    public static async Task<RatedTotals> ReadAsync(StoreSession session, IReadOnlyList<LineKey> lines)
    {
        var totals = new RatedTotals();
        foreach (var period in lines.GroupBy(static line => (line.Contract, line.PeriodStart)))
        {
            foreach (var row in await ReadAsync(session, period.Key.Contract, period.Key.PeriodStart))
            {
                totals._totals[row.Key] = row with { IsStored = true };
            }
        }

        return totals;
    }

    /// <summary>The totals of one contract's period.</summary>
    public static async Task<IReadOnlyList<Total>> ReadAsync(StoreSession session, string contract, long periodStart)
    {
        var rows = await session.QueryAsync<Row>(
            """
            select model as Model, meter as Meter, price_book as PriceBook, price_from as PriceFrom, price_key as PriceKey, quantity as Quantity, micro as Micro, pico as Pico
            from rated_total where contract = @contract and period_start = @periodStart
            """, new { contract, periodStart });
        return [.. rows.Select(row => new Total(new TotalKey(contract, periodStart, row.Model, row.Meter, row.PriceBook, row.PriceFrom, row.PriceKey), row.Quantity, row.Micro, row.Pico))];
    }

    /// <summary>Adds a line, and gives what the period costs more by it; at a price by volume that may be less.</summary>
    public Money Add(TotalKey key, LineSum line, Currency currency)
    {
        var before = _totals.TryGetValue(key, out var found) ? found : new Total(key, 0, 0, 0);
        var quantity = before.Quantity + line.Quantity;
        var cost = line.Price.CostOf(Math.Max(0, quantity), currency);
        _totals[key] = before with { Quantity = quantity, Micro = cost.Micro, Pico = cost.Pico, IsChanged = true };
        return cost - Money.FromParts(before.Micro, before.Pico, currency);
    }

    /// <summary>Writes the totals that changed.</summary>
    public async Task StoreAsync(StoreSession session)
    {
        var changed = _totals.Values.Where(static total => total.IsChanged).ToArray();
        await session.ExecuteAsync(
            """
            update rated_total set quantity = @Quantity, micro = @Micro, pico = @Pico
            where contract = @Contract and period_start = @PeriodStart and model = @Model and meter = @Meter and price_book = @PriceBook and price_from = @PriceFrom and price_key = @PriceKey
            """,
            changed.Where(static total => total.IsStored).Select(static total => new
            {
                total.Quantity, total.Micro, total.Pico, total.Key.Contract, total.Key.PeriodStart, total.Key.Model, total.Key.Meter, total.Key.PriceBook, total.Key.PriceFrom,
                total.Key.PriceKey,
            }));
        await session.InsertAsync(
            "rated_total", ["contract", "period_start", "model", "meter", "price_book", "price_from", "price_key", "quantity", "micro", "pico"],
            [.. changed.Where(static total => !total.IsStored)],
            static total => [total.Key.Contract, total.Key.PeriodStart, total.Key.Model, total.Key.Meter, total.Key.PriceBook, total.Key.PriceFrom, total.Key.PriceKey, total.Quantity, total.Micro, total.Pico]);
    }

    /// <summary>One price's total.</summary>
    internal sealed record Total(TotalKey Key, long Quantity, long Micro, long Pico)
    {
        public bool IsStored { get; init; }

        public bool IsChanged { get; init; }
    }

    private sealed record Row(string Model, string Meter, string PriceBook, long PriceFrom, string PriceKey, long Quantity, long Micro, long Pico);
}
