namespace Dogana.Conduct.Signals;

/// <summary>What an account's calls are like as a whole: a row of numbers, all of them shares or logarithms, that benign accounts are compared by.</summary>
internal static class AccountFeatures
{
    private static readonly Trait[] Shares = Enum.GetValues<Trait>();

    /// <summary>The names of the features, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Shares.Select(static trait => trait.ToString()), "Distinct", "BareImpersonal", "Templates", "LengthEven", "BareImperative", "TemplateSpread"];

    /// <summary>Where the share of instructions without a template and without a person stands.</summary>
    public static readonly int BareImperative = Shares.Length + 4;

    /// <summary>The least that a feature must be above the median to be beyond benign accounts: what few accounts show by chance.</summary>
    public const double ReachMin = 0.05;

    /// <summary>The features of what a sketch saw in a window.</summary>
    public static double[] Of(Pane pane, UnitCounts units)
    {
        var calls = Math.Max(1.0, pane.Calls);
        var values = new double[Names.Count];
        for (var at = 0; at < Shares.Length; at++)
        {
            values[at] = pane.TraitCounts[at] / calls;
        }

        var mean = pane.Words / calls;
        var spread = Math.Sqrt(Math.Max(0, (pane.SquaredWords / calls) - (mean * mean))) / Math.Max(1, mean);
        var unit = Math.Max(1.0, units.Calls);
        double[] shares = [.. units.Top.Where(place => place.Count >= Math.Max(3, unit / 100)).Select(place => Math.Min(1, place.Count / unit))];
        var bare = 1 - values[(int)Trait.Templated];
        var index = Shares.Length;
        values[index++] = Math.Min(1, (pane.Items?.Count() ?? 0) / calls);
        values[index++] = bare * values[(int)Trait.Impersonal];
        values[index++] = shares.Count(static share => share is >= 0.01 and <= 0.2) / 64.0;
        values[index++] = 1 / (1 + spread);
        values[index++] = bare * values[(int)Trait.Imperative] * values[(int)Trait.Impersonal];
        values[index] = shares.Length == 0 ? 0 : 1 - shares.Max();
        return values;
    }
}
