namespace Dogana.Insight.Arithmetic;

/// <summary>
/// The smallest value of a function over the unit cube, by the simplex of Nelder and Mead, The Computer Journal 7(4), 1965, with points beyond a wall moved onto it.
/// Without chance: it starts at the best point of a coarse grid, and once more at where it ended, because a simplex can lie flat on a wall.
/// </summary>
internal static class NelderMead
{
    private static readonly double[] Coarse = [0.05, 0.3, 0.7, 0.95];
    private const int StepsMax = 400;
    private const double Tolerance = 1e-12;

    /// <summary>The best point found. For a cube of no dimension that is the empty point.</summary>
    public static double[] Minimise(Func<double[], double> cost, int dimensions)
    {
        if (dimensions == 0)
        {
            return [];
        }

        var start = Grid(dimensions).MinBy(cost)!;
        return Descend(cost, Descend(cost, start));
    }

    private static IEnumerable<double[]> Grid(int dimensions) => dimensions == 0
        ? [[]]
        : Grid(dimensions - 1).SelectMany(static point => Coarse.Select(last => (double[])[.. point, last]));

    private static double[] Descend(Func<double[], double> cost, double[] start)
    {
        var corners = new List<Corner> { At(start) };
        for (var i = 0; i < start.Length; i++)
        {
            var corner = (double[])start.Clone();
            corner[i] += corner[i] < 0.5 ? 0.2 : -0.2;
            corners.Add(At(corner));
        }

        for (var step = 0; step < StepsMax; step++)
        {
            corners.Sort(static (left, right) => left.Cost.CompareTo(right.Cost));
            var (best, worst) = (corners[0], corners[^1]);
            if (worst.Cost - best.Cost <= Tolerance * Math.Abs(best.Cost) && corners.All(corner => Far(corner, best) < 1e-6))
            {
                break;
            }

            var middle = Middle(corners);
            var reflected = At(Along(worst.Point, middle, 2));
            var next = reflected.Cost < best.Cost ? Better(reflected, At(Along(worst.Point, middle, 3)))
                : reflected.Cost < corners[^2].Cost ? reflected
                : At(Along(worst.Point, middle, reflected.Cost < worst.Cost ? 1.5 : 0.5));
            if (next.Cost < worst.Cost)
            {
                corners[^1] = next;
                continue;
            }

            for (var i = 1; i < corners.Count; i++)
            {
                corners[i] = At(Along(best.Point, corners[i].Point, 0.5));
            }
        }

        return corners.MinBy(static corner => corner.Cost)!.Point;

        Corner At(double[] point)
        {
            var inside = Array.ConvertAll(point, static value => Math.Clamp(value, 0, 1));
            return new Corner(inside, cost(inside));
        }
    }

    private static Corner Better(Corner left, Corner right) => right.Cost < left.Cost ? right : left;

    private static double Far(Corner left, Corner right) => left.Point.Zip(right.Point, static (a, b) => Math.Abs(a - b)).Max();

    private static double[] Middle(List<Corner> corners) =>
        [.. Enumerable.Range(0, corners[0].Point.Length).Select(i => corners.Take(corners.Count - 1).Average(corner => corner.Point[i]))];

    // From one point towards another: 1 is that one, 2 as far again behind it.
    private static double[] Along(double[] from, double[] to, double times) => [.. from.Zip(to, (a, b) => a + (b - a) * times)];

    private sealed record Corner(double[] Point, double Cost);
}
