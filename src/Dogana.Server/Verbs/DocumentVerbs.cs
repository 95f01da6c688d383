using System.CommandLine;
using System.Text;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana invoice</c> and <c>dogana statement</c>: final documents, listed and shown as they were stored, or made of what is stored.</summary>
internal static class DocumentVerbs
{
    public static Command CreateInvoice() => Create("invoice", "Final invoices and credit notes.", "invoices", ["json", "html", "pdf", "ubl"], AdminVerb.Create(
        "list", "Lists the final invoices.", [],
        static (client, _, cancellation) => client.ListInvoicesAsync(cancellation),
        static (items, output) => AdminTables.WriteInvoices(items, output)), InvoiceVerbs.Create());

    public static Command CreateStatement() => Create("statement", "Final partner statements.", "statements", ["json", "html"], AdminVerb.Create(
        "list", "Lists the final partner statements.", [],
        static (client, _, cancellation) => client.ListStatementsAsync(cancellation),
        static (items, output) => AdminTables.WriteStatements(items, output)));

    private static Command Create(string noun, string description, string kind, string[] formats, Command list, params Command[] more)
    {
        var number = new Argument<string>("number") { Description = "The document's number." };
        var html = new Option<bool>("--html") { Description = "The same as --format html." };
        var format = new Option<string>("--format") { Description = $"{string.Join(", ", formats)}.", DefaultValueFactory = static _ => "json" };
        format.AcceptOnlyFromAmong(formats);
        var file = new Option<FileInfo?>("--output", "-o") { Description = "Write it to this file instead of the standard output." };
        var show = new Command("show", $"Prints a document as it was stored, byte for byte, or made of it.\n\nExample:\n  dogana {noun} show NUMBER --format {formats[^1]} -o FILE") { number, format, html, file };
        var view = new Option<string?>("--view") { Description = "As one of its two companies sees it: what it is owed is above zero." };
        if (kind == "statements")
        {
            show.Options.Add(view);
        }

        show.SetAction(async (parsed, cancellation) =>
        {
            await using var session = await AdminSession.OpenAsync(parsed, cancellation);
            var wantedFormat = parsed.GetValue(html) ? "html" : parsed.GetValue(format)!;
            var bytes = kind == "statements" && parsed.GetValue(view) is { } party
                ? Encoding.UTF8.GetBytes(await session.Client.GetStatementViewAsync(parsed.GetValue(number)!, party, wantedFormat, cancellation))
                : await session.Client.GetDocumentBytesAsync(kind, parsed.GetValue(number)!, wantedFormat, cancellation);
            if (parsed.GetValue(file) is { } wanted)
            {
                await File.WriteAllBytesAsync(wanted.FullName, bytes, cancellation);
            }
            else if (parsed.GetValue(format) == "pdf")
            {
                await using var output = Console.OpenStandardOutput();
                await output.WriteAsync(bytes, cancellation);
            }
            else
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(Encoding.UTF8.GetString(bytes));
            }

            return ExitCode.Done;
        });
        return AdminVerb.Noun(noun, description, [list, show, .. more]);
    }
}
