using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana period</c>: billing months.</summary>
internal static class PeriodVerbs
{
    public static Command Create()
    {
        var month = new Argument<string>("month") { Description = "As 2026-01." };
        return AdminVerb.Noun("period", "Billing periods: calendar months in the customer's time zone.", AdminVerb.Create(
            "close", "Closes a month: invoices and partner statements become final. Closing it again gives the same ones.\n\nExample:\n  dogana period close 2026-01",
            [month],
            (client, parsed, cancellation) => client.ClosePeriodAsync(parsed.GetValue(month)!, cancellation),
            static (closed, output) =>
            {
                output.WriteLine($"{closed.Month} is closed: {closed.Invoices.Count} invoices, {closed.Statements.Count} statements.");
                AdminTables.WriteInvoices(closed.Invoices, output);
                AdminTables.WriteStatements(closed.Statements, output);
            }));
    }
}
