using Dogana.Insight.Arithmetic;

namespace Dogana.Insight;

/// <summary>What a party has yet to pay in any case, and what is expected of it.</summary>
/// <param name="Party">The party.</param>
/// <param name="RemainingMinimums">What its contracts have it pay at least in each month to come, to the end of their term.</param>
/// <param name="Forecast">What it is expected to bring in each month to come.</param>
public sealed record Commitment(string Party, IReadOnlyList<Money> RemainingMinimums, IReadOnlyList<Money> Forecast);

/// <summary>How far expected revenue is contracted for: what would still come if a party left today.</summary>
/// <param name="Party">The party; null for all together.</param>
/// <param name="RemainingMinimum">What is contracted to the end of term.</param>
/// <param name="ForecastRevenue">What is expected over the months that were forecast.</param>
/// <param name="Coverage">
/// What is contracted within the months that were forecast, over what is expected in them; beyond one where minimums are more than what would be used anyway.
/// Null where nothing is expected.
/// </param>
/// <param name="MonthsOfProtection">
/// For how many months of expected revenue all that is contracted would stand: it over the mean expected month. Null where nothing is expected.
/// </param>
/// <param name="MonthsCommitted">How many months there are until the last one with a minimum.</param>
public sealed record CommitCoverage(
    string? Party, Money RemainingMinimum, Money ForecastRevenue, double? Coverage, double? MonthsOfProtection, int MonthsCommitted)
{
    /// <summary>One party's coverage.</summary>
    /// <param name="commitment">Of this currency.</param>
    /// <param name="currency">The currency, for sums of nothing.</param>
    public static CommitCoverage Of(Commitment commitment, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(commitment);
        return Of(commitment.Party, [commitment], currency);
    }

    /// <summary>The coverage of all together, by their sums: one party's minimums beyond its own use do show in it.</summary>
    /// <param name="commitments">Of this currency; forecast over the same months.</param>
    /// <param name="currency">The currency, for sums of nothing.</param>
    public static CommitCoverage OfAll(IReadOnlyList<Commitment> commitments, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(commitments);
        return Of(party: null, commitments, currency);
    }

    private static CommitCoverage Of(string? party, IReadOnlyList<Commitment> commitments, Currency currency)
    {
        var minimum = Money.Sum(commitments.SelectMany(static one => one.RemainingMinimums), currency);
        var within = Money.Sum(commitments.SelectMany(static one => one.RemainingMinimums.Take(one.Forecast.Count)), currency);
        var forecast = Money.Sum(commitments.SelectMany(static one => one.Forecast), currency);
        var months = commitments.Select(static one => one.Forecast.Count).DefaultIfEmpty(0).Max();
        var committed = commitments.Select(static one => one.RemainingMinimums.Count - one.RemainingMinimums.Reverse().TakeWhile(static month => month.IsZero).Count());
        return new CommitCoverage(
            party, minimum, forecast, ExactRatio.Of(within, forecast), ExactRatio.Of(minimum, forecast) * months, committed.DefaultIfEmpty(0).Max());
    }
}
