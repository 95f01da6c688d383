namespace Dogana.Client;

/// <summary>A series in a list.</summary>
/// <param name="Name"><c>total</c>, <c>seller/ID</c>, <c>channel/ID</c>, <c>owner/ID</c>, <c>model/ID</c>; what was read in begins with <c>imported/</c>.</param>
/// <param name="Source"><c>own</c> or <c>imported</c>.</param>
public sealed record SeriesNameRecord(string Name, string Source);

/// <summary>A series.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source"><c>own</c>: counted here; <c>imported</c>: read in from elsewhere.</param>
/// <param name="Origin">Where an imported one is from; what an own one is made of.</param>
/// <param name="Unit">ISO 4217 code, or another word such as <c>percent</c>.</param>
/// <param name="StepMonths">1 for months, 3 for quarters.</param>
/// <param name="Values">The values, the oldest first; a quarter by its first month.</param>
public sealed record SeriesRecord(string Name, string Source, string Origin, string Unit, int StepMonths, IReadOnlyList<MonthAmountRecord> Values);

/// <summary>A series to read in.</summary>
/// <param name="Unit">ISO 4217 code, or another word such as <c>percent</c>.</param>
/// <param name="Source">Where it is from.</param>
/// <param name="Csv">CSV text: the columns <c>month</c> (2026-01) or <c>quarter</c> (2026Q1), and <c>value</c>; every step once, the oldest first.</param>
public sealed record SeriesImportRequest(string Unit, string Source, string Csv);

/// <summary>What is said of a series' quarter: amounts, or growth on the year in per cent.</summary>
/// <param name="Series">The series.</param>
/// <param name="Quarter">As <c>2026Q1</c>.</param>
/// <param name="Source">Who said so.</param>
/// <param name="Low">The least, as decimal text.</param>
/// <param name="High">The most.</param>
/// <param name="LowPercent">The least growth on the same quarter of the year before, 30 for 30 %.</param>
/// <param name="HighPercent">The most.</param>
public sealed record GuidanceRequest(
    string Series, string Quarter, string Source, string? Low = null, string? High = null, string? LowPercent = null, string? HighPercent = null);

/// <summary>What was said of a series' quarter.</summary>
/// <param name="Series">The series.</param>
/// <param name="SeriesSource"><c>own</c> or <c>imported</c>.</param>
/// <param name="Quarter">As <c>2026Q1</c>.</param>
/// <param name="Unit">The series' unit.</param>
/// <param name="Low">The least, as decimal text.</param>
/// <param name="High">The most.</param>
/// <param name="Source">Who said so.</param>
public sealed record GuidanceRecord(string Series, string SeriesSource, string Quarter, string Unit, string Low, string High, string Source);

/// <summary>A step that is forecast.</summary>
/// <param name="Month">The month, or the quarter's first.</param>
/// <param name="Mean">What is expected, in the series' unit.</param>
/// <param name="Low80">Below it with a probability of 10 %.</param>
/// <param name="High80">Above it with 10 %.</param>
/// <param name="Low95">Below it with 2.5 %.</param>
/// <param name="High95">Above it with 2.5 %.</param>
public sealed record ForecastStepRecord(string Month, double Mean, double Low80, double High80, double Low95, double High95);

/// <summary>How well a quantile would have been forecast.</summary>
/// <param name="Probability">Which one.</param>
/// <param name="Loss">Its mean pinball loss, in the series' unit.</param>
public sealed record QuantileLossRecord(double Probability, double Loss);

/// <summary>How often intervals would have held what came.</summary>
/// <param name="Nominal">How often they should.</param>
/// <param name="Steps">How often those of single steps did.</param>
/// <param name="Sums">How often those of the sum of all steps did.</param>
public sealed record CoverageOfIntervalRecord(double Nominal, double Steps, double Sums);

/// <summary>What a method would have forecast from earlier points in time.</summary>
/// <param name="Method">The method.</param>
/// <param name="Origins">From how many points.</param>
/// <param name="Horizon">How many steps from each.</param>
/// <param name="Mase">The mean absolute scaled error; below one is better than as a season ago.</param>
/// <param name="Quantiles">Pinball losses.</param>
/// <param name="Intervals">Coverage.</param>
public sealed record BacktestRecord(
    string Method, int Origins, int Horizon, double Mase, IReadOnlyList<QuantileLossRecord> Quantiles, IReadOnlyList<CoverageOfIntervalRecord> Intervals);

/// <summary>A quarter against its guidance.</summary>
/// <param name="Quarter">As <c>2026Q1</c>.</param>
/// <param name="Source">Who said so.</param>
/// <param name="Low">The least, as decimal text.</param>
/// <param name="High">The most.</param>
/// <param name="IsKnown">Is the quarter over, and nothing forecast?</param>
/// <param name="Expected">What is expected of the whole quarter: what is known of it, and the forecast of the rest.</param>
/// <param name="Deviation">Its standard deviation.</param>
/// <param name="ToMeet">The probability of the least or more, 0 to 1.</param>
/// <param name="ToExceed">The probability of more than the most.</param>
/// <param name="Gap">What is expected less the least.</param>
/// <param name="GapInSigmas">The same in standard deviations; null where there is none.</param>
public sealed record GuidanceOutlookRecord(
    string Quarter, string Source, string Low, string High, bool IsKnown, string Expected, double Deviation, double ToMeet, double ToExceed, string Gap, double? GapInSigmas);

/// <summary>A series carried on.</summary>
/// <param name="Series">Its name.</param>
/// <param name="SeriesSource"><c>own</c> or <c>imported</c>.</param>
/// <param name="Origin">Where it is from.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Values">What is known.</param>
/// <param name="Method">By which method: the one that would have done best.</param>
/// <param name="IsBootstrapped">Was the series too short to choose one? Then it is drift, and ranges are drawn from its residuals.</param>
/// <param name="Seed">What chance came from: the same one gives the same numbers.</param>
/// <param name="Steps">What is expected.</param>
/// <param name="Backtests">All methods that were tried, the best first.</param>
/// <param name="Guidance">The quarters of which something was said, as far as they lie within the forecast or what is known.</param>
public sealed record ForecastRecord(
    string Series, string SeriesSource, string Origin, string Unit, IReadOnlyList<MonthAmountRecord> Values, string Method, bool IsBootstrapped, int Seed,
    IReadOnlyList<ForecastStepRecord> Steps, IReadOnlyList<BacktestRecord> Backtests, IReadOnlyList<GuidanceOutlookRecord> Guidance);
