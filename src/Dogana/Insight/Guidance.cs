namespace Dogana.Insight;

/// <summary>Whose series a guidance is about.</summary>
public enum GuidanceSource
{
    /// <summary>What this installation counted itself.</summary>
    Own,

    /// <summary>What was read in from elsewhere, such as a whole company's published revenue.</summary>
    Imported,
}

/// <summary>A range that was said of a series for a quarter.</summary>
/// <param name="Series">Names the series.</param>
/// <param name="Quarter">The quarter's first day.</param>
/// <param name="Source">Whose series.</param>
/// <param name="Low">The least.</param>
/// <param name="High">The most; not below <paramref name="Low"/>.</param>
public sealed record Guidance(string Series, DateOnly Quarter, GuidanceSource Source, Money Low, Money High)
{
    /// <summary>A guidance that was said as growth on the year.</summary>
    /// <param name="series">Names the series.</param>
    /// <param name="quarter">The quarter's first day.</param>
    /// <param name="source">Whose series.</param>
    /// <param name="yearBefore">What the same quarter of the year before brought.</param>
    /// <param name="lowPercent">The least growth, per cent: 30 for 30 %.</param>
    /// <param name="highPercent">The most growth, per cent.</param>
    public static Guidance OfGrowth(string series, DateOnly quarter, GuidanceSource source, Money yearBefore, decimal lowPercent, decimal highPercent)
    {
        return new Guidance(series, quarter, source, Grown(lowPercent), Grown(highPercent));

        Money Grown(decimal percent) => new(decimal.Round(yearBefore.Amount * (100 + percent) / 100, Money.Scale, MidpointRounding.AwayFromZero), yearBefore.Currency);
    }

    /// <summary>How a forecast of the quarter stands against it.</summary>
    /// <param name="forecast">Of what the quarter will bring, in the guidance's currency: what is known of it added to the sum of what is not.</param>
    public GuidanceOutlook Against(ForecastDistribution forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        var (low, high) = ((double)Low.Amount, (double)High.Amount);
        return new GuidanceOutlook(
            this,
            forecast.Mean,
            forecast.Deviation,
            forecast.AtLeast(low),
            forecast.MoreThan(high),
            new Money(decimal.Round((decimal)forecast.Mean - Low.Amount, Low.Currency.MinorDigits, MidpointRounding.AwayFromZero), Low.Currency),
            forecast.Deviation > 0 ? (forecast.Mean - low) / forecast.Deviation : null);
    }
}

/// <summary>A forecast against a guidance.</summary>
/// <param name="Guidance">The guidance.</param>
/// <param name="Mean">What is expected, in major units.</param>
/// <param name="Deviation">Its standard deviation, σ.</param>
/// <param name="ToMeet">The probability of <see cref="Guidance.Low"/> or more, 0 to 1.</param>
/// <param name="ToExceed">The probability of more than <see cref="Guidance.High"/>.</param>
/// <param name="Gap">What is expected beyond <see cref="Guidance.Low"/>, in whole minor units; below zero where it is missed.</param>
/// <param name="GapInSigmas">The same in σ; null where there is none.</param>
public sealed record GuidanceOutlook(Guidance Guidance, double Mean, double Deviation, double ToMeet, double ToExceed, Money Gap, double? GapInSigmas);
