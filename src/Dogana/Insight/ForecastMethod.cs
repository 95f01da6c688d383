namespace Dogana.Insight;

/// <summary>How a series is carried on; the simplest first, which is taken where several do equally well.</summary>
public enum ForecastMethod
{
    /// <summary>As one season ago; without seasons, as the last value.</summary>
    SeasonalNaive,

    /// <summary>From the last value on by the mean step.</summary>
    Drift,

    /// <summary>Simple exponential smoothing: a level.</summary>
    SimpleSmoothing,

    /// <summary>Holt's method: a level and a trend.</summary>
    Holt,

    /// <summary>Holt's method with a trend that fades.</summary>
    DampedHolt,

    /// <summary>The additive method of Holt and Winters: a level, a trend and seasons.</summary>
    HoltWinters,
}
