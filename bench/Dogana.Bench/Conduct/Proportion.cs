using Dogana.Bench.Figures;

namespace Dogana.Bench.Conduct;

/// <summary>So many of so many, with the exact interval of Clopper and Pearson (1934) at 95 %.</summary>
internal readonly record struct Proportion(int Of, int All)
{
    private const double Tail = 0.025;

    public double Value => All == 0 ? 0 : (double)Of / All;

    /// <summary>The least share that makes so many or more as likely as the tail.</summary>
    public double Low => Of == 0 ? 0 : Solve(Of - 1, 1 - Tail);

    /// <summary>The greatest share that makes so many or fewer as likely as the tail.</summary>
    public double High => Of == All ? 1 : Solve(Of, Tail);

    public static Proportion operator +(Proportion one, Proportion other) => new(one.Of + other.Of, one.All + other.All);

    public static Proportion Count<T>(IEnumerable<T> all, Func<T, bool> isOne)
    {
        var (of, count) = (0, 0);
        foreach (var item in all)
        {
            count++;
            of += isOne(item) ? 1 : 0;
        }

        return new Proportion(of, count);
    }

    public Figure ToFigure(FigureKind kind) => new(kind, Value, Low, High, Math.Max(2, All), All);

    // The share at which at most that many are as likely as wanted; the likelihood falls with the share.
    private double Solve(int most, double wanted)
    {
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = AtMost(most, middle) > wanted ? (middle, high) : (low, middle);
        }

        return low;
    }

    private double AtMost(int most, double share)
    {
        var (sum, term) = (0.0, All * Math.Log(1 - share));
        for (var count = 0; count <= most; count++)
        {
            sum += Math.Exp(term);
            term += Math.Log((All - count) / (count + 1.0)) + Math.Log(share) - Math.Log(1 - share);
        }

        return sum;
    }
}
