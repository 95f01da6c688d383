using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>What <c>dogana invoice</c> does to final invoices, beyond showing them.</summary>
internal static class InvoiceVerbs
{
    public static Command[] Create() => [Open(), Credit(), WriteOff(), Send(), Dispute(), Resolve(), DisputesOf()];

    private static Command Open()
    {
        var organisation = new Option<string?>("--organisation") { Description = "Those of one customer." };
        var seller = new Option<string?>("--seller") { Description = "Those of one seller." };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "states", "Lists the invoices as they stand: what is open of each, and its state.\n\nExample:\n  dogana invoice states --organisation acme", [organisation, seller, limit, after],
            (client, parsed, cancellation) => client.ListReceivablesAsync(
                parsed.GetValue(organisation), parsed.GetValue(seller), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("number", "customer", "due", "payable>", "paid>", "credited>", "written off>", "open>", "disputed>", "currency", "state", "reminders>");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Number, item.Organisation, item.DueDate, item.Payable, item.Paid, item.Credited, item.WrittenOff, item.Open, item.Disputed, item.Currency, item.State,
                        item.Reminders.ToString(CultureInfo.InvariantCulture));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Credit()
    {
        var number = Number();
        var reason = Reason("Why, as the credit note says it.");
        var line = new Option<int?>("--line") { Description = "Give back of this line only." };
        var amount = new Option<string?>("--amount") { Description = "How much, without tax; all that is left of the line when left out." };
        var all = new Option<bool>("--all") { Description = "Give back all that is left of the invoice." };
        var credit = AdminVerb.Create(
            "credit", "Gives back of an invoice by a credit note, never more than is left.\n\nExamples:\n  dogana invoice credit NORTHWIND-000001 --reason \"Wrong price\" --line 2 --amount 10.00\n  dogana invoice credit NORTHWIND-000001 --reason \"Sent in error\" --all",
            [number, reason, line, amount, all],
            (client, parsed, cancellation) => client.CreditInvoiceAsync(
                parsed.GetValue(number)!, new CreditInvoiceRequest(parsed.GetValue(reason)!, parsed.GetValue(line), parsed.GetValue(amount)), cancellation),
            static (note, output) => AdminTables.WriteInvoices([note], output));
        credit.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(line) is not null || result.GetValue(amount) is not null))
            {
                result.AddError("Write --all, or --line, --amount or both.");
            }
        });
        return credit;
    }

    private static Command WriteOff()
    {
        var (number, reason) = (Number(), Reason("Why it will not be paid."));
        return AdminVerb.Create(
            "write-off", "Gives up what is open of an invoice.\n\nExample:\n  dogana invoice write-off NORTHWIND-000001 --reason \"Customer is insolvent\"", [number, reason],
            (client, parsed, cancellation) => client.WriteOffInvoiceAsync(parsed.GetValue(number)!, new WriteOffRequest(parsed.GetValue(reason)!), cancellation),
            static (loss, output) => PaymentVerbs.Write([loss], output));
    }

    private static Command Send()
    {
        var number = Number();
        return AdminVerb.Create(
            "send", "Sends a final document once more to where its customer hears of invoices.\n\nExample:\n  dogana invoice send NORTHWIND-000001", [number],
            (client, parsed, cancellation) => client.SendInvoiceAsync(parsed.GetValue(number)!, cancellation),
            static (sent, output) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent.Number} is on its way, for the {sent.Times}. time.")));
    }

    private static Command Dispute()
    {
        var (number, reason) = (Number(), Reason("What is wrong with it."));
        var line = new Option<int?>("--line") { Description = "The line that is wrong; the whole invoice when left out." };
        return AdminVerb.Create(
            "dispute", "Records that the customer disputes an invoice or a line of it; no reminder asks for what is disputed.\n\nExample:\n  dogana invoice dispute NORTHWIND-000001 --line 2 --reason \"We agreed on another price\"",
            [number, reason, line],
            (client, parsed, cancellation) => client.DisputeInvoiceAsync(parsed.GetValue(number)!, new NewDisputeRequest(parsed.GetValue(reason)!, parsed.GetValue(line)), cancellation),
            static (dispute, output) => Write([dispute], output));
    }

    private static Command Resolve()
    {
        var number = Number();
        var line = new Option<int?>("--line") { Description = "The line that the dispute is about; the whole invoice when left out." };
        var accept = new Option<string?>("--accept") { Description = "Give back this amount, without tax, by a credit note." };
        var reject = new Option<bool>("--reject") { Description = "Leave the invoice as it is." };
        var text = new Option<string>("--text") { Description = "What is said to it.", Required = true };
        var resolve = AdminVerb.Create(
            "resolve", "Decides a dispute.\n\nExamples:\n  dogana invoice resolve NORTHWIND-000001 --line 2 --accept 10.00 --text \"Price corrected\"\n  dogana invoice resolve NORTHWIND-000001 --reject --text \"As agreed on 2 January\"",
            [number, line, accept, reject, text],
            (client, parsed, cancellation) => client.ResolveDisputeAsync(
                parsed.GetValue(number)!, new ResolveDisputeRequest(parsed.GetValue(text)!, parsed.GetValue(accept), parsed.GetValue(line)), cancellation),
            static (dispute, output) => Write([dispute], output));
        resolve.Validators.Add(result =>
        {
            if (result.GetValue(reject) == result.GetValue(accept) is not null)
            {
                result.AddError("Write --accept AMOUNT or --reject.");
            }
        });
        return resolve;
    }

    private static Command DisputesOf()
    {
        var invoice = new Option<string?>("--invoice") { Description = "Those about one invoice." };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "disputes", "Lists the disputes.\n\nExample:\n  dogana invoice disputes --invoice NORTHWIND-000001", [invoice, limit, after],
            (client, parsed, cancellation) => client.ListDisputesAsync(parsed.GetValue(invoice), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                Write(page.Data, output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static void Write(IReadOnlyList<DisputeRecord> disputes, TextWriter output)
    {
        var table = new TextTable("number>", "invoice", "line>", "amount>", "currency", "state", "opened", "reason", "resolution", "credit note");
        foreach (var item in disputes)
        {
            table.Add(
                item.Number.ToString(CultureInfo.InvariantCulture), item.Invoice, item.Line?.ToString(CultureInfo.InvariantCulture) ?? "", item.Amount, item.Currency, item.State,
                PageOptions.Day(item.OpenedAt), item.Reason, item.Resolution ?? "", item.CreditNote ?? "");
        }

        table.Write(output);
    }

    private static Argument<string> Number() => new("number") { Description = "The invoice's number." };

    private static Option<string> Reason(string description) => new("--reason") { Description = description, Required = true };
}
