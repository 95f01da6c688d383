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
        if (lines.Count > 0)
        {
            foreach (var row in await ReadAsync(session, [.. lines.Select(static line => line.Contract).Distinct(StringComparer.Ordinal)], [.. lines.Select(static line => line.PeriodStart).Distinct()]))
            {
                totals._totals[row.Key] = row;
            }
        }

        return totals;
    }

    /// <summary>The totals of one contract's period.</summary>
    public static Task<IReadOnlyList<Total>> ReadAsync(StoreSession session, string contract, long periodStart) => ReadAsync(session, [contract], [periodStart]);

    private static async Task<IReadOnlyList<Total>> ReadAsync(StoreSession session, string[] contracts, long[] periods)
    {
        var rows = await session.QueryAsync<Row>(
            $"""
            select contract as Contract, period_start as PeriodStart, model as Model, meter as Meter, price_book as PriceBook, price_from as PriceFrom, price_key as PriceKey, quantity as Quantity,
                micro as Micro, pico as Pico
            from rated_total where {session.IsOneOf("contract", "contracts")} and {session.IsOneOf("period_start", "periods")}
            """, new { contracts = session.List(contracts), periods = session.List(periods) });
        return [.. rows.Select(static row => new Total(
            new TotalKey(row.Contract, row.PeriodStart, row.Model, row.Meter, row.PriceBook, row.PriceFrom, row.PriceKey), row.Quantity, row.Micro, row.Pico))];
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
    public Task StoreAsync(StoreSession session) => session.InsertAsync(
        "rated_total", ["contract", "period_start", "model", "meter", "price_book", "price_from", "price_key", "quantity", "micro", "pico"],
        [.. _totals.Values.Where(static total => total.IsChanged)],
        static total => [total.Key.Contract, total.Key.PeriodStart, total.Key.Model, total.Key.Meter, total.Key.PriceBook, total.Key.PriceFrom, total.Key.PriceKey, total.Quantity, total.Micro, total.Pico],
        """
        on conflict(contract, period_start, model, meter, price_book, price_from, price_key)
            do update set quantity = excluded.quantity, micro = excluded.micro, pico = excluded.pico
        """);

    /// <summary>One price's total.</summary>
    internal sealed record Total(TotalKey Key, long Quantity, long Micro, long Pico)
    {
        public bool IsChanged { get; init; }
    }

    private sealed record Row(string Contract, long PeriodStart, string Model, string Meter, string PriceBook, long PriceFrom, string PriceKey, long Quantity, long Micro, long Pico);
}
