using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>What upstreams charge: <c>dogana upstream cost</c> and <c>dogana upstream reconcile</c>.</summary>
internal static class UpstreamCostVerbs
{
    public static Command Cost()
    {
        var upstream = new Option<string?>("--upstream") { Description = "Of one upstream." };
        var (from, to) = (Day("--from", "The first UTC day; the first of this month when left out."), Day("--to", "The first UTC day after; tomorrow when left out."));
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "cost", "Lists what upstreams charge, by day, model and meter; and what has no cost, and why.\n\nExample:\n  dogana upstream cost --upstream openai --from 2026-01-01 --to 2026-02-01",
            [upstream, from, to, limit, after],
            (client, parsed, cancellation) => client.ListUpstreamCostsAsync(
                parsed.GetValue(upstream), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("day", "upstream", "seller", "model", "meter", "quantity>", "amount>", "currency", "no cost because");
                foreach (var item in page.Data)
                {
                    table.Add(
                        Text(item.Day), item.Upstream.Length == 0 ? "-" : item.Upstream, item.Seller, item.Model, item.Meter, Text(item.Quantity), item.Amount ?? "-", item.Currency ?? "-",
                        item.Reason ?? "-");
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    public static Command Reconcile()
    {
        var upstream = new Argument<string>("upstream") { Description = "The upstream's id." };
        var bill = new Option<FileInfo>("--bill") { Description = "The provider's bill, CSV.", Required = true };
        var (from, to) = (Day("--from", "The first UTC day."), Day("--to", "The first UTC day after."));
        (from.Required, to.Required) = (true, true);
        var tolerance = new Option<string?>("--tolerance") { Description = "By how much an amount may differ in a row, such as 0.01; nothing when left out." };
        return AdminVerb.Create(
            "reconcile",
            "Lays a provider's bill beside what was metered: by day, model and meter, in quantity and money. Exit code 1 when they differ.\n\n"
            + "The bill has the columns date, model, meter, quantity and amount, or is an export in FOCUS form.\n\n"
            + "Example:\n  dogana upstream reconcile openai --bill january.csv --from 2026-01-01 --to 2026-02-01 --tolerance 0.01",
            [upstream, bill, from, to, tolerance],
            async (client, parsed, cancellation) =>
            {
                var file = parsed.GetValue(bill)!;
                return !file.Exists ? throw new DoganaException(404, "not_found", $"There is no file {file.FullName}.", "")
                    : await client.ReconcileUpstreamAsync(
                        parsed.GetValue(upstream)!,
                        new ReconcileRequest(await File.ReadAllTextAsync(file.FullName, cancellation), parsed.GetValue(from)!.Value, parsed.GetValue(to)!.Value, parsed.GetValue(tolerance)), cancellation);
            },
            static (told, output) =>
            {
                var table = new TextTable("day", "model", "meter", "ours>", "theirs>", "difference>", "our amount>", "their amount>", "difference>", "");
                foreach (var row in told.Rows)
                {
                    table.Add(
                        Text(row.Day), row.Model, row.Meter, Text(row.OurQuantity), Text(row.TheirQuantity), Text(row.QuantityDifference), row.OurAmount, row.TheirAmount, row.AmountDifference,
                        row.IsWithin ? "" : "differs");
                }

                table.Write(output);
                output.WriteLine($"{told.Upstream}: {told.OurAmount} {told.Currency} here, {told.TheirAmount} billed, {told.AmountDifference} difference: {(told.Agrees ? "they agree" : "they do not agree")}.");
            });
    }

    private static Option<DateOnly?> Day(string name, string description) => new(name) { Description = description };

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
