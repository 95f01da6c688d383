using System.CommandLine;
using System.Globalization;
using Dogana.Audit;
using Dogana.Backups;
using Dogana.Client;
using Dogana.Server.Hosting;
using Dogana.Storage;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana backup</c>: the whole store as one file, and back.</summary>
internal static class BackupVerbs
{
    private const long ToldBytes = 64 * 1024 * 1024;
    private const long ToldRows = 100_000;

    private static readonly Argument<string> File = new("path") { Description = "The backup's file." };

    public static Command Create() => AdminVerb.Noun("backup", "The whole store as one file, made while it is used; it restores into SQLite and PostgreSQL alike.", CreateBackup(), Verify(), Restore());

    private static Command CreateBackup()
    {
        var path = new Argument<string>("path") { Description = "The file, which must be new, or a folder: there it gets a name with the instant." };
        return AdminVerb.Create(
            "create",
            "Makes a backup: of a running server with --url, else of a store that no server works on. It is read again before it gets its name. The master key is not in it: keep that elsewhere.\n\n"
            + "Examples:\n  dogana backup create /var/backups/dogana --url http://127.0.0.1:8080\n  dogana backup create monday.backup --data DIR",
            [path],
            (client, parsed, cancellation) => BackupFile.WriteAsync(
                BackupFile.PathOf(parsed.GetValue(path)!, "dogana", TimeProvider.System.GetUtcNow()), to => client.CreateBackupAsync(to, ToldBytesTo(parsed), cancellation), cancellation),
            Print);
    }

    private static Command Verify() => StoreVerb.Create(
        "verify", "Reads a backup from its first byte to its last, and says what it holds. Exit 1 when it is not whole.\n\nExample:\n  dogana backup verify monday.backup", [File],
        (parsed, cancellation) => BackupFile.VerifyAsync(parsed.GetValue(File)!, ToldRowsTo(parsed), cancellation),
        Print);

    private static Command Restore() => StoreVerb.Create(
        "restore",
        "Restores a backup into a store that is empty, runs the steps of the schema that it did not have yet, and verifies the books. All of it, or nothing.\n\n"
        + "Examples:\n  dogana backup restore monday.backup --data NEWDIR\n  dogana backup restore monday.backup --postgres 'Host=…;Database=new'",
        [File],
        async (parsed, cancellation) =>
        {
            StoreVerb.RequireStore(parsed);
            var settings = StoreOptions.Settings(parsed);
            BackupReport report;
            IReadOnlyList<string> steps;
            await using (var file = BackupFile.Open(parsed.GetValue(File)!))
            {
                if (settings.Postgres is null && !Directory.Exists(settings.DataFolder))
                {
                    NodeState.CreatePrivate(settings.DataFolder);
                }

                await using var store = await StoreUpgrading.OpenAsync(settings, StoreUpgrade.Leave, cancellation);
                var restored = await StoreBackup.RestoreAsync(file, store, Actor.Operator, TimeProvider.System.GetUtcNow(), ToldRowsTo(parsed), cancellation);
                var manifest = restored.TryGet(out var found, out var problem) ? found : throw new ProblemException(problem);
                report = await BackupFile.ReportAsync(file, manifest, cancellation);
                steps = [.. StoreSchema.Known.Where(step => step.Number > manifest.SchemaStep).Select(static step => step.Name)];
            }

            await using var session = await AdminSession.OpenAsync(parsed, cancellation);
            return new RestoreReport(report, steps, await session.Client.VerifyAsync(cancellation));
        },
        static (report, output) =>
        {
            Print(report.Backup, output);
            VerifyVerb.Print(report.Verification, output);
            output.WriteLine("restored. Put the store's master.key beside it. Nodes that go on bring the calls that their journals hold; give up those that do not: 'dogana node list', 'dogana node forget NAME'.");
        });

    private static void Print(BackupReport report, TextWriter output)
    {
        var manifest = report.Manifest;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.File}: {report.Bytes} bytes, SHA-256 {report.Sha256}"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {manifest.Rows} rows of {manifest.Tables.Count} tables, {manifest.Store}, schema step {manifest.SchemaStep:D4}, made {manifest.MadeAt:yyyy-MM-ddTHH:mm:ssZ} by Dogana {manifest.Product}"));
        if (manifest.Heads is { } heads)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {heads.LedgerEntries} ledger entries, head {heads.LedgerHead}; {heads.AuditRows} audit rows, root {heads.AuditRoot ?? "-"}"));
        }

        foreach (var node in manifest.Nodes)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {node.Name}: journal up to segment {node.Segment}, byte {node.Position}; {(node.ShippedUntil is { } until ? $"all calls before {until:yyyy-MM-ddTHH:mm:ssZ}" : "it had ended, all its calls")}"));
        }
    }

    private static Action<long> ToldBytesTo(ParseResult parsed)
    {
        var (error, told) = (parsed.InvocationConfiguration.Error, 0L);
        return bytes =>
        {
            if (bytes - told >= ToldBytes)
            {
                told = bytes;
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {bytes / (1024 * 1024)} MiB"));
            }
        };
    }

    private static Action<string, long> ToldRowsTo(ParseResult parsed)
    {
        var error = parsed.InvocationConfiguration.Error;
        return (table, rows) =>
        {
            if (rows >= ToldRows)
            {
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {table}: {rows} rows"));
            }
        };
    }
}
