using Dogana.Limits;

namespace Dogana.Testing.LeaseSimulation;

/// <summary>What calls really took of one limit, whatever nodes and store believe: kept by definition, not by leases.</summary>
/// <param name="limit">The limit.</param>
/// <param name="losesOverruns">May what calls used beyond the most that they could be lost for good?</param>
internal sealed class TrueUse(Limit limit, bool losesOverruns)
{
    private const long MicrosPerMinute = 60_000_000;

    private readonly List<(long At, Int128 Amount)> _declared = [(long.MinValue, limit.Amount)];
    private readonly List<Taken> _taken = [];
    private readonly Dictionary<long, Int128> _windows = [];
    private readonly List<(long At, Int128 Use)> _looks = [(0, 0)];
    private readonly List<(long At, Int128 Back)> _back = [];
    private Int128 _level; // of what drains, in parts × microseconds of a minute: exact
    private long _levelAt;

    /// <summary>The limit as declared last.</summary>
    public Limit Limit { get; private set; } = limit;

    /// <summary>By how much calls used more than the most that they could.</summary>
    public Int128 Overrun { get; private set; }

    /// <summary>What one call took at most.</summary>
    public Int128 Largest { get; private set; }

    public bool IsDraining => Limit.Period.Kind == LimitPeriodKind.Draining;

    /// <summary>It is declared anew.</summary>
    public void Declare(Limit declared, long now)
    {
        Limit = declared;
        _declared.Add((now, declared.Amount));
    }

    /// <summary>The largest amount that was in force at some time since an instant.</summary>
    public Int128 MostSince(long instant)
    {
        Int128 most = 0;
        for (var i = _declared.Count - 1; i >= 0; i--)
        {
            most = Int128.Max(most, _declared[i].Amount);
            if (_declared[i].At <= instant)
            {
                break;
            }
        }

        return most;
    }

    /// <summary>A call takes an amount. Gives what is wrong with that, or null.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="window">In which window, by its node's clock.</param>
    /// <param name="now">When.</param>
    /// <param name="skew">By how much clocks of nodes differ, in microseconds.</param>
    /// <param name="taken">What it took.</param>
    public string? Take(Int128 amount, LimitWindow window, long now, long skew, out Taken taken)
    {
        taken = new Taken(now, window.Number) { Amount = amount };
        _taken.Add(taken);
        var levelBefore = LevelAt(now);
        _level += amount * MicrosPerMinute;
        _windows[window.Number] = _windows.GetValueOrDefault(window.Number) + amount;
        Look(now);
        var (use, most) = Limit.Period.Kind switch
        {
            LimitPeriodKind.Draining => ((levelBefore + MicrosPerMinute - 1) / MicrosPerMinute, Limit.Amount + OverSince(losesOverruns ? long.MinValue : now - 3_000_000) + (skew > 0 ? Largest + Limit.Amount * skew / MicrosPerMinute + 1 : 0)),
            LimitPeriodKind.Sliding => (SumSince(now - MicrosPerMinute + skew), MostSince(now - MicrosPerMinute - Late) + Overrun),
            LimitPeriodKind.Fixed => (_windows[window.Number], MostSince(now - window.Length() - Late) + Overrun),
            _ => (_windows[window.Number], MostSince(long.MinValue) + Overrun),
        };
        Largest = Int128.Max(Largest, amount);
        return use <= most ? null : $"{Limit.Id}: {use} are used where {most} may be";
    }

    // What was declared before may still be on its way.
    private const long Late = 20_000_000;

    /// <summary>A call that took something used another amount.</summary>
    public void Correct(Taken taken, Int128 used, long now)
    {
        LevelAt(now);
        _level = Int128.Max(0, _level + (used - taken.Amount) * MicrosPerMinute);
        _windows[taken.Window] += used - taken.Amount;
        Overrun += Int128.Max(0, used - taken.Amount);
        _back.Add((now, taken.Amount - used));
        taken.Amount = used;
        Look(now);
    }

    /// <summary>What is used in a window.</summary>
    public Int128 In(long window) => _windows.GetValueOrDefault(window);

    /// <summary>What is in the bucket, in whole parts.</summary>
    public Int128 Level(long now) => LevelAt(now) / MicrosPerMinute;

    /// <summary>
    /// Was there room for an amount all the time since an instant? Of what calls give back the store hears within a second and an answer; of what drained too.
    /// </summary>
    public bool HadRoom(Int128 amount, long since, long now)
    {
        Look(now);
        var most = IsDraining ? Limit.Amount * 9 / 10 : Limit.Amount - amount;
        for (var i = _looks.Count - 1; i >= 0; i--)
        {
            if (_looks[i].Use + BackBefore(_looks[i].At) > most)
            {
                return false;
            }

            if (_looks[i].At <= since)
            {
                break;
            }
        }

        return _declared[^1].At <= since;
    }

    private Int128 BackBefore(long now)
    {
        Int128 sum = 0;
        for (var i = _back.Count - 1; i >= 0 && _back[i].At > now - 1_500_000; i--)
        {
            sum += _back[i].At <= now ? Int128.Max(0, _back[i].Back) : 0;
        }

        return sum;
    }

    // A call that used more than it could raises what drains, whoever was admitted just before.
    private Int128 OverSince(long instant)
    {
        Int128 sum = 0;
        for (var i = _back.Count - 1; i >= 0 && _back[i].At > instant; i--)
        {
            sum += Int128.Max(0, -_back[i].Back);
        }

        return sum;
    }

    private void Look(long now)
    {
        Int128 use = 0;
        if (IsDraining)
        {
            use = Level(now);
        }
        else if (_taken.Count > 0)
        {
            var last = _taken[^1].Window;
            use = Limit.Period.LookBack == 0 ? _windows[last] : _windows.Where(pair => pair.Key >= last - Limit.Period.LookBack - 1).Aggregate((Int128)0, static (sum, pair) => sum + pair.Value);
        }

        _looks.Add((now, use));
    }

    private Int128 SumSince(long instant)
    {
        Int128 sum = 0;
        for (var i = _taken.Count - 1; i >= 0 && _taken[i].At > instant; i--)
        {
            sum += _taken[i].Amount;
        }

        return sum;
    }

    private Int128 LevelAt(long now)
    {
        _level = Int128.Max(0, _level - Limit.Amount * (now - _levelAt));
        _levelAt = now;
        return _level;
    }
}

/// <summary>What one call took.</summary>
internal sealed class Taken(long at, long window)
{
    public long At { get; } = at;

    public long Window { get; } = window;

    public Int128 Amount { get; set; }

    /// <summary>Of which limit, once it is known what was used.</summary>
    public TrueUse? Of { get; set; }
}

/// <summary>How long windows are.</summary>
internal static class WindowLength
{
    /// <summary>In microseconds.</summary>
    public static long Length(this LimitWindow window) => (long)(window.End - window.Start).TotalMicroseconds;
}
