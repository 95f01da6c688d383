using Dogana.Client;

namespace Dogana.Insight.Board;

/// <summary>
/// All figures of the report for a board: the answers of the other reports, as they are. What one of them could not say is a problem in its place. Pages are made of this alone, so that none
/// can show a figure which no report has.
/// </summary>
/// <param name="Basis">What the report is about.</param>
/// <param name="AsOf">The instant from which commitments and the last 28 days are counted.</param>
internal sealed record BoardFigures(InsightBasis Basis, DateTimeOffset AsOf)
{
    /// <summary>By family, counterparty, channel, model and owner, each with its months.</summary>
    public required Outcome<IReadOnlyList<ConcentrationRecord>> Concentration { get; init; }

    /// <summary>Months and quarters of everything.</summary>
    public required Outcome<GrowthRecord> Growth { get; init; }

    /// <summary>The same of each channel; none where there is one channel, or too many for a picture.</summary>
    public required Outcome<IReadOnlyList<GrowthRecord>> Channels { get; init; }

    /// <summary>Run rates.</summary>
    public required Outcome<RunRateReportRecord> RunRate { get; init; }

    /// <summary>Retention of three months, and of the three months before, and so on: the newest first.</summary>
    public required Outcome<IReadOnlyList<RetentionRecord>> Retention { get; init; }

    /// <summary>What contracts have customers pay in any case.</summary>
    public required Outcome<CommitmentsRecord> Commitments { get; init; }

    /// <summary>The total, and every series of which something was said.</summary>
    public required Outcome<IReadOnlyList<ForecastRecord>> Forecasts { get; init; }

    /// <summary>What both sides of share agreements depend on.</summary>
    public required Outcome<DependenceRecord> Dependence { get; init; }

    /// <summary>The view of the largest customer.</summary>
    public required Outcome<CustomerRecord> Customer { get; init; }

    /// <summary>By model, and by channel.</summary>
    public required Outcome<IReadOnlyList<MarginRecord>> Margin { get; init; }

    /// <summary>Capacity pools.</summary>
    public required Outcome<PoolsRecord> Pools { get; init; }

    /// <summary>Scenarios beside the baseline; null where none were given.</summary>
    public Outcome<WhatIfReport>? WhatIf { get; init; }

    /// <summary>The alerts.</summary>
    public required IReadOnlyList<AlertState> Alerts { get; init; }
}
