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
        var series = await FinalDocuments.ReadSeriesAsync(session);
        foreach (var one in series)
        {
            var mark = await RevenueRows.ReadMarkAsync(session, RevenueRollup.MarkOf(one));
            if (mark != one.Last)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{EnumWords.Of(one.Kind)}s of {one.Seller}: {mark} of {one.Last} are added up. Run 'dogana insight rebuild', or wait for the server to catch up."));
            }
        }

        var lines = await ReadLinesAsync(session, series);
        var years = await session.QueryAsync<long>("select distinct year from revenue_year");
        var months = years.SelectMany(static year => Enumerable.Range(1, YearCells.Months).Select(month => new BillingMonth((int)year, month)))
            .Union(lines.Rows.Keys.Select(static key => BillingMonth.Parse(key.Month).Value)).Order();
        foreach (var month in months)
        {
            faults.AddRange(await CompareCustomersAsync(session, month));
        }

        faults.AddRange(await CompareLinesAsync(session, lines));
        faults.AddRange(await CompareModelsAsync(session, lines));
        faults.AddRange(await CompareLevelsAsync(session));
        return faults;
    }

    // By the documents' own sums: nothing of this goes through their lines.
    private static async Task<IEnumerable<string>> CompareCustomersAsync(StoreSession session, BillingMonth month)
    {
        var documents = (await FinalDocuments.SumAsync(session, month)).ToDictionary(static sum => (sum.Seller, sum.Organisation, sum.Channel, sum.Net.Currency.Code), static sum => sum.Net.Micro);
        var rows = (await session.QueryAsync<CustomerRow>(
            $"""
            select seller as Seller, organisation as Organisation, channel as Channel, currency as Currency, cast(sum({YearCells.Micros[month.Month - 1]}) as bigint) as Micro
            from revenue_year join revenue_party on revenue_party.number = party where year = @year and is_shift = 0 group by seller, organisation, channel, currency
            """, new { year = (long)month.Year })).ToDictionary(static row => (row.Seller, row.Organisation, row.Channel, row.Currency), static row => row.Micro);
        return documents.Keys.Union(rows.Keys).Where(key => documents.GetValueOrDefault(key) != rows.GetValueOrDefault(key))
            .Select(key => $"{month}, {key.Seller} to {key.Organisation} on {key.Channel} in {key.Item4}: the roll-up has {Text(rows.GetValueOrDefault(key))}, the documents {Text(documents.GetValueOrDefault(key))}.");
    }

    // All lines that are added up, without their customers: those are compared by themselves.
    private static async Task<RevenueCells> ReadLinesAsync(StoreSession session, IReadOnlyList<DocumentSeries> series)
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
                    lines.Add(key with { Organisation = "" }, micro, quantity);
                }

                after = page[^1].Sequence;
            }
        }

        return lines;
    }

    // By document month in the rows as they were invoiced, by service month in those together with what moves them.
    private static async Task<IEnumerable<string>> CompareLinesAsync(StoreSession session, RevenueCells lines)
    {
        var faults = new List<string>();
        foreach (var isByService in (bool[])[false, true])
        {
            var wanted = new RevenueCells();
            foreach (var (key, (micro, quantity)) in lines.Rows)
            {
                var month = isByService ? key.ServiceMonth : key.Month;
                wanted.Add(key with { Month = month, ServiceMonth = month }, micro, quantity);
            }

            var present = new RevenueCells();
            await session.ReadEachAsync(
                $"""
                select year, seller, channel, model, kind, currency{string.Concat(YearCells.Micros.Concat(YearCells.Quantities).Select(static column => $", cast(sum({column}) as bigint)"))}
                from revenue_year {(isByService ? "" : "where is_shift = 0")} group by year, seller, channel, model, kind, currency
                """,
                parameters: null,
                reader =>
                {
                    for (var month = 0; month < YearCells.Months; month++)
                    {
                        var name = new BillingMonth((int)reader.GetInt64(0), month + 1).ToString();
                        present.Add(
                            new RevenueKey(name, name, reader.GetString(1), "", reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5)),
                            reader.GetInt64(6 + month), reader.GetInt64(6 + YearCells.Months + month));
                    }
                });
            faults.AddRange(Differences(wanted, present).Select(key =>
                $"{key.Month} by {(isByService ? "service month" : "document month")}, {key.Seller} on {key.Channel}, {key.Model} {key.Kind} in {key.Currency}: the roll-up has {Text(present.Rows.GetValueOrDefault(key).Micro)}, the lines {Text(wanted.Rows.GetValueOrDefault(key).Micro)}."));
        }

        return faults;
    }

    private static async Task<IEnumerable<string>> CompareModelsAsync(StoreSession session, RevenueCells lines)
    {
        var (wanted, present) = (new RevenueCells(), new RevenueCells());
        foreach (var (key, (micro, quantity)) in lines.Rows.Where(static line => line.Key.Kind != RevenueCells.Prepayment))
        {
            wanted.Add(key, micro, quantity);
        }

        await session.ReadEachAsync(
            "select month, service_month, seller, channel, model, kind, currency, micro, quantity from revenue_model", parameters: null,
            reader => present.Add(
                new RevenueKey(reader.GetString(0), reader.GetString(1), reader.GetString(2), "", reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6)),
                reader.GetInt64(7), reader.GetInt64(8)));
        return Differences(wanted, present).Select(key =>
            $"{key.Month} for {key.ServiceMonth}, {key.Seller} on {key.Channel}, {key.Model} {key.Kind} in {key.Currency}: the models' sums have {Text(present.Rows.GetValueOrDefault(key).Micro)}, the lines {Text(wanted.Rows.GetValueOrDefault(key).Micro)}.");
    }

    private static async Task<IEnumerable<string>> CompareLevelsAsync(StoreSession session)
    {
        const string keys = "year, party, is_shift, seller, channel, currency";
        var wanted = $"select {keys}{string.Concat(YearCells.Micros.Select(static month => $", cast(sum({month}) as bigint)"))} from revenue_year where kind <> '{RevenueCells.Prepayment}' group by {keys}";
        var present = $"select {keys}, {string.Join(", ", YearCells.Micros)} from revenue_customer";
        return await session.ScalarAsync<long>($"select count(*) from (select * from ({wanted} except {present}) a union all select * from ({present} except {wanted}) b) c") is > 0 and var count
            ? [string.Create(CultureInfo.InvariantCulture, $"revenue_customer: {count} sums are not those of revenue_year. Run 'dogana insight rebuild'.")]
            : [];
    }

    private static IEnumerable<RevenueKey> Differences(RevenueCells wanted, RevenueCells present) =>
        wanted.Rows.Keys.Union(present.Rows.Keys).Where(key => wanted.Rows.GetValueOrDefault(key) != present.Rows.GetValueOrDefault(key));

    private static string Text(long micro) => (micro / 1_000_000m).ToString("0.00####", CultureInfo.InvariantCulture);

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class CustomerRow
    {
        public string Seller { get; init; } = "";

        public string Organisation { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }
    }
}
