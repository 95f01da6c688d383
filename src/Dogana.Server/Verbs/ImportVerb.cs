using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana org import FILE</c>: published statements about ownership.</summary>
internal static class ImportVerb
{
    private const long Megabyte = 1024 * 1024;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The file, unzipped." };
        var format = new Option<string>("--format") { Description = "bods: Beneficial Ownership Data Standard 0.4. gleif: GLEIF's Level 2 relationship records (CSV).", Required = true };
        format.AcceptOnlyFromAmong("bods", "gleif");
        var names = new Option<FileInfo?>("--names") { Description = "GLEIF's Level 1 records (CSV), for the names and countries of what was imported." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would change, and change nothing." };
        var import = AdminVerb.Create(
            "import",
            "Takes in published statements about who owns whom: all of a file or nothing; again changes nothing.\n\n"
            + "Examples:\n  dogana org import statements.json --format bods --dry-run\n  dogana org import rr.csv --format gleif --names lei2.csv",
            [file, format, names, dryRun],
            (client, parsed, cancellation) => RunAsync(
                client, parsed.GetValue(format)!, parsed.GetValue(file)!, parsed.GetValue(names), parsed.GetValue(dryRun), parsed.InvocationConfiguration.Error, cancellation),
            Print);
        import.Validators.Add(result =>
        {
            if (result.GetValue(names) is not null && result.GetValue(format) != "gleif")
            {
                result.AddError("--names goes with --format gleif.");
            }
        });
        return import;
    }

    private static async Task<IReadOnlyList<OwnershipImportReport>> RunAsync(
        AdminClient client, string format, FileInfo file, FileInfo? names, bool dryRun, TextWriter progress, CancellationToken cancellation)
    {
        foreach (var missing in new[] { file, names }.OfType<FileInfo>().Where(static item => !item.Exists))
        {
            throw new DoganaException(404, "not_found", $"There is no file {missing.FullName}.", "");
        }

        var report = await SendAsync(client, format, file, dryRun, progress, cancellation);
        return names is null ? [report] : [report, await SendAsync(client, "gleif-names", names, dryRun, progress, cancellation)];
    }

    private static async Task<OwnershipImportReport> SendAsync(
        AdminClient client, string format, FileInfo file, bool dryRun, TextWriter progress, CancellationToken cancellation)
    {
        await using var stream = file.OpenRead();
        var length = stream.Length;
        var import = client.ImportOwnershipAsync(format, stream, dryRun, cancellation);
        for (var seconds = 2; await Task.WhenAny(import, Task.Delay(TimeSpan.FromSeconds(2), cancellation)) != import && !cancellation.IsCancellationRequested; seconds += 2)
        {
            var sent = stream.CanRead ? stream.Position : length;
            await progress.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{file.Name}: {seconds} s, {(sent < length ? $"sent {sent / Megabyte} of {length / Megabyte} MiB" : "being taken in")}"));
        }

        return await import;
    }

    private static void Print(IReadOnlyList<OwnershipImportReport> reports, TextWriter output)
    {
        foreach (var report in reports)
        {
            output.WriteLine($"{report.Format}{(report.DryRun ? ", only tried" : "")}:");
            var table = new TextTable("", "created>", "updated>", "unchanged>");
            foreach (var (name, counts) in new[] { ("parties", report.Parties), ("statements", report.Statements) })
            {
                table.Add(name, Text(counts.Created), Text(counts.Updated), Text(counts.Unchanged));
            }

            table.Write(output, "  ");
            foreach (var skip in report.Skipped)
            {
                output.WriteLine($"  skipped {Text(skip.Count)}: {skip.Reason}");
            }
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
