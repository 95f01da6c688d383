using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana period</c>: billing months.</summary>
internal static class PeriodVerbs
{
    // So many documents, then a word about how far it is.
    private const long DocumentsAStep = 2_000;

    public static Command Create()
    {
        var month = new Argument<string>("month") { Description = "As 2026-01." };
        return AdminVerb.Noun(
            "period", "Billing months.",
            AdminVerb.Create(
                "close", "Closes a month: invoices and partner statements become final. Closing it again gives the same ones; a close that was broken off goes on where it was.\n\nExample:\n  dogana period close 2026-01",
                [month],
                (client, parsed, cancellation) => CloseAsync(client, parsed.GetValue(month)!, parsed.InvocationConfiguration.Error, cancellation),
                static (closed, output) =>
                {
                    output.WriteLine($"{closed.Month} is closed: {closed.Documents} invoices, {closed.Statements.Count} statements.");
                    AdminTables.WriteInvoices(closed.Invoices, output);
                    AdminTables.WriteStatements(closed.Statements, output);
                }),
            AdminVerb.Create(
                "show", "Shows how far the close of a month is, and what stands open of it.\n\nExample:\n  dogana period show 2026-01", [month],
                (client, parsed, cancellation) => client.GetPeriodAsync(parsed.GetValue(month)!, cancellation),
                static (report, output) =>
                {
                    output.WriteLine($"{report.Month} is {report.State}: {report.Documents} documents. Not rated yet: {report.Unaccrued} usage records.");
                    foreach (var node in report.NodesBehind)
                    {
                        output.WriteLine($"  node {node.Node} has shipped its calls until {node.Until:u} only");
                    }

                    foreach (var contract in report.Waiting)
                    {
                        output.WriteLine($"  contract {contract.Contract} is left open ({contract.Code}): {contract.Message} Then close the month again.");
                    }

                    var table = new TextTable("not charged", "meter", "records>", "units>");
                    foreach (var sum in report.Unrated)
                    {
                        table.Add(sum.Reason, sum.Meter, sum.Records.ToString(CultureInfo.InvariantCulture), sum.Quantity.ToString(CultureInfo.InvariantCulture));
                    }

                    table.Write(output, "  ");
                }));
    }

    private static async Task<PeriodCloseResult> CloseAsync(AdminClient client, string month, TextWriter progress, CancellationToken cancellation)
    {
        while (true)
        {
            var closed = await client.ClosePeriodAsync(month, DocumentsAStep, cancellation);
            if (closed.IsClosed)
            {
                return closed;
            }

            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{month}: {closed.Documents} invoices so far"));
        }
    }
}
