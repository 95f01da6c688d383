namespace Dogana.Bench.Figures;

/// <summary>What a figure should be.</summary>
internal sealed record Goal(string Sign, double Bound)
{
    public static Goal AtLeast(double bound) => new("≥", bound);

    public static Goal AtMost(double bound) => new("≤", bound);

    public static Goal Exactly(double bound) => new("=", bound);

    public bool IsMet(double value) => Sign switch
    {
        "≥" => value >= Bound,
        "≤" => value <= Bound,
        _ => value.Equals(Bound),
    };

    public override string ToString() => $"{Sign} {Number.Show(Bound)}";
}
