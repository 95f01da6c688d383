using Dogana.Billing;

namespace Dogana.Settlement.Legs;

/// <summary>Which periods of a leg's guarantee are over: whole calendar months of UTC, counted from that of the leg's first instant.</summary>
internal static class GuaranteePeriods
{
    private const string Zone = "Etc/UTC";

    /// <summary>The periods that ended after one month and up to another; null where none did, or where the leg guarantees nothing.</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="after">The last month that was settled, or null.</param>
    /// <param name="upTo">The month to settle.</param>
    public static (BillingMonth First, BillingMonth Last, int Periods)? Due(ShareLeg leg, BillingMonth? after, BillingMonth upTo)
    {
        if (leg.Guarantee is not { } guarantee)
        {
            return null;
        }

        var first = BillingMonth.Of(leg.From, Zone);
        var last = leg.To is { } to ? BillingMonth.Of(to.AddMicroseconds(-1), Zone) : (BillingMonth?)null;
        var length = guarantee.Period switch
        {
            GuaranteePeriod.Month => 1,
            GuaranteePeriod.Quarter => 3,
            GuaranteePeriod.Year => 12,
            _ => Count(first, last!.Value),
        };
        var (done, due) = (after is { } settled ? Ended(settled) : 0, Ended(upTo));
        if (due <= done)
        {
            return null;
        }

        var end = Plus(first, due * length - 1);
        return (Plus(first, done * length), last is { } stop && stop < end ? stop : end, due - done);

        // The last period may be cut short by the leg's end; it is over with it.
        int Ended(BillingMonth month) => month < first ? 0
            : last is { } stop && month >= stop ? (Count(first, stop) + length - 1) / length
            : Count(first, month) / length;
    }

    private static int Count(BillingMonth first, BillingMonth last) => (last.Year - first.Year) * 12 + last.Month - first.Month + 1;

    private static BillingMonth Plus(BillingMonth month, int months)
    {
        var index = month.Year * 12 + month.Month - 1 + months;
        return new BillingMonth(index / 12, index % 12 + 1);
    }
}
