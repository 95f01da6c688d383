using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>The admin API's records as tables for people.</summary>
internal static class AdminTables
{
    public static void WriteUsage(IEnumerable<UsageLine> records, TextWriter output, string indent = "")
    {
        var table = new TextTable("no>", "project", "channel", "deployment", "opened", "ending", "input>", "cached>", "written>", "output>", "units", "tags");
        foreach (var item in records)
        {
            table.Add(
                Text(item.IngestSequence), item.Project, item.Channel, item.Deployment, item.OpenedAt.ToString("u", CultureInfo.InvariantCulture), item.Ending,
                Text(item.InputTokens), Text(item.CachedInputTokens), Text(item.CacheWriteTokens), Text(item.OutputTokens),
                item.Meter is { } meter ? $"{Text(item.Quantity)} {meter}" : "-", item.Tags ?? "-");
        }

        table.Write(output, indent);
    }

    public static void WriteLines(IEnumerable<RatedLineRecord> lines, TextWriter output, string indent = "")
    {
        var table = new TextTable("no>", "organisation", "channel", "model", "meter", "quantity>", "price>", "per>", "amount>", "currency");
        foreach (var item in lines)
        {
            table.Add(Text(item.Number), item.Organisation, item.Channel, item.Model, item.Meter, Text(item.Quantity), item.UnitPrice ?? item.PriceKey, Text(item.Per), item.Amount, item.Currency);
        }

        table.Write(output, indent);
    }

    public static void WriteInvoices(IEnumerable<InvoiceSummary> invoices, TextWriter output, string indent = "")
    {
        var table = new TextTable("invoice", "seller", "customer", "channel", "month", "net>", "currency");
        foreach (var item in invoices)
        {
            table.Add(item.Number, item.Seller, item.Customer, item.Channel, item.Month, item.Net, item.Currency);
        }

        table.Write(output, indent);
    }

    public static void WriteStatements(IEnumerable<StatementSummary> statements, TextWriter output, string indent = "")
    {
        var table = new TextTable("statement", "payer", "payee", "month", "accruals>", "clawbacks>", "paid>", "closing>", "currency");
        foreach (var item in statements)
        {
            table.Add(item.Number, item.Payer, item.Payee, item.Month, item.Accruals, item.Clawbacks, item.Paid, item.Closing, item.Currency);
        }

        table.Write(output, indent);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
