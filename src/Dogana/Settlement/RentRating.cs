using Dogana.Billing;

namespace Dogana.Settlement;

/// <summary>Unit minutes that were used from an instant on.</summary>
/// <param name="From">The first instant.</param>
/// <param name="Minutes">How many.</param>
public sealed record UsedUnits(DateTimeOffset From, long Minutes);

/// <summary>One charge of rent.</summary>
/// <param name="Kind"><c>units</c>, <c>fixed</c> or <c>minimum</c>.</param>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="UnitMinutes">How many; 0 for what is not by units.</param>
/// <param name="Price">Of a unit's hour, or of a month; the minimum of the month.</param>
/// <param name="Amount">In whole minor units.</param>
public sealed record RentCharge(string Kind, DateTimeOffset From, DateTimeOffset To, long UnitMinutes, Money Price, Money Amount);

/// <summary>What a month of rent costs.</summary>
/// <param name="Charges">The charges.</param>
/// <param name="Rented">Unit minutes that are paid for.</param>
/// <param name="Used">Unit minutes that were used.</param>
/// <param name="Total">The sum of the charges.</param>
public sealed record RentMonth(IReadOnlyList<RentCharge> Charges, long Rented, long Used, Money Total);

/// <summary>The rule of rents, a pure function: units by the minute at the price of their hour, fixed prices by their part of the month, then what is left of the minimum.</summary>
public static class RentRating
{
    private const string Zone = "Etc/UTC";

    /// <summary>What a calendar month of UTC costs.</summary>
    /// <param name="agreement">The agreement.</param>
    /// <param name="month">The month.</param>
    /// <param name="used">What was used in the month, in pieces that lie in one version each.</param>
    public static RentMonth Rate(RentAgreement agreement, BillingMonth month, IReadOnlyList<UsedUnits> used)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        ArgumentNullException.ThrowIfNull(used);
        var (start, end, currency) = (month.Start(Zone), month.End(Zone), agreement.Currency);
        var charges = new List<RentCharge>();
        var (fixedExact, minimumExact, rented) = (0m, 0m, 0L);
        var fixedSum = Money.Zero(currency);
        foreach (var (version, from, to) in Windows(agreement, start, end))
        {
            var minutes = agreement.IsMetered
                ? used.Where(item => item.From >= from && item.From < to).Sum(static item => item.Minutes)
                : agreement.Units.Sum(units => units.Units * Minutes(Later(units.From, from), Earlier(units.To, to)));
            rented += minutes;
            if (version.UnitHour is { } price)
            {
                charges.Add(new RentCharge("units", from, to, minutes, price, Rounded(price.Amount * minutes / 60m, currency)));
            }

            var part = (decimal)(to - from).Ticks;
            var whole = (end - start).Ticks;
            if (version.Month is { } fixedPrice)
            {
                // Rounded over the versions together: a whole month costs its price to the last digit.
                fixedExact += fixedPrice.Amount * part / whole;
                var sum = Rounded(fixedExact, currency);
                charges.Add(new RentCharge("fixed", from, to, 0, fixedPrice, sum - fixedSum));
                fixedSum = sum;
            }

            minimumExact += (version.Minimum?.Amount ?? 0m) * part / whole;
        }

        var minimum = Rounded(minimumExact, currency);
        var total = Money.Sum(charges.Select(static charge => charge.Amount), currency);
        if (minimum > total)
        {
            charges.Add(new RentCharge("minimum", Later(agreement.From, start), Earlier(agreement.To, end), 0, minimum, minimum - total));
            total = minimum;
        }

        return new RentMonth(charges, rented, used.Sum(static item => item.Minutes), total);
    }

    /// <summary>The parts of a time in which one version holds.</summary>
    public static IEnumerable<(RentVersion Version, DateTimeOffset From, DateTimeOffset To)> Windows(RentAgreement agreement, DateTimeOffset start, DateTimeOffset end)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        for (var index = 0; index < agreement.Versions.Count; index++)
        {
            var version = agreement.Versions[index];
            var from = Later(Later(version.From, agreement.From), start);
            var to = Earlier(index + 1 < agreement.Versions.Count ? agreement.Versions[index + 1].From : null, Earlier(agreement.To, end));
            if (from < to)
            {
                yield return (version, from, to);
            }
        }
    }

    private static long Minutes(DateTimeOffset from, DateTimeOffset to) => from < to ? (to - from).Ticks / TimeSpan.TicksPerMinute : 0;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;

    private static Money Rounded(decimal amount, Currency currency) => new(decimal.Round(amount, currency.MinorDigits, MidpointRounding.AwayFromZero), currency);
}
