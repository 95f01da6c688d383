namespace Dogana.Insight.Arithmetic;

/// <summary>What one customer brought on one channel, before and after.</summary>
internal sealed record ChannelChange(string Channel, Money Before, Money After)
{
    /// <summary>The change above zero: what lies below is credits.</summary>
    public Money Change => Positive(After) - Positive(Before);

    /// <summary>The amount, or zero where it is below.</summary>
    public static Money Positive(Money amount) => amount.Amount > 0m ? amount : Money.Zero(amount.Currency);
}

/// <summary>One customer's part of the bridges of its channels.</summary>
internal sealed class CustomerChange(IReadOnlyList<ChannelChange> channels, Currency currency)
{
    /// <summary>Did it stand above zero on any channel before?</summary>
    public bool WasThere { get; } = channels.Any(static channel => channel.Before.Amount > 0m);

    /// <summary>Does it now?</summary>
    public bool IsThere { get; } = channels.Any(static channel => channel.After.Amount > 0m);

    /// <summary>The bridge of each channel.</summary>
    public IEnumerable<(string Channel, RevenueBridge Bridge)> Bridges() => channels.Zip(Moves(), (channel, moved) => (channel.Channel, Bridge(channel, moved)));

    private RevenueBridge Bridge(ChannelChange channel, Money moved)
    {
        var (zero, own) = (Money.Zero(currency), channel.Change - moved);
        var (grown, shrunk) = (ChannelChange.Positive(own), ChannelChange.Positive(-own));
        return new RevenueBridge(
            channel.Before,
            ChannelChange.Positive(channel.Before),
            WasThere ? zero : grown,
            WasThere ? grown : zero,
            IsThere ? shrunk : zero,
            IsThere ? zero : shrunk,
            moved,
            channel.After - channel.Before - channel.Change,
            channel.After);
    }

    // What left some channels and came to others, whichever is less, is a move. Each channel's part of it is by its change; the last takes what rounding leaves.
    private Money[] Moves()
    {
        var gained = Money.Sum(channels.Select(static channel => ChannelChange.Positive(channel.Change)), currency);
        var lost = Money.Sum(channels.Select(static channel => ChannelChange.Positive(-channel.Change)), currency);
        var moved = gained < lost ? gained : lost;
        var moves = new Money[channels.Count];
        Array.Fill(moves, Money.Zero(currency));
        if (!moved.IsZero)
        {
            Spread(moves, moved, gained, sign: 1);
            Spread(moves, moved, lost, sign: -1);
        }

        return moves;
    }

    private void Spread(Money[] moves, Money moved, Money all, int sign)
    {
        var (left, of) = (moved, all);
        for (var i = 0; i < moves.Length; i++)
        {
            var change = ChannelChange.Positive(channels[i].Change * sign);
            if (change.IsZero)
            {
                continue;
            }

            // of what is left, the part that this one is of those that are left: the last gets all of it, and nobody more than its own change
            var part = change == of ? left : Part(left, change, of);
            moves[i] = part * sign;
            (left, of) = (left - part, of - change);
        }
    }

    private static Money Part(Money left, Money change, Money of)
    {
        var part = ExactRatio.Whole(left) * ExactRatio.Whole(change) / ExactRatio.Whole(of);
        return new Money((decimal)part / 1_000_000_000_000m, left.Currency);
    }
}
