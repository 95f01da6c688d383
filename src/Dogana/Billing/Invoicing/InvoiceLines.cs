using Dogana.Catalog;
using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>A line before it is written: the exact sum of rated lines of one model, meter, price and month of use.</summary>
internal sealed record InvoiceLine(BillingMonth ServiceMonth, string Model, string Meter, long Quantity, decimal UnitPrice, long Per, Money Exact)
{
    public Money Amount => Exact.Round();

    public InvoiceDocumentLine ToDocument(int position, string zone) => new(
        position, "usage", ServiceMonth.ToString(), ServiceMonth.Start(zone), ServiceMonth.End(zone), Exact.ToAmountText(), Amount.ToAmountText(), "O", "0")
    {
        Model = Model,
        Meter = Meter,
        Quantity = Quantity,
        PriceKind = "unit",
        UnitPrice = DocumentText.Price(UnitPrice),
        Per = Per,
    };
}

/// <summary>Adds up rated lines in the store, exactly: micro-units and the pico rest apart.</summary>
internal static class InvoiceLines
{
    private const string Sums = """
        select model as Model, meter as Meter, price_micro as PriceMicro, price_pico as PricePico, per as Per, cast(sum(quantity) as bigint) as Quantity,
            cast(sum(micro) as bigint) as Micro, cast(sum(pico) as bigint) as Pico
        from rated_line
        """;

    private const string Grouped = "group by model, meter, price_micro, price_pico, per";

    private const string Group = "invoice is null and seller = @Seller and organisation = @Organisation and channel = @Channel and currency = @Currency";

    /// <summary>The lines of what was used before <paramref name="end"/> and is on no invoice.</summary>
    public static async Task<IReadOnlyList<InvoiceLine>> ReadOpenAsync(StoreSession session, InvoiceGroup group, string zone, DateTimeOffset end)
    {
        var first = await session.ScalarAsync<long?>(
            $"select min(event_at) from rated_line where {Group} and event_at < @end",
            new { group.Seller, group.Organisation, group.Channel, group.Currency, end = end.ToMicros() });
        return first is null ? [] : await ReadMonthsAsync(zone, StoredTime.FromMicros(first.Value), end, (start, stop) => session.QueryAsync<SumRow>(
            $"{Sums} where {Group} and event_at >= @start and event_at < @stop {Grouped}",
            new { group.Seller, group.Organisation, group.Channel, group.Currency, start, stop }), Currency.Of(group.Currency));
    }

    /// <summary>The lines of what an invoice charged.</summary>
    public static async Task<IReadOnlyList<InvoiceLine>> ReadInvoicedAsync(StoreSession session, string invoice, string zone, Currency currency)
    {
        var bounds = await session.QueryAsync<BoundsRow>(
            "select coalesce(min(event_at), 0) as First, coalesce(max(event_at), 0) as Last from rated_line where invoice = @invoice having count(*) > 0", new { invoice });
        return bounds.Count == 0 ? [] : await ReadMonthsAsync(
            zone, StoredTime.FromMicros(bounds[0].First), StoredTime.FromMicros(bounds[0].Last + 1), (start, stop) => session.QueryAsync<SumRow>(
                $"{Sums} where invoice = @invoice and event_at >= @start and event_at < @stop {Grouped}", new { invoice, start, stop }), currency);
    }

    /// <summary>Numbers on rated lines that no invoice has.</summary>
    public static Task<IReadOnlyList<string>> ReadUnknownInvoicesAsync(StoreSession session) => session.QueryAsync<string>(
        "select distinct invoice from rated_line where invoice is not null and invoice not in (select number from invoice) order by invoice");

    /// <summary>Puts what <see cref="ReadOpenAsync"/> added up onto an invoice.</summary>
    public static Task<int> MarkAsync(StoreSession session, InvoiceGroup group, DateTimeOffset end, string invoice) => session.ExecuteAsync(
        $"update rated_line set invoice = @invoice where {Group} and event_at < @end",
        new { group.Seller, group.Organisation, group.Channel, group.Currency, end = end.ToMicros(), invoice });

    private static async Task<IReadOnlyList<InvoiceLine>> ReadMonthsAsync(
        string zone, DateTimeOffset first, DateTimeOffset end, Func<long, long, Task<IReadOnlyList<SumRow>>> read, Currency currency)
    {
        var lines = new List<InvoiceLine>();
        for (var month = BillingMonth.Of(first, zone); month.Start(zone) < end; month = month.Next)
        {
            var stop = month.End(zone) < end ? month.End(zone) : end;
            var sums = await read(month.Start(zone).ToMicros(), stop.ToMicros());
            lines.AddRange(sums.Select(row => row.ToLine(month, currency)));
        }

        return [.. lines.OrderBy(static line => line.ServiceMonth).ThenBy(static line => line.Model, StringComparer.Ordinal).ThenBy(static line => MeterNames.Find(line.Meter))
            .ThenBy(static line => line.UnitPrice).ThenBy(static line => line.Per)];
    }

    private sealed class BoundsRow
    {
        public long First { get; init; }

        public long Last { get; init; }
    }

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class SumRow
    {
        public string Model { get; init; } = "";

        public string Meter { get; init; } = "";

        public long PriceMicro { get; init; }

        public long PricePico { get; init; }

        public long Per { get; init; }

        public long Quantity { get; init; }

        public long Micro { get; init; }

        public long Pico { get; init; }

        public InvoiceLine ToLine(BillingMonth month, Currency currency) => new(
            month, Model, Meter, Quantity, Money.FromParts(PriceMicro, PricePico, default).Amount, Per, Money.FromParts(Micro, Pico, currency));
    }
}
