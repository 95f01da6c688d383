using System.CommandLine;
using System.Globalization;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana contract</c>: by which prices and terms customers buy.</summary>
internal static class ContractVerbs
{
    public static Command Create()
    {
        var contract = new Argument<string>("contract") { Description = "The contract's id." };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        var month = new Option<string?>("--month") { Description = "The month in which the period ends, as 2026-01; the present one when left out." };
        return AdminVerb.Noun(
            "contract", "By which prices and terms customers buy.",
            AdminVerb.Create(
                "list", "Lists the contracts, a page at a time.\n\nExample:\n  dogana contract list --limit 20", [limit, after],
                (client, parsed, cancellation) => client.ListContractsAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
                static (page, output) =>
                {
                    var table = new TextTable("contract", "customer", "channel", "prices", "from", "to", "periods", "time zone");
                    foreach (var item in page.Data)
                    {
                        table.Add(
                            item.Id, item.Organisation, item.Channel, item.Overrides is null ? item.PriceBook : $"{item.Overrides}, {item.PriceBook}", item.From.ToString("u", CultureInfo.InvariantCulture),
                            item.To?.ToString("u", CultureInfo.InvariantCulture) ?? "-", string.Create(CultureInfo.InvariantCulture, $"{item.PeriodMonths} {item.Anchor}"), item.TimeZone);
                    }

                    table.Write(output);
                    PageOptions.WriteNext(page.Next, output);
                }),
            AdminVerb.Create(
                "draft", "Shows the invoice that a contract would get now: nothing is stored, and no number is given.\n\nExample:\n  dogana contract draft acme-direct --month 2026-01 --json", [contract, month],
                (client, parsed, cancellation) => client.GetDraftAsync(parsed.GetValue(contract)!, parsed.GetValue(month), cancellation),
                static (draft, output) =>
                {
                    output.WriteLine($"{draft.Seller.Name} to {draft.Customer.Name}, {draft.Period.Start:u} to {draft.Period.End:u}");
                    var table = new TextTable("line>", "kind", "what", "quantity>", "exact>", "amount>");
                    foreach (var line in draft.Lines)
                    {
                        table.Add(
                            line.Position.ToString(CultureInfo.InvariantCulture), line.Kind, line.Text ?? $"{line.Model} {line.Meter}", line.Quantity?.ToString(CultureInfo.InvariantCulture) ?? "",
                            line.ExactAmount, line.Amount);
                    }

                    table.Write(output, "  ");
                    output.WriteLine($"  net {draft.Net}, tax {draft.Tax}, prepaid {draft.Prepaid}, payable {draft.Payable} {draft.Currency}");
                    if (draft.Manifest.ExchangeRate is { } rate)
                    {
                        output.WriteLine($"  converted at 1 {rate.Base} = {rate.Rate} {rate.Quote}, in force from {rate.From:u}");
                    }
                }));
    }
}
