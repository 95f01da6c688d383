using System.Globalization;
using Dogana.Billing;
using Dogana.Storage;

namespace Dogana.Insight.Revenue;

/// <summary>Compares the roll-up with the documents, month by month and line by line, without ever holding more than a month's customers.</summary>
internal static class RollupVerification
{
    private const int DocumentsAtOnce = 1_000;

    public static async Task<IReadOnlyList<string>> RunAsync(StoreSession session)
    {
        var faults = new List<string>();
        var months = await session.QueryAsync<string>("select distinct month from revenue_model union select distinct month from revenue_month order by 1");
        var series = await FinalDocuments.ReadSeriesAsync(session);
        foreach (var one in series)
        {
            var mark = await RevenueRows.ReadMarkAsync(session, RevenueRollup.MarkOf(one));
            if (mark != one.Last)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{EnumWords.Of(one.Kind)}s of {one.Seller}: {mark} of {one.Last} are added up. Run 'dogana insight rebuild', or wait for the server to catch up."));
            }
        }

        foreach (var month in months)
        {
            faults.AddRange(await CompareCustomersAsync(session, month));
        }

        faults.AddRange(await CompareLinesAsync(session, series));
        faults.AddRange(await CompareLevelsAsync(session));
        return faults;
    }

    // By the documents' own sums: nothing of this goes through their lines.
    private static async Task<IEnumerable<string>> CompareCustomersAsync(StoreSession session, string month)
    {
        if (!BillingMonth.Parse(month).TryGet(out var wanted, out _))
        {
            return [$"'{month}' is no month."];
        }

        var documents = (await FinalDocuments.SumAsync(session, wanted)).ToDictionary(static sum => (sum.Seller, sum.Organisation, sum.Channel, sum.Net.Currency.Code), static sum => sum.Net.Micro);
        var rows = (await session.QueryAsync<CustomerRow>(
            """
            select seller as Seller, organisation as Organisation, channel as Channel, currency as Currency, cast(sum(micro) as bigint) as Micro
            from revenue_month where month = @month group by seller, organisation, channel, currency
            """, new { month })).ToDictionary(static row => (row.Seller, row.Organisation, row.Channel, row.Currency), static row => row.Micro);
        return documents.Keys.Union(rows.Keys).Where(key => documents.GetValueOrDefault(key) != rows.GetValueOrDefault(key))
            .Select(key => $"{month}, {key.Seller} to {key.Organisation} on {key.Channel} in {key.Item4}: the roll-up has {Text(rows.GetValueOrDefault(key))}, the documents {Text(documents.GetValueOrDefault(key))}.");
    }

    private static async Task<IEnumerable<string>> CompareLinesAsync(StoreSession session, IReadOnlyList<DocumentSeries> series)
    {
        var lines = new RevenueCells();
        foreach (var one in series)
        {
            var last = await RevenueRows.ReadMarkAsync(session, RevenueRollup.MarkOf(one));
            for (var after = 0L; after < last;)
            {
                var page = await FinalDocuments.ReadAfterAsync(session, one.Seller, one.Kind, after, DocumentsAtOnce);
                if (page.Count == 0)
                {
                    break;
                }

                var cells = new RevenueCells();
                foreach (var (_, document) in page.Where(item => item.Sequence <= last))
                {
                    cells.Add(document);
                }

                foreach (var (key, (micro, quantity)) in cells.Rows)
                {
                    lines.Add(key with { Organisation = "" }, micro, quantity); // customers are compared by themselves
                }

                after = page[^1].Sequence;
            }
        }

        var rows = (await session.QueryAsync<LineRow>(
            """
            select month as Month, service_month as ServiceMonth, seller as Seller, channel as Channel, model as Model, kind as Kind, currency as Currency,
                cast(sum(micro) as bigint) as Micro, cast(sum(quantity) as bigint) as Quantity
            from revenue_month group by month, service_month, seller, channel, model, kind, currency
            """)).ToDictionary(static row => new RevenueKey(row.Month, row.ServiceMonth, row.Seller, "", row.Channel, row.Model, row.Kind, row.Currency), static row => (row.Micro, row.Quantity));
        return lines.Rows.Keys.Union(rows.Keys).Where(key => lines.Rows.GetValueOrDefault(key) != rows.GetValueOrDefault(key))
            .Select(key => $"{key.Month} for {key.ServiceMonth}, {key.Seller} on {key.Channel}, {key.Model} {key.Kind} in {key.Currency}: the roll-up has {Text(rows.GetValueOrDefault(key).Micro)}, the lines {Text(lines.Rows.GetValueOrDefault(key).Micro)}.");
    }

    private static async Task<IEnumerable<string>> CompareLevelsAsync(StoreSession session)
    {
        var faults = new List<string>();
        foreach (var (table, keys) in new[] { ("revenue_customer", "month, seller, organisation, channel, currency"), ("revenue_model", "month, seller, channel, model, kind, currency") })
        {
            var wanted = $"select {keys}, cast(sum(micro) as bigint) from revenue_month where kind <> '{RevenueCells.Prepayment}' group by {keys}";
            var present = $"select {keys}, micro from {table}";
            if (await session.ScalarAsync<long>($"select count(*) from (select * from ({wanted} except {present}) a union all select * from ({present} except {wanted}) b) c") is > 0 and var count)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{table}: {count} sums are not those of revenue_month. Run 'dogana insight rebuild'."));
            }
        }

        return faults;
    }

    private static string Text(long micro) => (micro / 1_000_000m).ToString("0.00####", CultureInfo.InvariantCulture);

    // Not positional records: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class CustomerRow
    {
        public string Seller { get; init; } = "";

        public string Organisation { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }
    }

    private sealed class LineRow
    {
        public string Month { get; init; } = "";

        public string ServiceMonth { get; init; } = "";

        public string Seller { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Model { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }

        public long Quantity { get; init; }
    }
}
