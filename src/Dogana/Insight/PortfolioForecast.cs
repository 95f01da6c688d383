using System.Security.Cryptography;
using System.Text;

namespace Dogana.Insight;

/// <summary>A series with a name.</summary>
/// <param name="Name">Unique, such as a family's.</param>
/// <param name="Values">The oldest first. All series end with the same step; one that began later has fewer values.</param>
public sealed record NamedSeries(string Name, IReadOnlyList<double> Values);

/// <summary>How series are forecast together.</summary>
/// <param name="Season">How many steps a season has; 1 where there is none.</param>
/// <param name="Horizon">How many steps to carry on.</param>
/// <param name="Seed">What chance comes from; the same seed gives the same numbers.</param>
/// <param name="Alone">How many of the largest are forecast one by one.</param>
/// <param name="AlsoAlone">Names of others that are, such as whoever may leave.</param>
public sealed record PortfolioPlan(int Season, int Horizon, int Seed, int Alone = 10, IReadOnlySet<string>? AlsoAlone = null);

/// <summary>What is forecast by itself.</summary>
/// <param name="Name">The series; null for the block of all that are not forecast one by one.</param>
/// <param name="Series">How many series: one, or those of the block.</param>
/// <param name="Choice">The forecast.</param>
public sealed record PortfolioPart(string? Name, int Series, ForecastChoice Choice);

/// <summary>That a series falls, or ends.</summary>
/// <param name="Series">Its name.</param>
/// <param name="FromStep">The first step in which it is less, from 1.</param>
/// <param name="OverSteps">In how many equal steps it falls: 1 is at once.</param>
/// <param name="Kept">What is left of it then: 0 where it ends, 1 where nothing changes.</param>
/// <param name="Minimums">What is paid at least in each step of the forecast from the first one on, by contract; nothing beyond the list. Null where there is no contract.</param>
public sealed record Departure(string Series, int FromStep, int OverSteps = 1, double Kept = 0, IReadOnlyList<double>? Minimums = null)
{
    internal double Of(double value, int step)
    {
        if (step < FromStep)
        {
            return value;
        }

        var left = value * (1 - (1 - Kept) * Math.Min(1.0, (double)(step - FromStep + 1) / OverSteps));
        return Minimums is null ? left : Math.Max(left, step <= Minimums.Count ? Minimums[step - 1] : 0);
    }
}

/// <summary>
/// Many series forecast together: the large ones one by one, all others as one block, joined by simulation. Each outcome draws the residuals of all series from the
/// same past steps, so that what made them err together does so again. Chance depends on the seed and a series' name alone: outcomes with and
/// without a departure differ by that departure and nothing else. Immutable.
/// </summary>
public sealed class PortfolioForecast
{
    private readonly PortfolioPlan _plan;

    private PortfolioForecast(PortfolioPlan plan, IReadOnlyList<PortfolioPart> parts)
    {
        (_plan, Parts) = (plan, parts);
    }

    /// <summary>What was forecast by itself, by name, the block last. A series with less than three values is in the block, whatever the plan says.</summary>
    public IReadOnlyList<PortfolioPart> Parts { get; }

    /// <summary>The forecast of series; null where there are less than three steps in all.</summary>
    public static PortfolioForecast? Of(IReadOnlyList<NamedSeries> series, PortfolioPlan plan)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(plan);
        var ordered = series.OrderBy(static one => one.Name, StringComparer.Ordinal).ToArray();
        var large = ordered.OrderByDescending(one => one.Values.TakeLast(Math.Max(plan.Season, plan.Horizon)).Sum()).Take(plan.Alone).Select(static one => one.Name)
            .Concat(plan.AlsoAlone ?? new HashSet<string>(StringComparer.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var parts = new List<PortfolioPart>();
        var rest = new List<NamedSeries>();
        foreach (var one in ordered)
        {
            if (large.Contains(one.Name) && Choose(one.Values) is { } choice)
            {
                parts.Add(new PortfolioPart(one.Name, 1, choice));
            }
            else
            {
                rest.Add(one);
            }
        }

        if (rest.Count > 0 && Choose(Block(rest)) is { } block)
        {
            parts.Add(new PortfolioPart(null, rest.Count, block));
        }

        return parts.Count == 0 ? null : new PortfolioForecast(plan, parts);

        ForecastChoice? Choose(IReadOnlyList<double> values) => Forecasting.Choose(values, plan.Season, plan.Horizon, plan.Seed);
    }

    /// <summary>The sum of all series over some steps, with nobody leaving or with some who do.</summary>
    /// <param name="from">The first step, 1 or more.</param>
    /// <param name="to">The last one, up to the plan's horizon.</param>
    /// <param name="departures">At most one for each series that is forecast by itself.</param>
    public ForecastDistribution Sum(int from, int to, IReadOnlyList<Departure>? departures = null)
    {
        if (from < 1 || to < from || to > _plan.Horizon)
        {
            throw new ArgumentOutOfRangeException(nameof(to), $"Steps {from} to {to} are not within 1 to {_plan.Horizon}.");
        }

        var leaving = (departures ?? []).ToDictionary(static departure => departure.Series, StringComparer.Ordinal);
        if (leaving.Keys.FirstOrDefault(name => Parts.All(part => part.Name != name)) is { } unknown)
        {
            throw new ArgumentException($"'{unknown}' is not forecast by itself: name it in the plan.", nameof(departures));
        }

        var ofParts = Parts.Select(part => part.Name is null ? null : leaving.GetValueOrDefault(part.Name)).ToArray();
        return Sum(from, to, (part, step, value) => ofParts[part]?.Of(value, step) ?? value);
    }

    /// <summary>The sum of all series over some steps, with whatever becomes of each; the same draws whatever that is.</summary>
    /// <param name="from">The first step, 1 or more.</param>
    /// <param name="to">The last one, up to the plan's horizon.</param>
    /// <param name="become">What a value becomes, by its place in <see cref="Parts"/> and its step.</param>
    internal ForecastDistribution Sum(int from, int to, Func<int, int, double, double> become)
    {
        var lags = new Random(_plan.Seed);
        var residuals = Parts.Max(static part => part.Choice.Forecast.ResidualCount);
        var chances = Parts.Select(part => new Random(_plan.Seed ^ Hash(part.Name))).ToArray();
        return ForecastDistribution.OfOutcomes(Enumerable.Range(0, SeriesForecast.Paths).Select(_ =>
        {
            var drawn = SeriesForecast.Lags(lags, residuals, _plan.Horizon);
            return Parts.Select((part, place) => Outcome(place, part.Choice.Forecast.Path(drawn, chances[place]))).Sum();
        }));

        double Outcome(int place, double[] path)
        {
            var sum = 0.0;
            for (var step = from; step <= to; step++)
            {
                sum += become(place, step, path[step - 1]);
            }

            return sum;
        }
    }

    // They end together, so they are added up from their ends.
    private static double[] Block(List<NamedSeries> series)
    {
        var sum = new double[series.Max(static one => one.Values.Count)];
        foreach (var values in series.Select(static one => one.Values))
        {
            for (var i = 0; i < values.Count; i++)
            {
                sum[^(values.Count - i)] += values[i];
            }
        }

        return sum;
    }

    // The same on every machine and in every run, as string.GetHashCode is not. The block has none.
    private static int Hash(string? name) => name is null ? 0 : BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
