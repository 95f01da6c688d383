using System.Globalization;

namespace Dogana.Server.Hosting;

/// <summary>Reads one value of the host's configuration. Whatever is none, or out of range, ends the start: a setting that is silently another one protects nobody.</summary>
internal static class SettingValue
{
    /// <summary>A whole number from 1 on.</summary>
    /// <exception cref="InvalidOperationException">It is none, or out of range; the message names it.</exception>
    public static int Number(IConfigurationSection setting, int most = int.MaxValue) =>
        int.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
            ? number : throw Wrong(setting, string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {most}"));

    /// <summary>A span of time, more than nothing.</summary>
    /// <exception cref="InvalidOperationException">It is none, or out of range; the message names it.</exception>
    public static TimeSpan Time(IConfigurationSection setting, TimeSpan most, TimeSpan least = default)
    {
        // With colons: a bare 30 would be read as thirty days.
        var isTime = TimeSpan.TryParse(setting.Value, CultureInfo.InvariantCulture, out var time) && setting.Value.Contains(':', StringComparison.Ordinal);
        return isTime && time > TimeSpan.Zero && time >= least && time <= most
            ? time : throw Wrong(setting, $"hours, minutes and seconds, such as 00:00:30 or 00:00:00.5: {(least > TimeSpan.Zero ? $"at least {least:c}" : "more than nothing")}, at most {most:c}");
    }

    /// <summary>Yes or no.</summary>
    /// <exception cref="InvalidOperationException">It is neither; the message names it.</exception>
    public static bool Flag(IConfigurationSection setting) => bool.TryParse(setting.Value, out var flag) ? flag : throw Wrong(setting, "true or false");

    private static InvalidOperationException Wrong(IConfigurationSection setting, string remedy) => new($"'{setting.Path}' is '{setting.Value}'. Write {remedy}.");
}
