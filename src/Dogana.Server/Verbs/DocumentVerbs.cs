using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana invoice</c> and <c>dogana statement</c>: final documents, listed and shown as they were stored.</summary>
internal static class DocumentVerbs
{
    public static Command CreateInvoice() => Create("invoice", "Final invoices.", "invoices", AdminVerb.Create(
        "list", "Lists the final invoices.", [],
        static (client, _, cancellation) => client.ListInvoicesAsync(cancellation),
        static (items, output) => AdminTables.WriteInvoices(items, output)));

    public static Command CreateStatement() => Create("statement", "Final partner statements.", "statements", AdminVerb.Create(
        "list", "Lists the final partner statements.", [],
        static (client, _, cancellation) => client.ListStatementsAsync(cancellation),
        static (items, output) => AdminTables.WriteStatements(items, output)));

    private static Command Create(string noun, string description, string kind, Command list)
    {
        var number = new Argument<string>("number") { Description = "The document's number." };
        var html = new Option<bool>("--html") { Description = "Print the page instead of the JSON document." };
        var show = new Command("show", $"Prints a document as it was stored, byte for byte.\n\nExample:\n  dogana {noun} show NUMBER --html > {noun}.html") { number, html };
        var view = new Option<string?>("--view") { Description = "As one of its two companies sees it: what it is owed is above zero." };
        if (kind == "statements")
        {
            show.Options.Add(view);
        }

        show.SetAction(async (parsed, cancellation) =>
        {
            await using var session = await AdminSession.OpenAsync(parsed, cancellation);
            var format = parsed.GetValue(html) ? "html" : "json";
            var text = kind == "statements" && parsed.GetValue(view) is { } party
                ? await session.Client.GetStatementViewAsync(parsed.GetValue(number)!, party, format, cancellation)
                : await session.Client.GetDocumentAsync(kind, parsed.GetValue(number)!, format, cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text);
            return ExitCode.Done;
        });
        return AdminVerb.Noun(noun, description, list, show);
    }
}
