namespace Dogana.Insight.Arithmetic;

/// <summary>Linear least squares by modified Gram-Schmidt (Björck 1967).</summary>
internal static class LeastSquares
{
    /// <summary>
    /// The weights x for which |target − Σ xⱼ columnⱼ|² is smallest. A column that the ones before it make up gets no weight: what data do not tell stays zero.
    /// Columns and target are used up.
    /// </summary>
    public static double[] Solve(double[][] columns, double[] target)
    {
        var count = columns.Length;
        var upper = new double[count, count];
        var projected = new double[count];
        for (var i = 0; i < count; i++)
        {
            var before = Dot(columns[i], columns[i]);
            for (var j = 0; j < i; j++)
            {
                upper[j, i] = Remove(columns[j], columns[i]);
            }

            var norm = Math.Sqrt(Dot(columns[i], columns[i]));
            if (norm * norm <= before * 1e-20 || norm <= 1e-150)
            {
                Array.Clear(columns[i]);
                continue;
            }

            Scale(columns[i], 1 / norm);
            upper[i, i] = norm;
            projected[i] = Remove(columns[i], target);
        }

        var weights = new double[count];
        for (var i = count - 1; i >= 0; i--)
        {
            var rest = projected[i];
            for (var j = i + 1; j < count; j++)
            {
                rest -= upper[i, j] * weights[j];
            }

            weights[i] = upper[i, i] == 0 ? 0 : rest / upper[i, i];
        }

        return weights;
    }

    private static double Remove(double[] direction, double[] from)
    {
        var part = Dot(direction, from);
        for (var i = 0; i < from.Length; i++)
        {
            from[i] -= part * direction[i];
        }

        return part;
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static void Scale(double[] column, double by)
    {
        for (var i = 0; i < column.Length; i++)
        {
            column[i] *= by;
        }
    }
}
