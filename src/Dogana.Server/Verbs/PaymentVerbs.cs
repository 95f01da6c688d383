using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana payment</c> and <c>dogana account</c>: what customers pay, and how they stand.</summary>
internal static class PaymentVerbs
{
    public static Command Create() => AdminVerb.Noun(
        "payment", "What customers pay and are paid back.", List(),
        Record("record", "Records a payment, once by its own id.", "dogana payment record --organisation acme --seller northwind --amount 119.00 --currency EUR --date 2026-02-10 --reference NORTHWIND-000001", isRefund: false),
        Record("refund", "Records that what was on account was paid back.", "dogana payment refund --organisation acme --seller northwind --amount 20.00 --currency EUR --date 2026-02-20", isRefund: true),
        Import(), Allocate());

    public static Command CreateAccount()
    {
        var (organisation, seller) = (Organisation(), Seller());
        var from = new Option<string?>("--from") { Description = "The first day, such as 2026-01-01; from the beginning when left out." };
        var to = new Option<string?>("--to") { Description = "The last day; until now when left out." };
        return AdminVerb.Noun("account", "Customers' accounts with sellers.", AdminVerb.Create(
            "statement", "Prints a statement of account: opening balance, documents and payments, closing balance, what is overdue.\n\nExample:\n  dogana account statement --organisation acme --seller northwind --from 2026-01-01",
            [organisation, seller, from, to],
            (client, parsed, cancellation) => client.GetAccountStatementAsync(
                parsed.GetValue(organisation)!, parsed.GetValue(seller)!, parsed.GetValue(from), parsed.GetValue(to), cancellation),
            static (statements, output) =>
            {
                foreach (var statement in statements)
                {
                    output.WriteLine($"{statement.Organisation} with {statement.Seller}, {statement.Currency}: {statement.From ?? "from the beginning"} to {statement.To ?? "now"}. Above zero {statement.Organisation} owes.");
                    var table = new TextTable("date", "what", "number", "text", "amount>", "balance>");
                    table.Add("", "opening", "", "", "", statement.Opening);
                    foreach (var line in statement.Lines)
                    {
                        table.Add(line.Date, line.Kind, line.Number, line.Text, line.Amount, line.Balance);
                    }

                    table.Add("", "closing", "", "", "", statement.Closing);
                    table.Write(output);
                    if (statement.Ageing is { } ageing)
                    {
                        var open = new TextTable("not due>", "1-30 days>", "31-60>", "61-90>", "over 90>", "on account>", "other>");
                        open.Add(ageing.NotDue, ageing.Days1To30, ageing.Days31To60, ageing.Days61To90, ageing.Over90Days, ageing.OnAccount, ageing.Other);
                        open.Write(output);
                    }
                }
            }));
    }

    /// <summary>Prints payments.</summary>
    public static void Write(IReadOnlyList<PaymentRecord> payments, TextWriter output)
    {
        var table = new TextTable("number", "kind", "organisation", "seller", "date", "amount>", "currency", "set off against", "on account>", "");
        foreach (var item in payments)
        {
            table.Add(
                item.Number, item.Kind, item.Organisation, item.Seller, item.Date, item.Amount, item.Currency,
                string.Join(", ", item.Allocations.Select(allocation => $"{(allocation.Source == item.Number ? allocation.Target : allocation.Source)} {allocation.Amount}")), item.OnAccount,
                item.IsNew ? "new" : "");
        }

        table.Write(output);
    }

    private static Command List()
    {
        var organisation = new Option<string?>("--organisation") { Description = "Those of one customer." };
        var seller = new Option<string?>("--seller") { Description = "Those to one seller." };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists payments, refunds and write-offs, and what they set off.\n\nExample:\n  dogana payment list --organisation acme", [organisation, seller, limit, after],
            (client, parsed, cancellation) => client.ListPaymentsAsync(
                parsed.GetValue(organisation), parsed.GetValue(seller), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                Write(page.Data, output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Record(string name, string description, string example, bool isRefund)
    {
        var (organisation, seller) = (Organisation(), Seller());
        var amount = new Option<string>("--amount") { Description = "How much, such as 119.00.", Required = true };
        var currency = new Option<string>("--currency") { Description = "ISO 4217, such as EUR.", Required = true };
        var date = new Option<string>("--date") { Description = "The bank's date, such as 2026-02-10.", Required = true };
        var reference = new Option<string?>("--reference") { Description = "What the bank's statement says; invoices' numbers in it are found." };
        var invoice = new Option<string?>("--invoice") { Description = "The invoice that it is for." };
        var id = new Option<string?>("--id") { Description = "Its own id, such as the bank's; made of the rest when left out." };
        var allocate = new Option<string?>("--allocate") { Description = "oldest: where nothing says which invoices are meant, the oldest ones." };
        allocate.AcceptOnlyFromAmong("oldest");
        IReadOnlyList<Symbol> symbols = [organisation, seller, amount, currency, date, reference, id];
        return AdminVerb.Create(
            name, $"{description}\n\nExample:\n  {example}", isRefund ? symbols : [.. symbols, invoice, allocate],
            (client, parsed, cancellation) =>
            {
                var request = new NewPaymentRequest(
                    parsed.GetValue(organisation)!, parsed.GetValue(seller)!, parsed.GetValue(amount)!, parsed.GetValue(currency)!, parsed.GetValue(date)!, parsed.GetValue(reference),
                    isRefund ? null : parsed.GetValue(invoice), parsed.GetValue(id), isRefund ? null : parsed.GetValue(allocate));
                return isRefund ? client.RefundAsync(request, cancellation) : client.RecordPaymentAsync(request, cancellation);
            },
            static (payment, output) => Write([payment], output));
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file") { Description = "The bank's statement as CSV: date, amount, currency, reference, payer, and id where there is one." };
        var seller = Seller();
        var allocate = new Option<string?>("--allocate") { Description = "oldest: where nothing says which invoices are meant, the oldest ones." };
        allocate.AcceptOnlyFromAmong("oldest");
        return AdminVerb.Create(
            "import", "Takes in a bank's statement; what was recorded before is not recorded again. Exit 1 where rows were not recorded.\n\nExample:\n  dogana payment import statement.csv --seller northwind",
            [file, seller, allocate],
            async (client, parsed, cancellation) => parsed.GetValue(file)! is { Exists: true } found
                ? await client.ImportPaymentsAsync(parsed.GetValue(seller)!, await File.ReadAllTextAsync(found.FullName, cancellation), parsed.GetValue(allocate) is not null, cancellation)
                : throw new DoganaException(404, "not_found", $"There is no file {parsed.GetValue(file)!.FullName}.", ""),
            static (result, output) =>
            {
                Write(result.Payments, output);
                foreach (var refused in result.Refused)
                {
                    output.WriteLine($"line {refused.Line}: {refused.Reason}");
                }
            });
    }

    private static Command Allocate()
    {
        var number = new Argument<string>("number") { Description = "The payment's or credit note's number." };
        var invoice = new Option<string?>("--invoice") { Description = "The invoice; the oldest ones when left out." };
        var amount = new Option<string?>("--amount") { Description = "How much; all that is on account when left out." };
        return AdminVerb.Create(
            "allocate", "Sets what is on account off against invoices.\n\nExample:\n  dogana payment allocate NORTHWIND-PAY-000001 --invoice NORTHWIND-000002", [number, invoice, amount],
            (client, parsed, cancellation) => client.AllocatePaymentAsync(
                parsed.GetValue(number)!, new AllocatePaymentRequest(parsed.GetValue(invoice), parsed.GetValue(amount)), cancellation),
            static (made, output) => output.WriteLine(
                $"{made.Source}: {string.Join(", ", made.Allocations.Select(static item => $"{item.Amount} to {item.Target}"))}; {made.OnAccount} stay on account."));
    }

    private static Option<string> Organisation() => new("--organisation") { Description = "The customer.", Required = true };

    private static Option<string> Seller() => new("--seller") { Description = "The seller.", Required = true };
}
