using System.CommandLine;
using System.Globalization;
using Dogana.Client;
using static Dogana.Server.Verbs.ReportTable;

namespace Dogana.Server.Verbs;

/// <summary>Series, guidance, forecasts and alerts of <c>dogana insight</c>.</summary>
internal static class InsightSeriesVerbs
{
    public static IReadOnlyList<Command> Create() =>
    [
        AdminVerb.Noun("series", "What can be forecast: revenue counted here, and series read in from elsewhere.", ListSeries(), ShowSeries(), Import()),
        AdminVerb.Noun("guidance", "What was said of series' quarters.", ListGuidance(), SetGuidance()),
        Forecast("forecast", "Carries a series on, with intervals, and says how it stands against guidance.\n\nExamples:\n  dogana insight forecast --currency USD\n  dogana insight forecast imported/cloud --steps 4"),
        Backtest(),
        AdminVerb.Noun("alert", "Who is told when a measure crosses a threshold.", ListAlerts(), SetAlert(), RemoveAlert(), Evaluate()),
    ];

    private static Argument<string?> Series() => new("series") { Description = "The series; the total when left out.", Arity = ArgumentArity.ZeroOrOne };

    private static Command ListSeries()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the names of all series.\n\nExample:\n  dogana insight series list", [limit, after],
            (client, parsed, cancellation) => client.ListSeriesAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("series", "source");
                foreach (var item in page.Data)
                {
                    table.Add(item.Name, item.Source);
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command ShowSeries()
    {
        var series = Series();
        return InsightVerbs.Report(
            "show", "Shows a series.\n\nExample:\n  dogana insight series show channel/resale", [series],
            (client, filter, parsed, cancellation) => client.GetSeriesAsync(parsed.GetValue(series) ?? "total", filter, cancellation),
            static record => [new($"{record.Name} ({record.Source}: {record.Origin}), in {record.Unit}", ["month", "value>"], [.. record.Values.Select(static value => new[] { value.Month, value.Amount })], 1)],
            static _ => null);
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV with the columns month (2026-01) or quarter (2026Q1), and value." };
        var name = new Option<string>("--name") { Description = "What to call it; it is imported/NAME from then on.", Required = true };
        var unit = new Option<string>("--unit") { Description = "ISO 4217 code, or another word such as percent.", Required = true };
        var source = new Option<string>("--source") { Description = "Where it is from: a report, a page.", Required = true };
        return AdminVerb.Create(
            "import", "Reads a series in, in the place of the one before: all of a file or nothing.\n\nExample:\n  dogana insight series import cloud.csv --name cloud --unit USD --source \"10-Q, segment note\"",
            [file, name, unit, source],
            async (client, parsed, cancellation) =>
            {
                var csv = parsed.GetValue(file)!;
                return csv.Exists
                    ? await client.ImportSeriesAsync(
                        parsed.GetValue(name)!, new SeriesImportRequest(parsed.GetValue(unit)!, parsed.GetValue(source)!, await File.ReadAllTextAsync(csv.FullName, cancellation)), cancellation)
                    : throw new DoganaException(404, "not_found", $"There is no file {csv.FullName}.", "");
            },
            static (record, output) => output.WriteLine($"{record.Name}: {Count(record.Values.Count)} values in {record.Unit}, from {record.Origin}."));
    }

    private static Command ListGuidance()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists what was said of series' quarters.\n\nExample:\n  dogana insight guidance list", [limit, after],
            (client, parsed, cancellation) => client.ListGuidanceAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("series", "of", "quarter", "low>", "high>", "unit", "said by");
                foreach (var item in page.Data)
                {
                    table.Add(item.Series, item.SeriesSource, item.Quarter, item.Low, item.High, item.Unit, item.Source);
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command SetGuidance()
    {
        var series = new Argument<string>("series") { Description = "The series." };
        var quarter = new Option<string>("--quarter") { Description = "As 2026Q1.", Required = true };
        var source = new Option<string>("--source") { Description = "Who said so.", Required = true };
        var (low, high) = (new Option<string?>("--low") { Description = "The least." }, new Option<string?>("--high") { Description = "The most." });
        var (lowPercent, highPercent) = (new Option<string?>("--low-percent") { Description = "The least growth on the year: 30 for 30 %." }, new Option<string?>("--high-percent") { Description = "The most." });
        var currency = new Option<string?>("--currency") { Description = "Of an own series; the only one there is when left out." };
        return AdminVerb.Create(
            "set", "Sets what is said of a series' quarter.\n\nExamples:\n  dogana insight guidance set total --quarter 2026Q1 --low 100000 --high 110000 --source board\n"
                + "  dogana insight guidance set imported/cloud --quarter 2024Q1 --low-percent 30 --high-percent 31 --source \"earnings call\"",
            [series, quarter, source, low, high, lowPercent, highPercent, currency],
            (client, parsed, cancellation) => client.SetGuidanceAsync(
                new GuidanceRequest(
                    parsed.GetValue(series)!, parsed.GetValue(quarter)!, parsed.GetValue(source)!, parsed.GetValue(low), parsed.GetValue(high), parsed.GetValue(lowPercent), parsed.GetValue(highPercent)),
                parsed.GetValue(currency), cancellation),
            static (item, output) => output.WriteLine($"{item.Series} {item.Quarter}: {item.Low} to {item.High} {item.Unit}, said by {item.Source}."));
    }

    private static Command Forecast(string name, string description)
    {
        var series = Series();
        var steps = new Option<int?>("--steps") { Description = "How many months or quarters, 1 to 36; a year when left out." };
        var seed = new Option<int?>("--seed") { Description = "What chance comes from, where ranges are drawn; 1 when left out." };
        return InsightVerbs.Report(
            name, description, [series, steps, seed],
            (client, filter, parsed, cancellation) => client.GetForecastAsync(parsed.GetValue(series), filter, parsed.GetValue(steps), parsed.GetValue(seed), cancellation),
            static record =>
            [
                new($"{record.Series} ({record.SeriesSource}), in {record.Unit}, by {record.Method}{(record.IsBootstrapped ? ", of too few values to choose a method" : "")}",
                    ["month", "expected>", "80 % from>", "to>", "95 % from>", "to>"],
                    [.. record.Steps.Select(static step => new[] { step.Month, Plain(step.Mean), Plain(step.Low80), Plain(step.High80), Plain(step.Low95), Plain(step.High95) })], 1),
                new("Guidance", ["quarter", "low>", "high>", "said by", "expected>", "known", "to meet>", "to exceed>", "gap>", "gap in sigmas>"],
                    [.. record.Guidance.Select(static item => new[]
                    {
                        item.Quarter, item.Low, item.High, item.Source, item.Expected, item.IsKnown ? "yes" : "no", Percent(item.ToMeet), Percent(item.ToExceed), item.Gap, Plain(item.GapInSigmas),
                    })]),
            ],
            static _ => null);
    }

    private static Command Backtest()
    {
        var series = Series();
        return InsightVerbs.Report(
            "backtest", "How well each method would have forecast a series from earlier points in time.\n\nExample:\n  dogana insight backtest channel/resale", [series],
            (client, filter, parsed, cancellation) => client.GetForecastAsync(parsed.GetValue(series), filter, null, null, cancellation),
            static record =>
            [
                new($"{record.Series} ({record.SeriesSource}), {Count(record.Values.Count)} values{(record.Backtests.Count == 0 ? ": too few to try any method" : "")}",
                    ["method", "origins>", "steps>", "MASE>", "loss 10 %>", "50 %>", "90 %>", "80 % held>", "95 % held>"],
                    [.. record.Backtests.Select(static result => new[]
                    {
                        result.Method, Count(result.Origins), Count(result.Horizon), result.Mase.ToString("0.000", CultureInfo.InvariantCulture), Plain(result.Quantiles[0].Loss), Plain(result.Quantiles[1].Loss),
                        Plain(result.Quantiles[2].Loss), Percent(result.Intervals[0].Steps), Percent(result.Intervals[1].Steps),
                    })]),
            ],
            static _ => null);
    }

    private static Command ListAlerts()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the alerts and how they stand.\n\nExample:\n  dogana insight alert list", [limit, after],
            (client, parsed, cancellation) => client.ListAlertsAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation), Write);
    }

    private static Command SetAlert()
    {
        var id = Id();
        var measure = new Option<string>("--measure") { Description = "largest_share, index, growth, net_retention, gross_retention, commitment_coverage or guidance_to_meet.", Required = true };
        var (above, below) = (new Option<string?>("--above") { Description = "Tell when it is above: 0.25 for a share of 25 %." }, new Option<string?>("--below") { Description = "Tell when it is below." });
        var tells = new Option<string>("--tells") { Description = "The organisation whose notice targets hear of it.", Required = true };
        var axis = new Option<string?>("--axis") { Description = "Who counts as one: family when left out." };
        var months = new Option<int?>("--months") { Description = "Of how many months; 3 when left out." };
        Option<string?>[] only = [new("--currency"), new("--seller"), new("--channel"), new("--owner"), new("--series")];
        return AdminVerb.Create(
            "set", "Adds an alert, or changes it. It tells once, and again only after the measure went back.\n\nExample:\n  dogana insight alert set one-customer --measure largest_share --above 0.25 --tells cloud",
            [id, measure, above, below, tells, axis, months, .. only],
            (client, parsed, cancellation) => client.SetAlertAsync(
                parsed.GetValue(id)!,
                new AlertRequest(
                    parsed.GetValue(measure)!, parsed.GetValue(below) is null ? "above" : "below", parsed.GetValue(below) ?? parsed.GetValue(above) ?? "", parsed.GetValue(tells)!, parsed.GetValue(axis),
                    parsed.GetValue(months), parsed.GetValue(only[0]), parsed.GetValue(only[1]), parsed.GetValue(only[2]), parsed.GetValue(only[3]), parsed.GetValue(only[4])),
                cancellation),
            static (alert, output) => Write(new Page<AlertRecord>([alert], null), output));
    }

    private static Command RemoveAlert()
    {
        var id = Id();
        return AdminVerb.Create(
            "remove", "Takes an alert away.\n\nExample:\n  dogana insight alert remove one-customer", [id],
            (client, parsed, cancellation) => client.RemoveAlertAsync(parsed.GetValue(id)!, cancellation), static (alert, output) => output.WriteLine($"{alert.Id} is gone."));
    }

    private static Command Evaluate() => AdminVerb.Create(
        "evaluate", "Looks at all alerts now; the server does so every day and after each close.\n\nExample:\n  dogana insight alert evaluate", [],
        static (client, _, cancellation) => client.EvaluateAlertsAsync(cancellation), Write);

    private static Argument<string> Id() => new("id") { Description = "The alert's id." };

    private static void Write(Page<AlertRecord> page, TextWriter output)
    {
        var table = new TextTable("id", "measure", "threshold", "axis", "months>", "tells", "now", "crossed", "times>", "looked at");
        foreach (var alert in page.Data)
        {
            table.Add(
                alert.Id, alert.Measure, $"{alert.Comparison} {alert.Threshold}", alert.Axis, Count(alert.Months), alert.Tells, alert.Value ?? "-", alert.IsCrossed ? "yes" : "no", Count(alert.Crossings),
                PageOptions.Day(alert.EvaluatedAt));
        }

        table.Write(output);
        PageOptions.WriteNext(page.Next, output);
    }
}
