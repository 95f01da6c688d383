using System.Globalization;
using Dogana.Audit;
using Dogana.Billing;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>A value of a series.</summary>
/// <param name="Month">The month, or the first month of the quarter.</param>
/// <param name="Amount">In the series' unit.</param>
public sealed record SeriesValue(BillingMonth Month, Money Amount);

/// <summary>A series of months or quarters without a gap, the oldest first. One that was read in is never mixed with what was counted here.</summary>
/// <param name="Name"><c>total</c>, <c>seller/ID</c>, <c>channel/ID</c>, <c>owner/ID</c>, <c>model/ID</c>; or <c>imported/NAME</c>.</param>
/// <param name="Source">Whose it is.</param>
/// <param name="Unit">ISO 4217 code, or another word such as <c>percent</c>.</param>
/// <param name="StepMonths">1 or 3.</param>
/// <param name="Values">The values.</param>
/// <param name="Origin">Where an imported one is from; what an own one is made of.</param>
public sealed record InsightSeries(string Name, GuidanceSource Source, string Unit, int StepMonths, IReadOnlyList<SeriesValue> Values, string Origin)
{
    /// <summary>What the names of series that were read in begin with.</summary>
    public const string Imported = "imported/";

    /// <summary>What stands for the currency where the unit is none: ISO 4217 has this code for it.</summary>
    private const string NoCurrency = "XXX";

    private const int UnitDigits = 2;
    private const int ValuesMax = 1_200;

    /// <summary>The unit as amounts have it.</summary>
    public static Currency CurrencyOf(string unit) => Currency.Find(unit) ?? new Currency(NoCurrency, UnitDigits);

    /// <summary>The series with this name, through a scope's months where it is an own one.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="name">Its name.</param>
    /// <param name="request">In which currency and until when; what the name says goes before.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<Outcome<InsightSeries>> FindAsync(StoreSession session, string name, InsightRequest request)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(request);
        if (name.StartsWith(Imported, StringComparison.Ordinal))
        {
            return await FindImportedAsync(session, name) is { } found ? found : Unknown(name);
        }

        var (kind, id) = name.Split('/', 2) is [var first, var second] ? (first, second) : (name, "");
        InsightRequest? own = (kind, id.Length > 0) switch
        {
            ("total", false) => request,
            ("seller", true) => request with { Seller = id },
            ("channel", true) => request with { Channel = id },
            ("owner", true) => request with { Owner = id },
            ("model", true) => request with { Model = id },
            _ => null,
        };
        if (own is null)
        {
            return Unknown(name);
        }

        if (!(await ReportScope.ResolveAsync(session, own with { Months = ReportScope.MonthsMax }, ReportScope.MonthsMax)).TryGet(out var scope, out var problem))
        {
            return problem;
        }

        var sums = (await new RevenueReader(session, scope).SumAsync(scope.From, scope.To, RevenueAxes.Month)).ToDictionary(static sum => sum.Month, static sum => sum.Amount, StringComparer.Ordinal);
        return new InsightSeries(
            name, GuidanceSource.Own, scope.Currency.Code, 1,
            [
                .. scope.From.Through(scope.To).SkipWhile(month => !sums.ContainsKey(month.ToString()))
                    .Select(month => new SeriesValue(month, sums.GetValueOrDefault(month.ToString(), Money.Zero(scope.Currency)))),
            ],
            scope.ToBasis().Includes);
    }

    /// <summary>The names of all series: the own ones of sellers, channels, owners and models that have revenue, and those that were read in.</summary>
    public static async Task<IReadOnlyList<string>> ListNamesAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var catalog = await Catalog.CatalogRegister.ReadAsync(session);
        var models = await session.QueryAsync<string>("select distinct model from revenue_model where model <> ''");
        return
        [
            .. (await session.QueryAsync<string>("select distinct seller from revenue_model")).Select(static id => "seller/" + id).Append("total")
                .Concat((await session.QueryAsync<string>("select distinct channel from revenue_model")).Select(static id => "channel/" + id))
                .Concat(models.Select(model => catalog.Models.GetValueOrDefault(model)?.Owner).OfType<string>().Distinct(StringComparer.Ordinal).Select(static id => "owner/" + id))
                .Concat(models.Select(static id => "model/" + id))
                .Concat(await session.QueryAsync<string>("select name from insight_series"))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Reads a series in: all of a file, or nothing and the first fault. Reading one in again replaces it.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="name">Without <see cref="Imported"/>.</param>
    /// <param name="unit">What its values are.</param>
    /// <param name="source">Where it is from: a report, a page.</param>
    /// <param name="csv">The columns <c>month</c> (2026-01) or <c>quarter</c> (2026Q1), and <c>value</c>.</param>
    /// <param name="actor">Who reads it in.</param>
    /// <param name="now">Now.</param>
    public static async Task<Outcome<InsightSeries>> ImportAsync(StoreSession session, string name, string unit, string source, string csv, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(csv);
        if (name is not { Length: > 0 and <= 63 } || !name.All(static character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '.'))
        {
            return new Problem(ProblemCode.InvalidRequest, "Name the series in 1 to 63 lower-case letters, digits, hyphens and dots.", "name");
        }

        if (!IsLine(unit, 20) || !IsLine(source, 200))
        {
            return new Problem(ProblemCode.InvalidRequest, "Say what the values are (unit: a currency's code, or percent) and where they are from (source), each on one line.", IsLine(unit, 20) ? "source" : "unit");
        }

        if (!ReadValues(csv, CurrencyOf(unit)).TryGet(out var read, out var problem))
        {
            return problem;
        }

        var (step, values) = read;
        var series = new InsightSeries(Imported + name, GuidanceSource.Imported, unit, step, values, source);
        await session.ExecuteAsync("delete from insight_series_value where name = @Name", new { series.Name });
        await session.ExecuteAsync(
            """
            insert into insight_series(name, unit, step, source, imported_at, actor) values(@Name, @Unit, @StepMonths, @Origin, @at, @actor)
            on conflict(name) do update set unit = excluded.unit, step = excluded.step, source = excluded.source, imported_at = excluded.imported_at, actor = excluded.actor
            """, new { series.Name, series.Unit, series.StepMonths, series.Origin, at = now.ToMicros(), actor });
        await session.InsertAsync("insight_series_value", ["name", "month", "micro", "pico"], values, value => [series.Name, value.Month.ToString(), value.Amount.Micro, value.Amount.Pico]);
        await AuditLog.WriteAsync(session, now, actor, "insight.series_import", series.Name, string.Create(CultureInfo.InvariantCulture, $"{values.Count} values in {unit}, from {source}"));
        return series;
    }

    private static async Task<InsightSeries?> FindImportedAsync(StoreSession session, string name)
    {
        if (await session.FindAsync<Row>("select unit as Unit, step as Step, source as Source from insight_series where name = @name", new { name }) is not { } row)
        {
            return null;
        }

        var values = await session.QueryAsync<ValueRow>("select month as Month, micro as Micro, pico as Pico from insight_series_value where name = @name order by month", new { name });
        return new InsightSeries(
            name, GuidanceSource.Imported, row.Unit, (int)row.Step,
            [.. values.Select(value => new SeriesValue(BillingMonth.Parse(value.Month).Value, Money.FromParts(value.Micro, value.Pico, CurrencyOf(row.Unit))))], row.Source);
    }

    private static Outcome<(int Step, IReadOnlyList<SeriesValue> Values)> ReadValues(string csv, Currency unit)
    {
        if (!CsvTable.Read(csv).TryGet(out var table, out var problem))
        {
            return problem;
        }

        var step = table.Columns.Contains("quarter", StringComparer.Ordinal) ? 3 : 1;
        var column = step == 3 ? "quarter" : "month";
        if (!table.Columns.Contains(column, StringComparer.Ordinal) || !table.Columns.Contains("value", StringComparer.Ordinal))
        {
            return new Problem(ProblemCode.InvalidRequest, "Line 1: name the columns month (2026-01) or quarter (2026Q1), and value.", "file");
        }

        var values = new List<SeriesValue>();
        foreach (var row in table.Rows)
        {
            if (MonthOf(row.Find(column) ?? "", step) is not { } month)
            {
                return row.Fault(column, $"is not a {column}. Write it as {(step == 3 ? "2026Q1" : "2026-01")}.");
            }

            if (!decimal.TryParse(row.Find("value"), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || Math.Abs(value) > 1_000_000_000_000m || decimal.Round(value, Money.Scale) != value)
            {
                return row.Fault("value", $"is not a decimal of at most {Money.Scale} places.");
            }

            if (values.Count > 0 && month != values[^1].Month.Plus(step))
            {
                return row.Fault(column, $"does not follow {values[^1].Month}. Write every {column} once, the oldest first.");
            }

            values.Add(new SeriesValue(month, new Money(value, unit)));
        }

        return values.Count is > 0 and <= ValuesMax
            ? (step, values)
            : new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"A series has 1 to {ValuesMax} values; the file has {values.Count}."), "file");
    }

    private static BillingMonth? MonthOf(string text, int step) =>
        step == 3 ? MonthSteps.ParseQuarter(text).TryGet(out var quarter, out _) ? MonthSteps.Of(quarter) : null
        : BillingMonth.Parse(text).TryGet(out var month, out _) ? month : null;

    private static bool IsLine(string? text, int length) => text is { Length: > 0 } && text.Length <= length && !text.Any(char.IsControl);

    private static Problem Unknown(string name) =>
        new(ProblemCode.NotFound, $"There is no series '{name}'. 'dogana insight series list' shows them; one of a file begins with {Imported}.", "series");

    private sealed record Row(string Unit, long Step, string Source);

    private sealed record ValueRow(string Month, long Micro, long Pico);
}
