using Dogana.Billing;
using Dogana.Insight.Revenue;

namespace Dogana.Insight.WhatIf;

/// <summary>What changes can tell apart: what one customer buys of one model on one channel.</summary>
/// <param name="Part">The place of the part of the portfolio that it belongs to.</param>
/// <param name="Family">The customer's family.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Model">The model; empty for what is about none.</param>
/// <param name="Country">The country that it is sold to.</param>
internal sealed record PlanCell(int Part, string Family, string Organisation, string Channel, string Model, string Country);

/// <summary>A cell's part of what its portfolio part brought of late.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Weight">What it brought, in micro-units; above zero.</param>
/// <param name="UnitsPerRevenue">Units of use for each unit of currency.</param>
internal sealed record MixCell(PlanCell Cell, long Weight, decimal UnitsPerRevenue);

/// <summary>A cell in the months to come.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Revenue">Month by month, in whole minor units.</param>
/// <param name="Units">Units of use, likewise.</param>
/// <param name="IsMinimum">Is it what a contract charges for a minimum or a fee, and not use?</param>
internal sealed record CellPath(PlanCell Cell, IReadOnlyList<decimal> Revenue, IReadOnlyList<decimal> Units, bool IsMinimum = false);

/// <summary>
/// What is expected month by month: each part's expected path, rounded to minor units, split over its cells as revenue was of late, without losing a unit. One deterministic path: what
/// is reckoned from it twice is the same twice. Immutable.
/// </summary>
internal sealed class RevenuePlan
{
    private RevenuePlan(Currency currency, BillingMonth first, int months, IReadOnlyList<CellPath> cells, IReadOnlyList<IReadOnlyList<decimal>> parts) =>
        (Currency, First, Months, Cells, Parts) = (currency, first, months, cells, parts);

    /// <summary>The currency of all amounts.</summary>
    public Currency Currency { get; }

    /// <summary>The first month.</summary>
    public BillingMonth First { get; }

    /// <summary>How many months.</summary>
    public int Months { get; }

    /// <summary>The cells, if nothing changes.</summary>
    public IReadOnlyList<CellPath> Cells { get; }

    /// <summary>What each part of the portfolio is expected to bring, month by month.</summary>
    public IReadOnlyList<IReadOnlyList<decimal>> Parts { get; }

    /// <summary>The plan of parts.</summary>
    /// <param name="currency">The currency.</param>
    /// <param name="first">The first month.</param>
    /// <param name="parts">Of each part the expected path, and the mix that it is split by; at least one cell each.</param>
    public static RevenuePlan Of(Currency currency, BillingMonth first, IReadOnlyList<(IReadOnlyList<double> Means, IReadOnlyList<MixCell> Mix)> parts)
    {
        var cells = new List<CellPath>();
        foreach (var (means, mix) in parts)
        {
            long[] weights = [.. mix.Select(static cell => cell.Weight)];
            var months = means.Select(mean => Rounded(mean, currency).Split(weights)).ToArray();
            cells.AddRange(mix.Select((cell, place) =>
            {
                decimal[] revenue = [.. months.Select(month => month[place].Amount)];
                return new CellPath(cell.Cell, revenue, [.. revenue.Select(amount => amount * cell.UnitsPerRevenue)]);
            }));
        }

        return new RevenuePlan(currency, first, parts.Max(static part => part.Means.Count), cells, [.. parts.Select(part => part.Means.Select(mean => Rounded(mean, currency).Amount).ToArray())]);
    }

    /// <summary>A month's first instant.</summary>
    /// <param name="month">From 0.</param>
    public DateTimeOffset Start(int month) => new(First.Plus(month).FirstDay(), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The month that an instant lies in, from 0; below zero before the first one.</summary>
    public int MonthOf(DateTimeOffset at) => (at.UtcDateTime.Year - First.Year) * 12 + at.UtcDateTime.Month - First.Month;

    /// <summary>The part of a month's time that lies before an instant, 0 to 1.</summary>
    public decimal Before(int month, DateTimeOffset at)
    {
        var (start, end) = (Start(month), Start(month + 1));
        return at <= start ? 0m : at >= end ? 1m : (decimal)(at - start).Ticks / (end - start).Ticks;
    }

    /// <summary>An amount in whole minor units.</summary>
    public decimal Round(decimal amount) => decimal.Round(amount, Currency.MinorDigits, MidpointRounding.AwayFromZero);

    // A series that falls may be forecast below zero; nobody pays less than nothing.
    private static Money Rounded(double mean, Currency currency) => new(decimal.Round((decimal)Math.Max(0, mean), currency.MinorDigits, MidpointRounding.AwayFromZero), currency);
}
