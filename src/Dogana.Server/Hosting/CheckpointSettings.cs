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
                Rows => read with { Schedule = read.Schedule with { Rows = SettingValue.Number(setting) } },
                Interval => read with { Schedule = read.Schedule with { Interval = SettingValue.Time(setting, IntervalMax) } },
                Notices => read with { Posts = SettingValue.Flag(setting) },
                _ => throw new InvalidOperationException($"'{setting.Path}' is no setting. There are {Interval}, {Notices}, {Rows}."),
            };
        }

        return read;
    }
}
