using System.CommandLine;
using System.Globalization;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Server.Hosting;
using Dogana.Storage;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana upgrade</c>: brings a store's schema to this version.</summary>
internal static class UpgradeVerb
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Change nothing: list the steps that would run. Exit 1 when there are any." };
        var backup = new Option<string?>("--backup") { Description = "Where the backup goes that is made before: a folder, or a new file (default: the data folder of a SQLite store)." };
        var none = new Option<bool>("--no-backup") { Description = "Make no backup. There is no other way back." };
        var command = StoreVerb.Create(
            "upgrade",
            "Brings a store's schema to this version, after a backup. No server may work on the store meanwhile.\n\n"
            + "Examples:\n  dogana upgrade --check --data DIR\n  dogana upgrade --data DIR\n  dogana upgrade --postgres 'Host=…' --backup /var/backups/dogana",
            [check, backup, none],
            (parsed, cancellation) => RunAsync(parsed, parsed.GetValue(check), parsed.GetValue(none), parsed.GetValue(backup), cancellation),
            static (report, output) =>
            {
                if (report.IsCurrent)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The store is at step {report.Step:D4}{(report.Backup is { } made ? $". As it was before: {made.File}" : "")}."));
                    return;
                }

                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The store is at step {report.Step:D4}; these would run:"));
                foreach (var step in report.Pending)
                {
                    output.WriteLine("  " + step);
                }
            });
        command.Validators.Add(result =>
        {
            if (result.GetValue(StoreOptions.Postgres) is not null && result.GetValue(backup) is null && !result.GetValue(none) && !result.GetValue(check))
            {
                result.AddError("Say where the backup goes: --backup FOLDER (or --no-backup).");
            }
        });
        return command;
    }

    private static async Task<UpgradeReport> RunAsync(ParseResult parsed, bool isCheck, bool isWithoutBackup, string? backup, CancellationToken cancellation)
    {
        StoreVerb.RequireStore(parsed);
        var settings = StoreOptions.Settings(parsed);
        if (settings.Postgres is null && !File.Exists(Path.Combine(settings.DataFolder, "dogana.db")))
        {
            throw new ProblemException(new Problem(ProblemCode.NotFound, $"There is no store in {Path.GetFullPath(settings.DataFolder)}. Say where it is with --data or --postgres."));
        }

        await using var store = await StoreUpgrading.OpenAsync(settings, StoreUpgrade.Leave, cancellation);
        var before = await StoreSchema.ReadAsync(store, cancellation);
        var made = isCheck && before.Unknown.Count == 0 ? null
            : await StoreUpgrading.UpgradeAsync(store, isWithoutBackup ? null : backup ?? settings.DataFolder, Actor.Operator, cancellation);
        var after = await StoreSchema.ReadAsync(store, cancellation);
        return new UpgradeReport(after.IsEmpty ? 0 : after.Ran[^1].Number, [.. after.Pending.Select(static step => step.Name)], made, after.IsCurrent);
    }
}
