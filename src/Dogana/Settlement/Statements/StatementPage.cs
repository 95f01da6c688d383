using System.Globalization;
using Dogana.Billing;
using Dogana.Client;

namespace Dogana.Settlement.Statements;

/// <summary>A statement for people and printers.</summary>
internal static class StatementPage
{
    public static string Render(StatementDocument statement, string hash)
    {
        var page = new DocumentPage("Partner statement", statement.Number, columns: 5)
            .Parties(("Payer", statement.Payer), ("Payee", statement.Payee))
            .Facts(
                ("Issued", statement.IssuedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC"),
                ("Month", statement.Month),
                ("Agreement", statement.Agreement),
                ("Channel", statement.Channel),
                ("Currency", statement.Currency))
            .Table("Invoice", "Month", ">Net invoiced", ">Rate", $">Share {statement.Currency}");
        foreach (var line in statement.Lines)
        {
            page.Row(line.Invoice, line.Month, ">" + line.Net, ">" + Rate(line.RateBasisPoints), ">" + line.Share);
        }

        return page.End(
            hash, ("Opening balance", statement.Opening), ("Shares", statement.Accruals), ("Payments", statement.Payments), ($"Payer owes, {statement.Currency}", statement.Closing));
    }

    private static string Rate(int basisPoints) => (basisPoints / 100m).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
