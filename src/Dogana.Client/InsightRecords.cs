namespace Dogana.Client;

/// <summary>What the figures of a report are about, and how they were counted: the first thing that it says.</summary>
/// <param name="Sellers">Whose documents.</param>
/// <param name="Months"><c>invoiced</c>: by the month of the documents, to which credit notes and corrections of it belong; <c>service</c>: by the month of use.</param>
/// <param name="From">The first month, as <c>2026-01</c>.</param>
/// <param name="To">The last month.</param>
/// <param name="Currency">ISO 4217 code of all amounts.</param>
/// <param name="Rates"><c>month_end</c>: what was in another currency is converted by the rate in force at its month's end; else the instant whose rates count for all.</param>
/// <param name="FamiliesAt">The instant at which families are looked up.</param>
/// <param name="Includes">What counts, in a sentence.</param>
public sealed record InsightBasis(
    IReadOnlyList<string> Sellers, string Months, string From, string To, string Currency, string Rates, DateTimeOffset FamiliesAt, string Includes)
{
    /// <summary>Only this channel; null for all.</summary>
    public string? Channel { get; init; }

    /// <summary>Only this owner's models; null for all.</summary>
    public string? Owner { get; init; }

    /// <summary>Only this model; null for all.</summary>
    public string? Model { get; init; }
}

/// <summary>A party's part.</summary>
/// <param name="Party">Its id: an organisation, the party at the top of a family, a channel, a model or an owner; empty for lines about no model.</param>
/// <param name="Name">Its name, where it has one.</param>
/// <param name="Amount">Decimal text.</param>
/// <param name="Share">Of the total, 0 to 1.</param>
/// <param name="IndexWithout">The Herfindahl-Hirschman index of the others; null where there are none.</param>
/// <param name="Change">Against the same months a year before, as decimal text.</param>
/// <param name="ShareOfGrowth">Its part of everybody's change; beyond 1 and below 0 where others went the other way; null where nothing changed.</param>
public sealed record PartyShareRecord(string Party, string? Name, string Amount, double Share, double? IndexWithout, string Change, double? ShareOfGrowth);

/// <summary>A month's concentration.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Total">Decimal text.</param>
/// <param name="Largest">CR1: the share of the largest, 0 to 1.</param>
/// <param name="Largest5">CR5.</param>
/// <param name="Index">The Herfindahl-Hirschman index, 0 to 10,000.</param>
/// <param name="EffectiveParties">1/Σ s².</param>
public sealed record ConcentrationMonth(string Month, string Total, double Largest, double Largest5, double Index, double EffectiveParties);

/// <summary>How far revenue depends on few.</summary>
/// <param name="Basis">What it is about.</param>
/// <param name="Axis"><c>counterparty</c>, <c>family</c>, <c>channel</c>, <c>model</c> or <c>owner</c>.</param>
/// <param name="Total">The sum of all who stand above zero, as decimal text.</param>
/// <param name="Parties">How many do.</param>
/// <param name="Cr1">The share of the largest, 0 to 1.</param>
/// <param name="Cr5">Of the five largest.</param>
/// <param name="Cr10">Of the ten largest.</param>
/// <param name="Index">The Herfindahl-Hirschman index, Σ s² × 10,000.</param>
/// <param name="Normalised">(H − 1/N)/(1 − 1/N), 0 to 1.</param>
/// <param name="EffectiveParties">1/Σ s².</param>
/// <param name="LeftOut">How many stand at zero or below, and are in none of these.</param>
/// <param name="LeftOutAmount">What they come to.</param>
/// <param name="Disclosed">Whoever brings a tenth or more (ASC 280-10-50-42); the rule counts those under common control as one, which the axis <c>family</c> does.</param>
/// <param name="Largest">The largest.</param>
/// <param name="History">The months of the window, each by itself, where they were asked for.</param>
public sealed record ConcentrationRecord(
    InsightBasis Basis, string Axis, string Total, int Parties, double Cr1, double Cr5, double Cr10, double Index, double Normalised, double EffectiveParties, int LeftOut,
    string LeftOutAmount, IReadOnlyList<string> Disclosed, IReadOnlyList<PartyShareRecord> Largest, IReadOnlyList<ConcentrationMonth> History);

/// <summary>What a month brought.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Amount">Decimal text.</param>
public sealed record MonthAmountRecord(string Month, string Amount);

/// <summary>What a quarter brought, and how it grew.</summary>
/// <param name="Quarter">As <c>2026Q1</c>.</param>
/// <param name="Amount">Decimal text.</param>
/// <param name="Months">How many of its months have documents: of less than three nothing is compared.</param>
/// <param name="YearOnYear">0.29 is 29 %; null where the year before is not known whole, zero or below.</param>
/// <param name="QuarterOnQuarter">Likewise; not annualised.</param>
/// <param name="NeutralYearOnYear">Year on year with each month at the rates of the same month a year before: what exchange rates did is out.</param>
/// <param name="ExchangeEffect">What exchange rates did, as decimal text.</param>
public sealed record QuarterRecord(
    string Quarter, string Amount, int Months, double? YearOnYear, double? QuarterOnQuarter, double? NeutralYearOnYear, string? ExchangeEffect);

/// <summary>Revenue by month and quarter.</summary>
/// <param name="Basis">What it is about.</param>
/// <param name="Months">The months of the window from the first one with documents on; later ones without any are zero.</param>
/// <param name="Quarters">The calendar quarters that the window touches, likewise.</param>
public sealed record GrowthRecord(InsightBasis Basis, IReadOnlyList<MonthAmountRecord> Months, IReadOnlyList<QuarterRecord> Quarters);

/// <summary>From an opening to a closing amount, exactly: opening + new + expansion − contraction − churn + moves + credits = closing.</summary>
/// <param name="Channel">The channel; null for all.</param>
/// <param name="Opening">What all brought in the earlier window, as decimal text; so are the others.</param>
/// <param name="Cohort">The part of it that retention is of: of those who stood above zero.</param>
/// <param name="New">Of those who stood at zero before.</param>
/// <param name="Expansion">What the cohort brings more.</param>
/// <param name="Contraction">What those who stay bring less.</param>
/// <param name="Churn">What those brought who bring nothing now.</param>
/// <param name="Moves">What customers took from or to other channels.</param>
/// <param name="Credits">What amounts below zero changed.</param>
/// <param name="Closing">What all bring in the later window.</param>
/// <param name="GrossRetention">GRR, 0 to 1 over all channels; null without a cohort.</param>
/// <param name="NetRetention">NRR; null without a cohort.</param>
public sealed record BridgeRecord(
    string? Channel, string Opening, string Cohort, string New, string Expansion, string Contraction, string Churn, string Moves, string Credits, string Closing,
    double? GrossRetention, double? NetRetention);

/// <summary>What is kept of an opening cohort's revenue.</summary>
/// <param name="Basis">The later window.</param>
/// <param name="OpeningFrom">The earlier window's first month: the same one, a year before.</param>
/// <param name="OpeningTo">Its last month.</param>
/// <param name="Axis"><c>counterparty</c> or <c>family</c>: who counts as one customer.</param>
/// <param name="OpeningCustomers">How many the cohort has.</param>
/// <param name="LostCustomers">How many of them bring nothing now.</param>
/// <param name="All">Over all channels.</param>
/// <param name="Channels">The bridge of each; they add up to the one of all.</param>
public sealed record RetentionRecord(
    InsightBasis Basis, string OpeningFrom, string OpeningTo, string Axis, int OpeningCustomers, int LostCustomers, BridgeRecord All, IReadOnlyList<BridgeRecord> Channels);

/// <summary>What a year would bring if every span were like this one.</summary>
/// <param name="Span"><c>month</c> × 12, <c>quarter</c> × 4 or <c>days28</c> × 365/28.</param>
/// <param name="From">Its first day.</param>
/// <param name="Days">How many days it has.</param>
/// <param name="Observed">What it brought, as decimal text.</param>
/// <param name="Annual">By the factor.</param>
/// <param name="AnnualByDays">By 365 over its days.</param>
/// <param name="Source">Of what: <c>documents</c>, or <c>rated_usage</c> before discounts, fees and minimums.</param>
public sealed record RunRateRecord(string Span, DateOnly From, int Days, string Observed, string Annual, string AnnualByDays, string Source);

/// <summary>Run rates, and what of the last year was owed whatever was used.</summary>
/// <param name="Basis">What it is about: the last twelve months.</param>
/// <param name="Usage">Run rates of usage: discounts off, corrections in.</param>
/// <param name="Committed">What was charged besides: fees, true-ups of minimums, reserved and not used; to be shown beside the run rate, never added to it.</param>
/// <param name="CommittedAnnual">What contracts in force now have all customers pay at least in the twelve months to come, as decimal text.</param>
public sealed record RunRateReportRecord(InsightBasis Basis, IReadOnlyList<RunRateRecord> Usage, IReadOnlyList<KindAmountRecord> Committed, string CommittedAnnual);

/// <summary>What lines of a kind come to.</summary>
/// <param name="Kind">As on invoices: <c>usage</c>, <c>fee</c>, <c>discount</c>, <c>true_up</c>, <c>unused</c>, <c>correction</c>.</param>
/// <param name="Amount">Decimal text.</param>
public sealed record KindAmountRecord(string Kind, string Amount);

/// <summary>What a roll-up run or rebuild did.</summary>
/// <param name="Documents">Final documents that were read.</param>
/// <param name="RatedLines">Rated lines that were read.</param>
public sealed record RollupRecord(long Documents, long RatedLines);

/// <summary>Does the roll-up equal the documents?</summary>
/// <param name="Agrees">Does it?</param>
/// <param name="Faults">Where not.</param>
public sealed record RollupVerificationRecord(bool Agrees, IReadOnlyList<string> Faults);
