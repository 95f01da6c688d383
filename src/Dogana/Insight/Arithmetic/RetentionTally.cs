using System.Numerics;
using System.Runtime.InteropServices;

namespace Dogana.Insight.Arithmetic;

/// <summary>What one customer brought on one channel, before and after, in parts of 10⁻¹².</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChannelChange(string Channel, Int128 Before, Int128 After)
{
    /// <summary>The change above zero: what lies below is credits.</summary>
    public Int128 Change => Positive(After) - Positive(Before);

    /// <summary>The amount, or zero where it is below.</summary>
    public static Int128 Positive(Int128 amount) => Int128.Max(amount, 0);
}

/// <summary>The bridges of channels, added up customer by customer, so that none has to be held.</summary>
internal sealed class RetentionTally(Currency currency)
{
    private readonly Dictionary<string, BridgeTally> _channels = new(StringComparer.Ordinal);
    private int _openingCustomers, _lostCustomers;

    /// <summary>Adds a customer.</summary>
    /// <param name="channels">Its channels, each once, in the order of their names.</param>
    public void Add(ReadOnlySpan<ChannelChange> channels)
    {
        var (wasThere, isThere, gained, lost) = (false, false, Int128.Zero, Int128.Zero);
        foreach (var channel in channels)
        {
            (wasThere, isThere) = (wasThere || channel.Before > 0, isThere || channel.After > 0);
            (gained, lost) = (gained + ChannelChange.Positive(channel.Change), lost + ChannelChange.Positive(-channel.Change));
        }

        // What left some channels and came to others, whichever is less, is a move.
        var moved = Int128.Min(gained, lost);
        var (came, left) = (new Parts(moved, gained), new Parts(moved, lost));
        foreach (var channel in channels)
        {
            if (!_channels.TryGetValue(channel.Channel, out var bridge))
            {
                _channels.Add(channel.Channel, bridge = new BridgeTally());
            }

            bridge.Add(channel, channel.Change > 0 ? came.Take(channel.Change) : -left.Take(-channel.Change), wasThere, isThere);
        }

        _openingCustomers += wasThere ? 1 : 0;
        _lostCustomers += wasThere && !isThere ? 1 : 0;
    }

    /// <summary>What was added.</summary>
    public Retention ToRetention()
    {
        var channels = new SortedDictionary<string, RevenueBridge>(
            _channels.ToDictionary(static channel => channel.Key, channel => channel.Value.ToBridge(currency), StringComparer.Ordinal), StringComparer.Ordinal);
        return new Retention(channels.Values.Aggregate(RevenueBridge.Empty(currency), static (sum, next) => sum + next), channels, _openingCustomers, _lostCustomers);
    }

    /// <summary>Gives each change its part of what moved: of what is left, the part that it is of those that are left, so that the last gets all of it, and nobody more than its own change.</summary>
    private struct Parts(Int128 moved, Int128 all)
    {
        private Int128 _left = moved, _of = all;

        public Int128 Take(Int128 change)
        {
            if (_left == 0)
            {
                return 0;
            }

            var part = change == _of ? _left : (Int128)((BigInteger)_left * change / _of);
            (_left, _of) = (_left - part, _of - change);
            return part;
        }
    }

    private sealed class BridgeTally
    {
        private Int128 _opening, _cohort, _new, _expansion, _contraction, _churn, _moves, _credits, _closing;

        public void Add(ChannelChange channel, Int128 moved, bool wasThere, bool isThere)
        {
            var own = channel.Change - moved;
            var (grown, shrunk) = (ChannelChange.Positive(own), ChannelChange.Positive(-own));
            _opening += channel.Before;
            _cohort += ChannelChange.Positive(channel.Before);
            _new += wasThere ? 0 : grown;
            _expansion += wasThere ? grown : 0;
            _contraction += isThere ? shrunk : 0;
            _churn += isThere ? 0 : shrunk;
            _moves += moved;
            _credits += channel.After - channel.Before - channel.Change;
            _closing += channel.After;
        }

        public RevenueBridge ToBridge(Currency currency) => new(
            ExactRatio.Amount(_opening, currency), ExactRatio.Amount(_cohort, currency), ExactRatio.Amount(_new, currency), ExactRatio.Amount(_expansion, currency),
            ExactRatio.Amount(_contraction, currency), ExactRatio.Amount(_churn, currency), ExactRatio.Amount(_moves, currency), ExactRatio.Amount(_credits, currency),
            ExactRatio.Amount(_closing, currency));
    }
}
