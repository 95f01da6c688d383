using System.Globalization;
using Dogana.Audit;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>What an alert looks at. Stored by name; grows by appending.</summary>
public enum AlertMeasure
{
    /// <summary>CR1 of the axis over the alert's months, 0 to 1.</summary>
    LargestShare = 1,

    /// <summary>The Herfindahl-Hirschman index of the axis over the alert's months, 0 to 10,000.</summary>
    Index = 2,

    /// <summary>Year on year of the last whole quarter: 0.29 is 29 %.</summary>
    Growth = 3,

    /// <summary>NRR of the alert's months against the same a year before.</summary>
    NetRetention = 4,

    /// <summary>GRR likewise.</summary>
    GrossRetention = 5,

    /// <summary>What is contracted of the next twelve months, over what is expected of customers with commitments.</summary>
    CommitmentCoverage = 6,

    /// <summary>The probability that the series' next quarter with guidance meets it, 0 to 1.</summary>
    GuidanceToMeet = 7,
}

/// <summary>On which side of its threshold an alert is. Stored by name; grows by appending.</summary>
public enum AlertComparison
{
    /// <summary>It tells when the measure is above.</summary>
    Above = 1,

    /// <summary>It tells when the measure is below.</summary>
    Below = 2,
}

/// <summary>Somebody is told when a measure crosses a threshold, once, and again only after it went back.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Measure">What it looks at.</param>
/// <param name="Comparison">Above or below.</param>
/// <param name="Threshold">Of the measure; at it nothing is crossed.</param>
/// <param name="Tells">The organisation whose notice targets hear of it.</param>
public sealed record InsightAlert(string Id, AlertMeasure Measure, AlertComparison Comparison, decimal Threshold, string Tells)
{
    /// <summary>Who counts as one, where the measure is of parties.</summary>
    public InsightAxis Axis { get; init; } = InsightAxis.Family;

    /// <summary>How many months, where the measure is of some: 1 to 120.</summary>
    public int Months { get; init; } = 3;

    /// <summary>In which currency; the only one there is when null.</summary>
    public string? Currency { get; init; }

    /// <summary>Only this seller's documents.</summary>
    public string? Seller { get; init; }

    /// <summary>Only this channel.</summary>
    public string? Channel { get; init; }

    /// <summary>Only this owner's models.</summary>
    public string? Owner { get; init; }

    /// <summary>Which series, for <see cref="AlertMeasure.GuidanceToMeet"/>; the total when null.</summary>
    public string? Series { get; init; }
}

/// <summary>An alert, and how it stood when it was looked at last.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="IsCrossed">Is the threshold crossed?</param>
/// <param name="Crossings">How often it was so far.</param>
/// <param name="Value">The measure, or why there is none; null before it was looked at.</param>
/// <param name="EvaluatedAt">When.</param>
public sealed record AlertState(InsightAlert Alert, bool IsCrossed, long Crossings, string? Value, DateTimeOffset? EvaluatedAt);

/// <summary>The alerts.</summary>
public static class InsightAlerts
{
    private const string Upsert = """
        insert into insight_alert(id, measure, comparison, threshold, tells, axis, months, currency, seller, channel, owner, series)
        values(@Id, @Measure, @Comparison, @Threshold, @Tells, @Axis, @Months, @Currency, @Seller, @Channel, @Owner, @Series)
        on conflict(id) do update set measure = excluded.measure, comparison = excluded.comparison, threshold = excluded.threshold, tells = excluded.tells, axis = excluded.axis,
            months = excluded.months, currency = excluded.currency, seller = excluded.seller, channel = excluded.channel, owner = excluded.owner, series = excluded.series
        """;

    /// <summary>All alerts, by id.</summary>
    public static async Task<IReadOnlyList<AlertState>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            """
            select id as Id, measure as Measure, comparison as Comparison, threshold as Threshold, tells as Tells, axis as Axis, months as Months, currency as Currency, seller as Seller,
                channel as Channel, owner as Owner, series as Series, is_crossed as IsCrossed, crossings as Crossings, value as Value, evaluated_at as EvaluatedAt
            from insight_alert
            """);
        return [.. rows.Select(static row => row.ToState()).OrderBy(static state => state.Alert.Id, StringComparer.Ordinal)];
    }

    /// <summary>Adds alerts or changes them; how they stand stays.</summary>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<InsightAlert> wanted) => await session.DeclareAsync(
        "insight_alert", [.. (await ReadAsync(session)).Select(static state => state.Alert)], [.. wanted.Select(static alert => alert with { Threshold = Plain(alert.Threshold) })], static alert => alert.Id, Upsert,
        static alert => new
        {
            alert.Id, Measure = alert.Measure.ToString(), Comparison = alert.Comparison.ToString(), Threshold = alert.Threshold.ToString(CultureInfo.InvariantCulture), alert.Tells,
            Axis = alert.Axis.ToString(), alert.Months, alert.Currency, alert.Seller, alert.Channel, alert.Owner, alert.Series,
        });

    /// <summary>Takes an alert away; false where there is none.</summary>
    public static async Task<bool> DeleteAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (await session.ExecuteAsync("delete from insight_alert where id = @id", new { id }) == 0)
        {
            return false;
        }

        await AuditLog.WriteAsync(session, now, actor, "insight.alert_delete", id);
        return true;
    }

    /// <summary>Keeps how an alert stands.</summary>
    internal static Task<int> KeepAsync(StoreSession session, AlertState state) => session.ExecuteAsync(
        "update insight_alert set is_crossed = @IsCrossed, crossings = @Crossings, value = @Value, evaluated_at = @At where id = @Id",
        new { state.Alert.Id, IsCrossed = state.IsCrossed ? 1 : 0, state.Crossings, state.Value, At = state.EvaluatedAt?.ToMicros() });

    // As it comes back from the store: without needless zeros.
    private static decimal Plain(decimal number) => decimal.Parse(number.ToString("0.############", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private sealed record Row(
        string Id, string Measure, string Comparison, string Threshold, string Tells, string Axis, long Months, string? Currency, string? Seller, string? Channel, string? Owner, string? Series,
        long IsCrossed, long Crossings, string? Value, long? EvaluatedAt)
    {
        public AlertState ToState() => new(
            new InsightAlert(Id, Enum.Parse<AlertMeasure>(Measure), Enum.Parse<AlertComparison>(Comparison), decimal.Parse(Threshold, CultureInfo.InvariantCulture), Tells)
            {
                Axis = Enum.Parse<InsightAxis>(Axis),
                Months = (int)Months,
                Currency = Currency,
                Seller = Seller,
                Channel = Channel,
                Owner = Owner,
                Series = Series,
            },
            IsCrossed == 1, Crossings, Value, EvaluatedAt is { } at ? StoredTime.FromMicros(at) : null);
    }
}
