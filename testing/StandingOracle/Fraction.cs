using System.Numerics;

namespace Dogana.Testing.StandingOracle;

/// <summary>An exact fraction: nothing of the product's arithmetic.</summary>
internal readonly record struct Fraction(BigInteger Top, BigInteger Bottom) : IComparable<Fraction>
{
    public static Fraction Zero { get; } = new(0, 1);

    public static Fraction One { get; } = new(1, 1);

    public static Fraction operator +(Fraction one, Fraction other) => new(one.Top * other.Bottom + other.Top * one.Bottom, one.Bottom * other.Bottom);

    public static Fraction operator *(Fraction one, Fraction other) => new(one.Top * other.Top, one.Bottom * other.Bottom);

    public static bool operator >(Fraction one, Fraction other) => one.CompareTo(other) > 0;

    public static bool operator <(Fraction one, Fraction other) => one.CompareTo(other) < 0;

    public static bool operator >=(Fraction one, Fraction other) => one.CompareTo(other) >= 0;

    public static bool operator <=(Fraction one, Fraction other) => one.CompareTo(other) <= 0;

    public int CompareTo(Fraction other) => (Top * other.Bottom).CompareTo(other.Top * Bottom);
}
