using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>The nouns and verbs that work on the admin API.</summary>
internal static class AdminVerbs
{
    private static readonly Argument<string> Id = new("id") { Description = "Its id." };
    private static readonly Argument<string> Number = new("number") { Description = "The document's number." };

    public static IEnumerable<Command> All() =>
    [
        Keys(), Organisations(), Measures(), Usage(), Period(),
        Documents("invoice", "Final invoices.", "invoices", ListInvoices()),
        Documents("statement", "Final partner statements.", "statements", ListStatements()),
        Ledger(), Verify(), Audit(),
    ];

    private static Command Keys()
    {
        var project = new Option<string?>("--project") { Description = "The project that the key calls models for." };
        var admin = new Option<bool>("--admin") { Description = "Make an admin key instead." };
        var name = new Option<string>("--name") { Description = "For people.", DefaultValueFactory = static _ => "unnamed" };
        var days = new Option<int?>("--days") { Description = "The key ends by itself after so many days." };
        var create = AdminVerb.Create(
            "create", "Makes a key and prints its text, this once.\n\nExamples:\n  dogana key create --project acme-shop --name laptop\n  dogana key create --admin --name ops --days 90",
            [project, admin, name, days],
            (client, parsed, cancellation) => client.CreateKeyAsync(
                new NewKeyRequest(
                    parsed.GetValue(name)!,
                    parsed.GetValue(project),
                    parsed.GetValue(days) is { } count ? TimeProvider.System.GetUtcNow().AddDays(count) : null),
                cancellation),
            static (made, output) =>
            {
                output.WriteLine(made.Text);
                output.WriteLine($"This is the {made.Key.Kind} key {made.Key.Id}. Keep it now: it is not shown again.");
            });
        create.Validators.Add(result =>
        {
            if (result.GetValue(project) is null == !result.GetValue(admin))
            {
                result.AddError("Give --project PROJECT for a key that calls models, or --admin for one that uses the admin API.");
            }
        });
        var list = AdminVerb.Create(
            "list", "Lists all keys, without their texts.", [],
            static (client, _, cancellation) => client.ListKeysAsync(cancellation),
            static (keys, output) =>
            {
                var table = new TextTable("id", "kind", "project", "name", "created", "state");
                foreach (var key in keys)
                {
                    table.Add(key.Id, key.Kind, key.Project ?? "-", key.Name, Day(key.CreatedAt), key.RevokedAt is null ? "live" : "revoked " + Day(key.RevokedAt.Value));
                }

                table.Write(output);
            });
        var revoke = AdminVerb.Create(
            "revoke", "Revokes a key, everywhere within a second.\n\nExample:\n  dogana key revoke 1f0c9a7b3d52", [Id],
            static (client, parsed, cancellation) => client.RevokeKeyAsync(parsed.GetValue(Id)!, cancellation),
            static (key, output) => output.WriteLine($"The key {key.Id} is revoked."));
        return AdminVerb.Noun("key", "Keys for projects and for the admin API.", create, list, revoke);
    }

    private static Command Organisations() => AdminVerb.Noun("org", "Organisations and their families.", AdminVerb.Create(
        "list", "Lists the organisations.", [],
        static (client, _, cancellation) => client.ListOrganisationsAsync(cancellation),
        static (organisations, output) =>
        {
            var table = new TextTable("id", "family", "country", "time zone", "name");
            foreach (var item in organisations)
            {
                table.Add(item.Id, item.Family, item.Country, item.TimeZone, item.Name);
            }

            table.Write(output);
        }));

    private static Command Measures()
    {
        var organisation = new Argument<string>("organisation") { Description = "Any organisation of the family." };
        var owner = new Option<string>("--owner") { Description = "The model owner whose models are meant.", Required = true };
        var reason = new Option<string>("--reason") { Description = "For the customer.", Required = true };
        return AdminVerb.Noun(
            "measure", "What model owners decide against families.",
            AdminVerb.Create(
                "suspend",
                "Suspends a whole family from an owner's models, on the owner's channel and on every bound one.\n\nExample:\n  dogana measure suspend lumen-media --owner northwind --reason \"Outputs trained a competing model.\"",
                [organisation, owner, reason],
                (client, parsed, cancellation) => client.SuspendAsync(
                    new SuspendRequest(parsed.GetValue(organisation)!, parsed.GetValue(owner)!, parsed.GetValue(reason)!), cancellation),
                static (measure, output) => output.WriteLine($"The family {measure.Family} is suspended from {measure.Owner}'s models since {measure.StartsAt:u} (measure {measure.Id}).")),
            AdminVerb.Create(
                "lift", "Lifts a measure: what was is again.", [Id],
                static (client, parsed, cancellation) => client.LiftAsync(parsed.GetValue(Id)!, cancellation),
                static (measure, output) => output.WriteLine($"The measure {measure.Id} against {measure.Family} is lifted.")),
            AdminVerb.Create(
                "list", "Lists all measures, the lifted ones too.", [],
                static (client, _, cancellation) => client.ListMeasuresAsync(cancellation),
                static (measures, output) =>
                {
                    var table = new TextTable("id", "family", "owner", "level", "since", "lifted", "reason");
                    foreach (var item in measures)
                    {
                        table.Add(item.Id, item.Family, item.Owner, item.Level, Day(item.StartsAt), item.LiftedAt is { } at ? Day(at) : "-", item.Reason);
                    }

                    table.Write(output);
                }));
    }

    private static Command Usage()
    {
        var after = new Option<long>("--after") { Description = "Start behind this number." };
        var limit = new Option<int>("--limit") { Description = "At most so many, 1 to 1000.", DefaultValueFactory = static _ => 100 };
        return AdminVerb.Noun(
            "usage", "What was used, and what it costs.",
            AdminVerb.Create(
                "list", "Lists usage records in the order of intake.", [after, limit],
                (client, parsed, cancellation) => client.ListUsageAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
                static (records, output) => PrintUsage(records, output)),
            AdminVerb.Create(
                "rated", "Lists rated lines: what each meter of each call costs, and by which price.", [after, limit],
                (client, parsed, cancellation) => client.ListRatedLinesAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
                static (lines, output) => PrintLines(lines, output)));
    }

    private static Command Period()
    {
        var month = new Argument<string>("month") { Description = "As 2026-01." };
        return AdminVerb.Noun("period", "Billing periods: calendar months in the customer's time zone.", AdminVerb.Create(
            "close", "Closes a month: invoices and partner statements become final. Closing it again gives the same ones.\n\nExample:\n  dogana period close 2026-01",
            [month],
            (client, parsed, cancellation) => client.ClosePeriodAsync(parsed.GetValue(month)!, cancellation),
            static (closed, output) =>
            {
                output.WriteLine($"{closed.Month} is closed: {closed.Invoices.Count} invoices, {closed.Statements.Count} statements.");
                PrintInvoices(closed.Invoices, output);
                PrintStatements(closed.Statements, output);
            }));
    }

    private static Command Documents(string noun, string description, string kind, Command list)
    {
        var html = new Option<bool>("--html") { Description = "Print the page instead of the JSON document." };
        var show = new Command("show", $"Prints a document as it was stored, byte for byte.\n\nExample:\n  dogana {noun} show NUMBER --html > {noun}.html") { Number, html };
        show.SetAction(async (parsed, cancellation) =>
        {
            await using var session = await AdminSession.OpenAsync(parsed, cancellation);
            var text = await session.Client.GetDocumentAsync(kind, parsed.GetValue(Number)!, parsed.GetValue(html) ? "html" : "json", cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text);
            return ExitCode.Done;
        });
        return AdminVerb.Noun(noun, description, list, show);
    }

    private static Command ListInvoices() => AdminVerb.Create(
        "list", "Lists the final invoices.", [], static (client, _, cancellation) => client.ListInvoicesAsync(cancellation), static (items, output) => PrintInvoices(items, output));

    private static Command ListStatements() => AdminVerb.Create(
        "list", "Lists the final partner statements.", [], static (client, _, cancellation) => client.ListStatementsAsync(cancellation), static (items, output) => PrintStatements(items, output));

    private static Command Ledger() => AdminVerb.Noun("ledger", "The double-entry journal.", AdminVerb.Create(
        "balances", "Prints every account's balance; above zero is debit.", [],
        static (client, _, cancellation) => client.ListBalancesAsync(cancellation),
        static (balances, output) =>
        {
            var table = new TextTable("book", "account", "party", "currency", "balance>");
            foreach (var item in balances)
            {
                table.Add(item.Book, item.Kind, item.Party, item.Currency, item.Amount);
            }

            table.Write(output);
        }));

    private static Command Verify() => AdminVerb.Create(
        "verify", "Rebuilds every hash, sum and document from the records, and names whatever does not agree. Exit 1 when something does not.\n\nExample:\n  dogana verify --data DIR", [],
        static (client, _, cancellation) => client.VerifyAsync(cancellation),
        static (report, output) =>
        {
            output.WriteLine(report.Verified ? $"verified: {report.Entries} ledger entries, head {report.Head}" : $"NOT verified: {report.Faults.Count} faults in {report.Entries} ledger entries");
            foreach (var fault in report.Faults)
            {
                output.WriteLine($"  {fault.Subject}: {fault.Message}{(fault.Stored is null ? "" : $" (stored {fault.Stored}, computed {fault.Computed})")}");
            }
        });

    private static Command Audit()
    {
        var limit = new Option<int>("--limit") { Description = "At most so many, 1 to 1000.", DefaultValueFactory = static _ => 50 };
        return AdminVerb.Noun("audit", "Who changed what.", AdminVerb.Create(
            "list", "Lists the newest changes.", [limit],
            (client, parsed, cancellation) => client.ListAuditAsync(parsed.GetValue(limit), cancellation),
            static (rows, output) =>
            {
                var table = new TextTable("no>", "at", "actor", "action", "subject", "detail");
                foreach (var row in rows)
                {
                    table.Add(row.Sequence.ToString(CultureInfo.InvariantCulture), row.At.ToString("u", CultureInfo.InvariantCulture), row.Actor, row.Action, row.Subject, row.Detail);
                }

                table.Write(output);
            }));
    }

    internal static void PrintUsage(IEnumerable<UsageLine> records, TextWriter output, string indent = "")
    {
        var table = new TextTable("no>", "project", "channel", "deployment", "opened", "ending", "input>", "cached>", "output>");
        foreach (var item in records)
        {
            table.Add(
                Text(item.IngestSequence), item.Project, item.Channel, item.Deployment, item.OpenedAt.ToString("u", CultureInfo.InvariantCulture), item.Ending,
                Text(item.InputTokens), Text(item.CachedInputTokens), Text(item.OutputTokens));
        }

        table.Write(output, indent);
    }

    internal static void PrintLines(IEnumerable<RatedLineRecord> lines, TextWriter output, string indent = "")
    {
        var table = new TextTable("no>", "organisation", "channel", "model", "meter", "quantity>", "price>", "per>", "amount>", "currency");
        foreach (var item in lines)
        {
            table.Add(Text(item.Number), item.Organisation, item.Channel, item.Model, item.Meter, Text(item.Quantity), item.UnitPrice, Text(item.Per), item.Amount, item.Currency);
        }

        table.Write(output, indent);
    }

    internal static void PrintInvoices(IEnumerable<InvoiceSummary> invoices, TextWriter output, string indent = "")
    {
        var table = new TextTable("invoice", "seller", "customer", "channel", "month", "net>", "currency");
        foreach (var item in invoices)
        {
            table.Add(item.Number, item.Seller, item.Customer, item.Channel, item.Month, item.Net, item.Currency);
        }

        table.Write(output, indent);
    }

    internal static void PrintStatements(IEnumerable<StatementSummary> statements, TextWriter output, string indent = "")
    {
        var table = new TextTable("statement", "payer", "payee", "month", "accruals>", "closing>", "currency");
        foreach (var item in statements)
        {
            table.Add(item.Number, item.Payer, item.Payee, item.Month, item.Accruals, item.Closing, item.Currency);
        }

        table.Write(output, indent);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
