using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana export</c> and <c>dogana import</c>: files for other programs, and bills of other providers.</summary>
internal static class ExportVerbs
{
    public static Command CreateExport() => AdminVerb.Noun("export", "Files for other programs, and usage for marketplaces.", [CreateFocus(), CreateJournal(), .. ChannelExportVerbs.Create()]);

    public static Command CreateImport()
    {
        var file = new Argument<FileInfo>("file") { Description = "The bill: FOCUS in CSV." };
        var provider = new Option<string>("--provider") { Description = "Whose bill it is.", Required = true };
        return AdminVerb.Noun(
            "import", "Bills of other providers, beside one's own.",
            AdminVerb.Create(
                "focus", "Takes a bill in: all of it or nothing. The same file, or one that has the same rows and more, adds nothing twice.\n\nExample:\n  dogana import focus bill.csv --provider Contoso",
                [file, provider],
                async (client, parsed, cancellation) =>
                {
                    var bill = parsed.GetValue(file)!;
                    if (!bill.Exists)
                    {
                        throw new DoganaException(404, "not_found", $"There is no file {bill.FullName}.", "");
                    }

                    await using var stream = bill.OpenRead();
                    return await client.ImportFocusAsync(parsed.GetValue(provider)!, stream, cancellation);
                },
                static (report, output) => output.WriteLine(
                    $"{report.Provider}: {report.Added.ToString(CultureInfo.InvariantCulture)} of {report.Rows.ToString(CultureInfo.InvariantCulture)} rows are new."
                    + (report.IgnoredColumns.Count > 0 ? $" Columns that FOCUS does not have were left out: {string.Join(", ", report.IgnoredColumns)}." : ""))),
            AdminVerb.Create(
                "list", "What other providers billed, by month.\n\nExample:\n  dogana import list", [],
                static (client, _, cancellation) => client.ListImportedAsync(cancellation),
                static (sums, output) =>
                {
                    var table = new TextTable("month", "provider", "rows>", "billed>", "currency");
                    foreach (var sum in sums)
                    {
                        table.Add(sum.Month, sum.Provider, sum.Rows.ToString(CultureInfo.InvariantCulture), sum.BilledCost, sum.Currency);
                    }

                    table.Write(output, "");
                }));
    }

    private static Command CreateFocus()
    {
        var month = new Option<string>("--month") { Description = "The month of the invoices, as 2026-01.", Required = true };
        var organisation = new Option<string?>("--organisation") { Description = "Only this customer's." };
        var provider = new Option<string?>("--provider") { Description = "The dataset as this organisation gives it: what others invoice has a BilledCost of 0." };
        var imported = new Option<bool>("--with-imported") { Description = "With the bills of other providers that were taken in." };
        return Create(
            "focus", "Writes a month's final invoices as FOCUS 1.2, CSV.\n\nExample:\n  dogana export focus --month 2026-01 -o focus.csv", [month, organisation, provider, imported],
            (client, parsed, cancellation) => client.ExportFocusAsync(
                parsed.GetValue(month)!, parsed.GetValue(organisation), parsed.GetValue(provider), parsed.GetValue(imported), cancellation));
    }

    private static Command CreateJournal()
    {
        var from = new Option<string>("--from") { Description = "The first day (UTC), as 2026-01-01.", Required = true };
        var to = new Option<string>("--to") { Description = "The last day, as 2026-01-31.", Required = true };
        var book = new Option<string?>("--book") { Description = "Only this organisation's books." };
        return Create(
            "journal", "Writes the ledger's postings, debit and credit apart, CSV.\n\nExample:\n  dogana export journal --from 2026-01-01 --to 2026-01-31 -o journal.csv", [from, to, book],
            (client, parsed, cancellation) => client.ExportJournalAsync(parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(book), cancellation));
    }

    private static Command Create(string name, string description, IReadOnlyList<Option> options, Func<AdminClient, ParseResult, CancellationToken, Task<string>> run)
    {
        var file = new Option<FileInfo?>("-o", "--output") { Description = "Into this file; to standard output when left out." };
        var command = new Command(name, description) { file };
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            await using var session = await AdminSession.OpenAsync(parsed, cancellation);
            var text = await run(session.Client, parsed, cancellation);
            if (parsed.GetValue(file) is { } output)
            {
                await File.WriteAllTextAsync(output.FullName, text, cancellation);
            }
            else
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(text);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
