using System.CommandLine;
using System.Globalization;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana usage</c>: what was used, and what it costs.</summary>
internal static class UsageVerbs
{
    public static Command Create()
    {
        var after = new Option<long>("--after") { Description = "Start behind this number." };
        var limit = new Option<int>("--limit") { Description = "At most so many, 1 to 1000.", DefaultValueFactory = static _ => 100 };
        var tag = new Option<string?>("--tag") { Description = "Only what is marked with this tag, name=value." };
        var project = new Option<string?>("--project") { Description = "Only this project's." };
        var key = new Option<string?>("--key") { Description = "Only what came with the key of this id." };
        return AdminVerb.Noun(
            "usage", "What was used, and what it costs.",
            AdminVerb.Create(
                "list", "Lists usage records in the order of intake.\n\nExample:\n  dogana usage list --tag team=search --project acme-shop", [after, limit, tag, project, key],
                (client, parsed, cancellation) => client.ListUsageAsync(
                    parsed.GetValue(after), parsed.GetValue(limit), parsed.GetValue(tag), parsed.GetValue(project), parsed.GetValue(key), cancellation),
                static (records, output) => AdminTables.WriteUsage(records, output)),
            AdminVerb.Create(
                "rated", "Lists rated lines: what each meter of each call costs, and by which price.", [after, limit],
                (client, parsed, cancellation) => client.ListRatedLinesAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
                static (lines, output) => AdminTables.WriteLines(lines, output)),
            CreateReconcile());
    }

    private static Command CreateReconcile()
    {
        var month = new Option<string?>("--month") { Description = "Usage of this month (UTC), as 2026-01; of all time when left out." };
        return AdminVerb.Create(
            "reconcile", "Is every unit that was metered accounted for? Ingested = rated + voided + unmatched + waiting. Exit 1 when not.\n\nExample:\n  dogana usage reconcile --month 2026-01", [month],
            (client, parsed, cancellation) => client.ReconcileUsageAsync(parsed.GetValue(month), cancellation),
            static (report, output) =>
            {
                var table = new TextTable("meter", "events>", "ingested>", "rated>", "voided>", "unmatched>", "waiting>", "difference>", "events'>", "why unmatched");
                foreach (var meter in report.Meters)
                {
                    table.Add(
                        meter.Meter, Text(meter.Events), Text(meter.Ingested), Text(meter.Rated), Text(meter.Voided), Text(meter.Unmatched.Sum(static item => item.Quantity)), Text(meter.Waiting),
                        Text(meter.Difference), Text(meter.EventsDifference), string.Join(", ", meter.Unmatched.Select(static item => $"{item.Reason} {Text(item.Quantity)} of {Text(item.Events)}")));
                }

                table.Write(output, "");
                foreach (var retail in report.Retail)
                {
                    output.WriteLine($"  resold {retail.Meter}: {Text(retail.Rated)} units charged to end customers"
                        + string.Concat(retail.Unmatched.Select(static item => $", {Text(item.Quantity)} of {Text(item.Events)} not ({item.Reason})")));
                }

                output.WriteLine($"{Text(report.Records)} records, {Text(report.Empty)} of them counted nothing. {(report.Reconciled ? "Everything is accounted for." : "NOT everything is accounted for.")}");
            });
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
