using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana capacity</c>: deployments with provisioned units of their own.</summary>
internal static class CapacityVerbs
{
    public static Command Create() => AdminVerb.Noun("capacity", "Deployments with provisioned units of their own.", List(), Show(), Size(), Reservations());

    private static Command List()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the provisioned deployments and how much of each is in use now.\n\nExample:\n  dogana capacity list", [limit, after],
            (client, parsed, cancellation) => client.ListCapacityAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("deployment", "project", "model", "type", "region", "units>", "in use>", "spillover");
                foreach (var item in page.Data)
                {
                    table.Add(item.Deployment, item.Project, item.Model, item.Type, item.Region, Text(item.Units), Text(item.UtilisationPercent) + " %", item.Spillover ?? "-");
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "The deployment." };
        var from = new Option<DateTimeOffset?>("--from") { Description = "The first minute, such as 2026-11-22T13:00:00Z; an hour before the last one when left out." };
        var to = new Option<DateTimeOffset?>("--to") { Description = "The first instant after the last minute; now when left out." };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "show", "Shows how much of a provisioned deployment is in use now, and what calls used of it in each minute of a time.\n\nExample:\n  dogana capacity show chat-ptu --from 2026-11-22T13:00:00Z",
            [name, from, to, limit, after],
            async (client, parsed, cancellation) => new CapacityReport(
                await client.GetCapacityAsync(parsed.GetValue(name)!, cancellation),
                await client.ListCapacityMinutesAsync(parsed.GetValue(name)!, parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(after), parsed.GetValue(limit), cancellation)),
            static (report, output) =>
            {
                var now = report.Capacity;
                output.WriteLine($"{now.Deployment}: {Text(now.Units)} units of {now.Type} ({now.Region}) for {now.Project} of {now.Organisation}, {now.Model}.");
                output.WriteLine($"{Text(now.UtilisationPercent)} % are in use: {Text(now.WeightedTokens)} of {Text(now.WeightedTokensPerMinute)} weighted tokens of a minute.");
                output.WriteLine(now.Spillover is null ? "What it has no room for is refused." : $"What it has no room for is served by {now.Spillover}.");
                var table = new TextTable("minute", "calls>", "weighted tokens>", "units>", "used>");
                foreach (var minute in report.Minutes.Data)
                {
                    table.Add(
                        minute.At.ToString("yyyy-MM-ddTHH:mmZ", CultureInfo.InvariantCulture), Text(minute.Calls), Text(minute.WeightedTokens), Text(minute.Units), Text(minute.UtilisationPercent) + " %");
                }

                table.Write(output);
                PageOptions.WriteNext(report.Minutes.Next, output);
            });
    }

    private static Command Size()
    {
        var model = new Option<string>("--model") { Description = "The model.", Required = true };
        var requests = new Option<long>("--rpm") { Description = "Calls in a minute, at the busiest.", Required = true };
        var input = new Option<long>("--input") { Description = "Prompt tokens of a call.", Required = true };
        var output = new Option<long>("--output") { Description = "Generated tokens of a call.", Required = true };
        var cached = new Option<decimal>("--cached") { Description = "The part of prompt tokens that a cache serves, 0 to 1." };
        return AdminVerb.Create(
            "size", "Computes how many units calls of one kind need.\n\nExample:\n  dogana capacity size --model gpt-5.2 --rpm 1000 --input 200 --output 20 --cached 0.5", [model, requests, input, output, cached],
            (client, parsed, cancellation) => client.SizeCapacityAsync(
                parsed.GetValue(model)!, parsed.GetValue(requests), parsed.GetValue(input), parsed.GetValue(output), parsed.GetValue(cached), cancellation),
            static (sizing, writer) =>
            {
                var table = new TextTable("type", "weighted tokens a minute>", "exactly>", "units>");
                foreach (var size in sizing.Sizes)
                {
                    table.Add(size.Type, Text(size.WeightedTokensPerMinute), Text(size.ExactUnits), Text(size.Units));
                }

                table.Write(writer);
            });
    }

    private static Command Reservations()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "reservations", "Lists the reservations of units, past and future ones too.\n\nExample:\n  dogana capacity reservations", [limit, after],
            (client, parsed, cancellation) => client.ListReservationsAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("reservation", "organisation", "channel", "type", "region", "units>", "from", "to");
                foreach (var item in page.Data)
                {
                    table.Add(item.Id, item.Organisation, item.Channel, item.Type, item.Region, Text(item.Units), PageOptions.Day(item.From), PageOptions.Day(item.To));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>What <c>show</c> shows.</summary>
    private sealed record CapacityReport(CapacityRecord Capacity, Page<CapacityMinute> Minutes);
}
