using System.Reflection;
using Dogana.Gateway;

namespace Dogana.Server.Hosting;

/// <summary>
/// The data plane's limits from the host's configuration, section <c>Gateway</c>: <c>--Gateway:StallTimeout=00:00:30</c> or <c>Gateway__StallTimeout</c>
/// in the environment. A name that is none, or a value out of range, ends the start: a limit that is silently another one protects nobody.
/// </summary>
internal static class GatewaySettings
{
    private const string Section = "Gateway";
    private const string CountryFileKey = "CountryFile";
    private const int ChoicesMax = 64; // so many are told apart in a stream

    private static readonly TimeSpan TimeMax = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, PropertyInfo> Limits = typeof(GatewayOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(int))
        .ToDictionary(static property => property.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The limits: those that are set, and the default of each other.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static GatewayOptions Read(IConfiguration configuration)
    {
        var options = new GatewayOptions();
        foreach (var setting in configuration.GetSection(Section).GetChildren().Where(static setting => setting.Key != CountryFileKey))
        {
            if (!Limits.TryGetValue(setting.Key, out var limit))
            {
                throw new InvalidOperationException($"'{setting.Path}' is no setting. There are {string.Join(", ", Limits.Keys.Order(StringComparer.Ordinal))}.");
            }

            limit.SetValue(options, limit.PropertyType == typeof(int) ? (object)SettingValue.Number(setting, limit.Name == nameof(GatewayOptions.ChoicesMax) ? ChoicesMax : int.MaxValue) : SettingValue.Time(setting, TimeMax));
        }

        return options;
    }

    /// <summary>The operator's file of countries (<c>Gateway:CountryFile</c>, a path), or one that knows none.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read; the message names the line.</exception>
    public static CountryFile ReadCountries(IConfiguration configuration, TimeProvider time) =>
        configuration[$"{Section}:{CountryFileKey}"] is { Length: > 0 } path ? CountryFile.Open(path, time) : CountryFile.None;
}
