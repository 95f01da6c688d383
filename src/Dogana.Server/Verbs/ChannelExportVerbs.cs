using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>Verbs of <c>dogana export</c> for marketplaces: hours as request bodies, and what the marketplace answered.</summary>
internal static class ChannelExportVerbs
{
    public static Command[] Create() => [Write(), Acknowledge(), Records()];

    private static Command Write()
    {
        var channel = Channel();
        var format = new Option<string>("--format") { Description = "aws or azure.", Required = true };
        format.AcceptOnlyFromAmong("aws", "azure");
        var from = new Option<string?>("--from") { Description = "The first hour: 2026-01-31 or 2026-01-31T08:00:00Z; the first one not acknowledged when left out." };
        var to = new Option<string?>("--to") { Description = "The first hour after it; up to the last closed one when left out." };
        return AdminVerb.Create(
            "channel", "Counts a channel's closed hours, each once, and prints request bodies for its marketplace, one a line. What was neither acknowledged nor is too old is printed again, the same.\n\nExample:\n  dogana export channel --channel cloud --format azure > events.jsonl",
            [channel, format, from, to],
            (client, parsed, cancellation) => client.WriteChannelExportAsync(parsed.GetValue(channel)!, parsed.GetValue(format)!, parsed.GetValue(from), parsed.GetValue(to), cancellation),
            static (written, output) =>
            {
                foreach (var batch in written.Batches)
                {
                    output.WriteLine(batch.GetRawText());
                }
            });
    }

    private static Command Acknowledge()
    {
        var channel = Channel();
        var hour = new Option<DateTimeOffset>("--hour") { Description = "The hour's first instant, such as 2026-01-31T08:00:00Z.", Required = true };
        var resource = new Option<string>("--resource") { Description = "The resource.", Required = true };
        var dimension = new Option<string>("--dimension") { Description = "The dimension.", Required = true };
        var result = new Option<string>("--result") { Description = "accepted (HTTP 200 too), duplicate or expired.", Required = true };
        result.AcceptOnlyFromAmong("accepted", "duplicate", "expired");
        return AdminVerb.Create(
            "acknowledge", "Keeps what the marketplace said of an hour's record.\n\nExample:\n  dogana export acknowledge --channel cloud --hour 2026-01-31T08:00:00Z --resource r-1 --dimension tokens --result accepted",
            [channel, hour, resource, dimension, result],
            (client, parsed, cancellation) => client.AcknowledgeChannelExportAsync(
                parsed.GetValue(channel)!,
                new ChannelExportAcknowledgement([new ChannelExportResult(
                    parsed.GetValue(hour), parsed.GetValue(resource)!, parsed.GetValue(dimension)!, parsed.GetValue(result)!)]),
                cancellation),
            static (kept, output) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kept.Acknowledged} kept")));
    }

    private static Command Records()
    {
        var (channel, limit, after) = (Channel(), PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "records", "Lists a channel's counted hours and what became of them.\n\nExample:\n  dogana export records --channel cloud", [channel, limit, after],
            (client, parsed, cancellation) => client.ListChannelExportsAsync(parsed.GetValue(channel)!, parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("hour", "export", "resource", "dimension", "units>", "quantity>", "state");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Hour.ToString("u", CultureInfo.InvariantCulture), item.Export, item.Resource, item.Dimension, item.Units.ToString(CultureInfo.InvariantCulture),
                        item.Quantity.ToString(CultureInfo.InvariantCulture), item.State);
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Option<string> Channel() => new("--channel") { Description = "The channel.", Required = true };
}
