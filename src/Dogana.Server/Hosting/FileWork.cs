using Dogana.Batches;
using Dogana.Files;
using Dogana.Gateway;

namespace Dogana.Server.Hosting;

/// <summary>Composes files and batches: their limits are the sections <c>Files</c> and <c>Batches</c> of the host's configuration.</summary>
internal static class FileWork
{
    private const int MegabytesMax = 1024 * 1024;
    private const int LinesMax = 1_000_000;
    private const int LinesAtOnceMax = 1_024;
    private const long Megabyte = 1024 * 1024;

    /// <summary>Adds it; what runs batches only where models are served, behind everything that calls need.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static void AddTo(WebApplicationBuilder builder, bool servesModels)
    {
        var (files, batches) = (ReadFiles(builder.Configuration), ReadBatches(builder.Configuration));
        builder.Services.AddSingleton(files);
        builder.Services.AddSingleton(batches);
        builder.Services.AddSingleton<StoredFiles>();
        builder.Services.AddSingleton<BatchRegister>();
        if (servesModels)
        {
            builder.Services.AddHostedService<FileUpkeep>();
            builder.Services.AddStoredWork(batches, static provider => provider.GetRequiredService<UsageShipping>().ShipJournalAsync);
        }
    }

    private static FileLimits ReadFiles(ConfigurationManager configuration)
    {
        var limits = new FileLimits();
        foreach (var setting in configuration.GetSection("Files").GetChildren())
        {
            limits = setting.Key.ToUpperInvariant() switch
            {
                "FILEMEGABYTESMAX" => limits with { FileBytesMax = SettingValue.Number(setting, MegabytesMax) * Megabyte },
                "PROJECTMEGABYTESMAX" => limits with { ProjectBytesMax = SettingValue.Number(setting, MegabytesMax) * Megabyte },
                "PROJECTFILESMAX" => limits with { ProjectFilesMax = SettingValue.Number(setting) },
                "UPLOADSATONCE" => limits with { UploadsAtOnce = SettingValue.Number(setting) },
                _ => throw Unknown(setting, "FileMegabytesMax, ProjectFilesMax, ProjectMegabytesMax, UploadsAtOnce"),
            };
        }

        return limits;
    }

    private static BatchLimits ReadBatches(ConfigurationManager configuration)
    {
        var limits = new BatchLimits();
        foreach (var setting in configuration.GetSection("Batches").GetChildren())
        {
            limits = setting.Key.ToUpperInvariant() switch
            {
                "LINESMAX" => limits with { LinesMax = SettingValue.Number(setting, LinesMax) },
                "LINESATONCE" => limits with { LinesAtOnce = SettingValue.Number(setting, LinesAtOnceMax) },
                "OPENPERPROJECT" => limits with { OpenPerProject = SettingValue.Number(setting) },
                _ => throw Unknown(setting, "LinesAtOnce, LinesMax, OpenPerProject"),
            };
        }

        return limits;
    }

    private static InvalidOperationException Unknown(IConfigurationSection setting, string known) => new($"'{setting.Path}' is no setting. There are {known}.");
}

/// <summary>Deletes files whose time is over, and what broken uploads left, once a minute; on every node, which does no harm.</summary>
internal sealed partial class FileUpkeep(StoredFiles files, TimeProvider time, ILogger<FileUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, time, files.SweepAsync, LogFailed, stoppingToken, isFirstAtOnce: true);

    [LoggerMessage(3802, LogLevel.Warning, "Files could not be looked after; it is tried again shortly.")]
    private partial void LogFailed(Exception fault);
}
