using System.Runtime.InteropServices;
using Dogana.Insight.Arithmetic;

namespace Dogana.Insight.Revenue;

/// <summary>What parties brought on channels before and after, a cell for each party and channel that has any: a chain of cells for each party.</summary>
internal sealed class ChannelCells
{
    private const int None = -1;

    private readonly int[] _first;
    private readonly List<Cell> _cells = [];

    /// <summary>No cells yet.</summary>
    /// <param name="places">How many places parties have.</param>
    public ChannelCells(int places)
    {
        _first = new int[places];
        Array.Fill(_first, None);
    }

    /// <summary>Adds to what a party brought on a channel.</summary>
    public void Add(int party, string channel, bool isAfter, Int128 pico)
    {
        var place = _first[party];
        while (place != None && _cells[place].Channel != channel)
        {
            place = _cells[place].Next;
        }

        if (place == None)
        {
            place = _cells.Count;
            _cells.Add(new Cell { Channel = channel, Next = _first[party] });
            _first[party] = place;
        }

        ref var cell = ref CollectionsMarshal.AsSpan(_cells)[place];
        if (isAfter)
        {
            cell.After += pico;
        }
        else
        {
            cell.Before += pico;
        }
    }

    /// <summary>The retention of all parties.</summary>
    public Retention ToRetention(Currency currency)
    {
        var tally = new RetentionTally(currency);
        var channels = new List<ChannelChange>();
        foreach (var first in _first)
        {
            channels.Clear();
            for (var place = first; place != None; place = _cells[place].Next)
            {
                channels.Add(new ChannelChange(_cells[place].Channel, _cells[place].Before, _cells[place].After));
            }

            channels.Sort(static (left, right) => string.CompareOrdinal(left.Channel, right.Channel));
            tally.Add(CollectionsMarshal.AsSpan(channels));
        }

        return tally.ToRetention();
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Cell
    {
        public string Channel;
        public int Next;
        public Int128 Before, After;
    }
}
