using System.Globalization;
using Dogana.Audit;

namespace Dogana.Server.Hosting;

/// <summary>
/// When checkpoints of the audit log are signed, and whether they are posted as notices, from the host's configuration, section <c>Audit</c>: <c>--Audit:CheckpointInterval=00:01:00</c> or <c>Audit__CheckpointInterval</c> in the
/// environment. A name that is none, or a value out of range, ends the start.
/// </summary>
/// <param name="Schedule">When.</param>
/// <param name="Posts">Are they posted as notices (<c>audit.checkpoint</c>)?</param>
internal sealed record CheckpointSettings(CheckpointSchedule Schedule, bool Posts)
{
    private const string Section = "Audit";
    private const string Rows = "CheckpointRows";
    private const string Interval = "CheckpointInterval";
    private const string Notices = "CheckpointNotices";

    private static readonly TimeSpan IntervalMax = TimeSpan.FromDays(1);

    /// <summary>The settings: those that are set, and the default of each other.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static CheckpointSettings Read(IConfiguration configuration)
    {
        var read = new CheckpointSettings(CheckpointSchedule.Default, Posts: false);
        foreach (var setting in configuration.GetSection(Section).GetChildren())
        {
            read = setting.Key switch
            {
                Rows => read with { Schedule = read.Schedule with { Rows = Number(setting) } },
                Interval => read with { Schedule = read.Schedule with { Interval = Time(setting) } },
                Notices => read with { Posts = bool.TryParse(setting.Value, out var posts) ? posts : throw Wrong(setting, "true or false") },
                _ => throw new InvalidOperationException($"'{setting.Path}' is no setting. There are {Interval}, {Notices}, {Rows}."),
            };
        }

        return read;
    }

    private static int Number(IConfigurationSection setting) =>
        int.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw Wrong(setting, "a whole number from 1 on");

    // With colons: a bare 10 would be read as ten days.
    private static TimeSpan Time(IConfigurationSection setting) =>
        setting.Value?.Contains(':', StringComparison.Ordinal) == true && TimeSpan.TryParse(setting.Value, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero && time <= IntervalMax
            ? time : throw Wrong(setting, "hours, minutes and seconds, such as 00:10:00: more than nothing, at most a day");

    private static InvalidOperationException Wrong(IConfigurationSection setting, string remedy) => new($"'{setting.Path}' is '{setting.Value}'. Write {remedy}.");
}
