using Dogana.Insight.Arithmetic;

namespace Dogana.Insight;

/// <summary>What a customer brought on a channel.</summary>
/// <param name="Party">The customer.</param>
/// <param name="Channel">The channel, on which it may be together with others.</param>
/// <param name="Amount">Exact; below zero where more was given back than charged.</param>
public sealed record ChannelAmount(string Party, string Channel, Money Amount);

/// <summary>
/// From an opening to a closing amount, exactly: opening + new + expansion − contraction − churn + moves + credits = closing.
/// </summary>
/// <param name="Opening">What all brought in the earlier period.</param>
/// <param name="Cohort">The part of it that retention is of: what customers brought who stood above zero, the opening cohort.</param>
/// <param name="New">What customers bring who stood at zero or below before.</param>
/// <param name="Expansion">What the cohort brings more.</param>
/// <param name="Contraction">What those of the cohort who stay bring less; zero or more.</param>
/// <param name="Churn">What those of the cohort brought who bring nothing now; zero or more.</param>
/// <param name="Moves">What customers took with them from or to other channels; zero over all channels.</param>
/// <param name="Credits">What amounts below zero changed: they are nobody's retention.</param>
/// <param name="Closing">What all bring in the later period.</param>
public sealed record RevenueBridge(
    Money Opening, Money Cohort, Money New, Money Expansion, Money Contraction, Money Churn, Money Moves, Money Credits, Money Closing)
{
    /// <summary>GRR = (cohort − contraction − churn)/cohort, 0 to 1 over all channels; null where there was no cohort.</summary>
    public double? GrossRetention => ExactRatio.Of(Cohort - Contraction - Churn, Cohort);

    /// <summary>NRR = GRR + expansion/cohort, of the opening cohort alone: whoever is new is not in it. Null where there was no cohort.</summary>
    public double? NetRetention => ExactRatio.Of(Cohort - Contraction - Churn + Expansion, Cohort);

    /// <summary>The bridge of nothing.</summary>
    public static RevenueBridge Empty(Currency currency)
    {
        var zero = Money.Zero(currency);
        return new RevenueBridge(zero, zero, zero, zero, zero, zero, zero, zero, zero);
    }

    /// <summary>The bridge of both together.</summary>
    public static RevenueBridge operator +(RevenueBridge left, RevenueBridge right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new RevenueBridge(
            left.Opening + right.Opening,
            left.Cohort + right.Cohort,
            left.New + right.New,
            left.Expansion + right.Expansion,
            left.Contraction + right.Contraction,
            left.Churn + right.Churn,
            left.Moves + right.Moves,
            left.Credits + right.Credits,
            left.Closing + right.Closing);
    }
}

/// <summary>
/// What of an opening cohort's revenue is kept. A customer is new, stays or is gone by all channels together; who buys elsewhere now has moved there and is
/// neither lost to the one nor won by the other.
/// </summary>
/// <param name="All">Over all channels; its moves are zero.</param>
/// <param name="ByChannel">The bridge of each channel; they add up to <paramref name="All"/>, entry by entry.</param>
/// <param name="OpeningCustomers">How many customers the cohort has.</param>
/// <param name="LostCustomers">How many of them bring nothing now.</param>
public sealed record Retention(RevenueBridge All, IReadOnlyDictionary<string, RevenueBridge> ByChannel, int OpeningCustomers, int LostCustomers)
{
    /// <summary>Retention between two periods of one length.</summary>
    /// <param name="opening">The earlier period; a customer may come more than once on a channel.</param>
    /// <param name="closing">The later period.</param>
    /// <param name="currency">The currency of both.</param>
    public static Retention Between(IEnumerable<ChannelAmount> opening, IEnumerable<ChannelAmount> closing, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(opening);
        ArgumentNullException.ThrowIfNull(closing);
        var tally = new RetentionTally(currency);
        foreach (var customer in opening.Select(static amount => (Amount: amount, IsOpening: true)).Concat(closing.Select(static amount => (Amount: amount, IsOpening: false)))
            .GroupBy(static entry => entry.Amount.Party, StringComparer.Ordinal))
        {
            tally.Add(
            [
                .. customer.GroupBy(static entry => entry.Amount.Channel, StringComparer.Ordinal).OrderBy(static channel => channel.Key, StringComparer.Ordinal).Select(channel =>
                    new ChannelChange(channel.Key, Sum(channel, isOpening: true), Sum(channel, isOpening: false))),
            ]);
        }

        return tally.ToRetention();

        Int128 Sum(IEnumerable<(ChannelAmount Amount, bool IsOpening)> entries, bool isOpening) =>
            ExactRatio.Pico(Money.Sum(entries.Where(entry => entry.IsOpening == isOpening).Select(static entry => entry.Amount.Amount), currency));
    }
}
