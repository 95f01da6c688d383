using System.Globalization;
using Dogana.Storage;

namespace Dogana.Insight.Revenue;

/// <summary>Rated usage by UTC day of its hour: before discounts, fees and minimums, and there before a document is.</summary>
internal static class UsageDays
{
    /// <summary>The sum of some days in the scope's currency, each day at the rate of its end, or at the scope's fixed ones.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">Sellers, channel and models.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The first day after.</param>
    public static async Task<Money> SumAsync(StoreSession session, ReportScope scope, DateOnly from, DateOnly to)
    {
        var rows = await session.QueryAsync<Row>(
            $"""
            select day as Day, currency as Currency, cast(sum(micro) as bigint) as Micro, cast(sum(pico) as bigint) as Pico from usage_day
            where day >= @from and day < @to and {session.IsOneOf("seller", "sellers")} {(scope.Request.Channel is null ? "" : "and channel = @Channel")}
                {(scope.Models is null ? "" : "and " + session.IsOneOf("model", "models"))}
            group by day, currency
            """,
            new { from = Text(from), to = Text(to), sellers = session.List([.. scope.Sellers]), scope.Request.Channel, models = session.List([.. scope.Models ?? []]) });
        return Money.Sum(rows.Select(row => Converted(scope, row)), scope.Currency);
    }

    private static Money Converted(ReportScope scope, Row row)
    {
        var end = DateTimeOffset.ParseExact(row.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).AddDays(1).AddMicroseconds(-1);
        return scope.Exchange.Convert(Money.FromParts(row.Micro, row.Pico, Currency.Of(row.Currency)), scope.Currency, scope.FixedAt ?? end).TryGet(out var amount, out var problem)
            ? amount
            : throw new ProblemException(problem);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class Row
    {
        public string Day { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }

        public long Pico { get; init; }
    }
}
