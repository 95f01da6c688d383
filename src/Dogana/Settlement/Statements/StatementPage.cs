using System.Globalization;
using Dogana.Billing;
using Dogana.Client;

namespace Dogana.Settlement.Statements;

/// <summary>A statement for people and printers. What the payer owes is above zero.</summary>
internal static class StatementPage
{
    public static string Render(StatementDocument statement, string hash)
    {
        var page = new DocumentPage("Partner statement", statement.Number, columns: 5)
            .Parties(("Payer", statement.Payer), ("Payee", statement.Payee))
            .Facts(
                ("Issued", statement.IssuedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC"),
                ("Month", statement.Month),
                ("Currency", statement.Currency),
                ("Amounts", "what the payer owes; below zero what the payee owes"))
            .Table("For", "Of", ">Basis", ">Rate", $">Amount {statement.Currency}");
        foreach (var leg in statement.Legs)
        {
            foreach (var item in leg.Documents)
            {
                page.Row(
                    $"{(item.Kind == "credit_note" ? "credit note" : item.Kind)} {item.Number}{(item.Payment is { } payment ? $", payment {payment}" : "")}, {item.Month}", Name(leg.Agreement, leg.Leg),
                    ">" + item.Basis, ">" + Rate(leg.Rates), ">" + item.Share);
            }
        }

        foreach (var line in statement.TrueUps)
        {
            page.Row($"minimum {line.Minimum}, {Months(line.From, line.To)}", Name(line.Agreement, line.Leg), ">" + line.Shares, "", ">" + line.Amount);
        }

        foreach (var line in statement.Rents)
        {
            page.Row(
                $"rent, {line.Month}: {Hours(line.Rented)} unit hours, {Hours(line.Used)} used, {Hours(line.Unused)} unused", line.Agreement, ">" + line.Total,
                line.Before.All(static sign => sign is '0' or '.') ? "" : $">less {line.Before}", ">" + line.Amount);
        }

        foreach (var line in statement.Payments)
        {
            page.Row($"payment {line.Reference}, {line.PaidOn}", line.From, "", "", ">" + (line.Amount.StartsWith('-') ? line.Amount[1..] : "-" + line.Amount));
        }

        foreach (var line in statement.Remainders)
        {
            page.Row($"not reported to the marketplace, {line.Month}: {DocumentPage.Quantity(line.Units)} units of {line.Dimension}", line.Export, "", "", "");
        }

        return page.End(
            hash, ("Opening balance", statement.Opening), ("Accruals", statement.Accruals), ("Clawbacks", statement.Clawbacks), ("Payments", statement.Paid),
            ("Set off against each other", statement.NetOff), ($"Payer owes, {statement.Currency}", statement.Closing));
    }

    private static string Name(string agreement, string leg) => agreement == leg ? agreement : $"{agreement}/{leg}";

    private static string Months(string from, string to) => from == to ? from : $"{from} to {to}";

    private static string Rate(IReadOnlyList<StatementRate> rates) =>
        string.Join(", ", rates.Select(static rate => $"{(rate.BasisPoints / 100m).ToString("0.##", CultureInfo.InvariantCulture)} %{(rate.UpTo is { } end ? $" up to {end}" : "")}"));

    private static string Hours(long minutes) => (minutes / 60m).ToString("#,0.##", CultureInfo.InvariantCulture);
}
