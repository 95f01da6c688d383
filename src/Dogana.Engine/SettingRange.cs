namespace Dogana.Engine;

/// <summary>Checks that a setting is within its documented range.</summary>
internal static class SettingRange
{
    /// <summary>Returns the value, or says which setting is out of which range. A NaN is out of every range.</summary>
    public static T Require<T>(T value, T min, T max, string setting)
        where T : IComparable<T> => value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"{setting}: expected {min} to {max}.");
}
