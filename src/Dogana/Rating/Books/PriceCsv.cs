using System.Globalization;
using Dogana.Catalog;

namespace Dogana.Rating.Books;

/// <summary>Price books as CSV.</summary>
internal static class PriceCsv
{
    private const int FaultsMax = 20;

    private static readonly string[] Columns =
    [
        "book", "name", "currency", "book_kind", "effective_from", "retroactive", "model", "meter", "kind", "service_tier", "prompt_above", "per", "up_to", "amount", "flat",
    ];

    public static string Write(IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions) => CsvTable.Write(Columns,
        from book in books
        from version in versions
        where version.Book == book.Id
        from price in version.Prices
        from tier in price.Tiers.Count > 0 ? price.Tiers : [new PriceTier(null, price.Amount)]
        select (string?[])
        [
            book.Id, book.Name, book.Currency, EnumWords.Of(book.Kind), InstantText.Format(version.EffectiveFrom), version.IsRetroactive ? "true" : "false", price.Model,
            price.Meter.ToName(), EnumWords.Of(price.Kind), EnumWords.Of(price.ServiceTier), Text(price.PromptAbove), Text(price.Per),
            tier.UpTo is { } end ? Text(end) : null, PriceFiles.AmountText(tier.Amount), tier.Flat == 0 ? null : PriceFiles.AmountText(tier.Flat),
        ]);

    public static Outcome<(IReadOnlyList<PriceBook> Books, IReadOnlyList<PriceBookVersion> Versions)> Read(string text)
    {
        if (!CsvTable.Read(text).TryGet(out var table, out var problem))
        {
            return problem;
        }

        if (Columns.FirstOrDefault(column => !table.Columns.Contains(column, StringComparer.Ordinal)) is { } missing)
        {
            return new Problem(ProblemCode.InvalidRequest, $"Line 1: there is no column '{missing}'. The columns are {string.Join(",", Columns)}.", missing);
        }

        var faults = new List<Problem>();
        var rows = new List<Row>();
        foreach (var line in table.Rows)
        {
            if (Read(line).TryGet(out var row, out problem))
            {
                rows.Add(row);
            }
            else
            {
                faults.Add(problem);
            }
        }

        PriceBook[] books = [.. rows.GroupBy(static row => row.Book.Id, StringComparer.Ordinal).Select(group => Same(group, static row => row.Book, "book", faults))];
        PriceBookVersion[] versions =
        [
            .. rows.GroupBy(static row => (row.Book.Id, row.From)).Select(group => new PriceBookVersion(group.Key.Id, group.Key.From, [
                .. group.GroupBy(static row => row.Price).Select(same => Whole(same, faults)),
            ]) { IsRetroactive = Same(group, static row => row.IsRetroactive, "retroactive", faults) }),
        ];
        return faults.Count == 0 ? (books, versions) : new Problem(
            ProblemCode.InvalidRequest,
            string.Join("\n", faults.Take(FaultsMax).Select(static fault => fault.Message)) + (faults.Count > FaultsMax ? string.Create(CultureInfo.InvariantCulture, $"\n{faults.Count - FaultsMax} more.") : ""),
            faults[0].Param);
    }

    // The rows of one price: one, or its tiers in the order of the file.
    private static Price Whole(IGrouping<Price, Row> rows, List<Problem> faults)
    {
        var (price, first) = (rows.Key, rows.First());
        var isTiered = price.Kind is PriceKind.Graduated or PriceKind.Volume;
        if (!isTiered && rows.Skip(1).FirstOrDefault() is { } second)
        {
            faults.Add(second.Line.Fault("meter", "is priced twice. Keep one line, or give one a service_tier or prompt_above."));
        }

        if (!isTiered && (first.Tier.UpTo is not null || first.Tier.Flat != 0))
        {
            faults.Add(first.Line.Fault(first.Tier.UpTo is not null ? "up_to" : "flat", $"is for tiers, and the kind is {EnumWords.Of(price.Kind)}. Leave it empty, or write kind graduated or volume."));
        }

        var whole = isTiered ? price with { Tiers = [.. rows.Select(static row => row.Tier)] } : price with { Amount = first.Tier.Amount };
        if (PriceRules.FaultOf(whole) is var (key, message, remedy))
        {
            faults.Add(first.Line.Fault(key == "tiers" ? "up_to" : key, $"{message} {remedy}"));
        }

        return whole;
    }

    private static T Same<T>(IEnumerable<Row> rows, Func<Row, T> value, string column, List<Problem> faults)
    {
        var first = value(rows.First());
        if (rows.FirstOrDefault(row => !EqualityComparer<T>.Default.Equals(value(row), first)) is { } other)
        {
            faults.Add(other.Line.Fault(column, $"has other words than on line {rows.First().Line.Line}. Write the same on all its lines."));
        }

        return first;
    }

    private static Outcome<Row> Read(CsvLine line)
    {
        foreach (var column in new[] { "book", "name", "currency", "effective_from", "model", "meter", "amount" })
        {
            if (line.Find(column) is null)
            {
                return line.Fault(column, "is empty. Write it.");
            }
        }

        if (MeterNames.Find(line.Find("meter")!) is not { } meter)
        {
            return line.Fault("meter", "is no meter. Write one such as input_tokens.");
        }

        if (!InstantText.TryParse(line.Find("effective_from")!, out var from))
        {
            return line.Fault("effective_from", "is not a date or an instant in UTC. Write 2026-01-31 or 2026-01-31T08:00:00Z.");
        }

        if (line.Find("retroactive") is not (null or "true" or "false"))
        {
            return line.Fault("retroactive", "is not true or false. Write one of them.");
        }

        var kind = PriceKind.Unit;
        var tier = ServiceTier.Standard;
        var bookKind = PriceBookKind.Sale;
        Problem? fault = null;
        var isRead = Word(line, "kind", ref kind, ref fault) && Word(line, "service_tier", ref tier, ref fault) && Word(line, "book_kind", ref bookKind, ref fault);
        if (!isRead || !Whole(line, "prompt_above", 0, out var above, ref fault) || !Whole(line, "per", 1, out var per, ref fault) || !Whole(line, "up_to", 0, out var upTo, ref fault)
            || !Decimal(line, "amount", out var amount, ref fault) || !Decimal(line, "flat", out var flat, ref fault))
        {
            return fault!;
        }

        return new Row(
            line, new PriceBook(line.Find("book")!, line.Find("name")!, line.Find("currency")!) { Kind = bookKind }, from, line.Find("retroactive") == "true",
            new Price(line.Find("model")!, meter, 0m, per) { Kind = kind, ServiceTier = tier, PromptAbove = above },
            new PriceTier(line.Find("up_to") is null ? null : upTo, amount, flat));
    }

    private static bool Word<T>(CsvLine line, string column, ref T value, ref Problem? fault)
        where T : struct, Enum
    {
        if (line.Find(column) is { } text)
        {
            if (EnumWords.Find<T>(text) is not { } word)
            {
                fault = line.Fault(column, $"is none of {string.Join(", ", Enum.GetValues<T>().Select(EnumWords.Of))}. Write one of them, or leave it empty.");
                return false;
            }

            value = word;
        }

        return true;
    }

    private static bool Whole(CsvLine line, string column, long otherwise, out long value, ref Problem? fault)
    {
        value = otherwise;
        if (line.Find(column) is { } text && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            fault = line.Fault(column, "is not a whole number. Write digits only.");
            return false;
        }

        return true;
    }

    private static bool Decimal(CsvLine line, string column, out decimal value, ref Problem? fault)
    {
        value = 0m;
        if (line.Find(column) is { } text && (text.Length > 28 || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)))
        {
            fault = line.Fault(column, "is not an amount. Write digits and a point, such as 0.15.");
            return false;
        }

        return true;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Row(CsvLine Line, PriceBook Book, DateTimeOffset From, bool IsRetroactive, Price Price, PriceTier Tier);
}
