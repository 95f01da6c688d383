using System.CommandLine;
using System.Text.Json;
using Dogana.Client;
using static Dogana.Server.Verbs.ReportTable;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana insight what-if FILE...</c>: scenarios beside the baseline.</summary>
internal static class WhatIfVerb
{
    private const string Baseline = "(baseline)";
    private const int ContractsShown = 10;

    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("file") { Description = "Scenario files, YAML or JSON; all look as many months ahead.", Arity = ArgumentArity.OneOrMore };
        var check = new Option<bool>("--check") { Description = "Only say whether the files are right." };
        var seed = new Option<int?>("--seed") { Description = "What chance comes from; 1 when left out." };
        var options = new InsightOptions();
        var verb = new Command(
            "what-if", "What would be if somebody left, was banned, used less, or prices, shares, channels or markets changed, beside what is expected. --months is how many months expectations are made of.\n\n"
                + "Examples:\n  dogana insight what-if samples/scenarios/family-leaves.yaml --currency USD\n  dogana insight what-if a.yaml b.yaml --csv\n  dogana insight what-if a.yaml --check") { files, check, seed };
        foreach (var option in options.All)
        {
            verb.Options.Add((Option)option);
        }

        verb.SetAction(async (parsed, cancellation) =>
        {
            var read = await ReadAsync(parsed.GetValue(files)!, cancellation);
            await using var session = await AdminSession.OpenAsync(parsed, cancellation);
            try
            {
                var (filter, output, isJson) = (options.Read(parsed), parsed.InvocationConfiguration.Output, parsed.GetValue(StoreOptions.Json));
                if (parsed.GetValue(check))
                {
                    var checkedFiles = await session.Client.CheckWhatIfAsync(read, filter, cancellation);
                    Print(checkedFiles, isJson, output, static (record, to) => Write(record, to));
                }
                else
                {
                    var report = await session.Client.GetWhatIfAsync(read, filter, parsed.GetValue(seed), cancellation);
                    var isCsv = parsed.GetValue(options.Csv);
                    Print(report, isJson, output, (record, to) => Write(record, isCsv, to));
                }

                return ExitCode.Done;
            }
            catch (DoganaException refused) when (ApplyVerb.TryPrint(refused, parsed.InvocationConfiguration.Error))
            {
                return ExitCode.No;
            }
        });
        return verb;
    }

    /// <summary>Scenario files as they are sent.</summary>
    internal static async Task<IReadOnlyList<WhatIfFile>> ReadAsync(IEnumerable<FileInfo> files, CancellationToken cancellation)
    {
        var read = new List<WhatIfFile>();
        foreach (var file in files)
        {
            read.Add(file.Exists ? new WhatIfFile(file.Name, await File.ReadAllTextAsync(file.FullName, cancellation)) : throw new DoganaException(404, "not_found", $"There is no file {file.FullName}.", ""));
        }

        return read;
    }

    private static void Print<T>(T record, bool isJson, TextWriter output, Action<T, TextWriter> print)
    {
        if (isJson)
        {
            output.WriteLine(JsonSerializer.Serialize(record, DoganaJson.Indented));
        }
        else
        {
            print(record, output);
        }
    }

    private static void Write(WhatIfCheckRecord record, TextWriter output)
    {
        foreach (var scenario in record.Scenarios)
        {
            output.WriteLine($"{scenario.File}: {scenario.Name}, {Count(scenario.Months)} months. {string.Join(' ', scenario.Changes)}");
        }
    }

    private static void Write(WhatIfReport report, bool isCsv, TextWriter output)
    {
        if (isCsv)
        {
            output.Write(Monthly(report).ToCsv());
            return;
        }

        output.WriteLine($"{string.Join(", ", report.Basis.Sellers)}: {report.From} to {report.To}, in {report.Basis.Currency}, by what is known through {report.Basis.To} ({report.Basis.Months} months, rates of {report.Basis.Rates}), seed {Count(report.Seed)}");
        foreach (var sentence in report.Assumptions)
        {
            output.WriteLine("  " + sentence);
        }

        foreach (var scenario in report.Scenarios)
        {
            output.WriteLine();
            output.WriteLine($"{scenario.Name} ({scenario.File})");
            foreach (var sentence in scenario.Changes.DefaultIfEmpty("Nothing changes.").Concat(scenario.Assumptions))
            {
                output.WriteLine("  " + sentence);
            }
        }

        output.WriteLine();
        foreach (var table in Tables(report).Where(static table => table.Rows.Count > 0))
        {
            table.Write(output);
        }
    }

    private static IEnumerable<ReportTable> Tables(WhatIfReport report)
    {
        var outlooks = Outlooks(report);
        yield return new("All months together", ["", "revenue>", "difference>", "of it minimums>", "placed>", "cost>", "of pools>", "margin>", "difference>"],
            [.. outlooks.Select((item, place) => new[]
            {
                item.Name, item.Outlook.Sum.Revenue, place == 0 ? "-" : report.Scenarios[place - 1].Difference.Revenue, item.Outlook.Sum.Minimums, item.Outlook.Sum.Placed, item.Outlook.Sum.Cost,
                item.Outlook.Sum.PoolCost, item.Outlook.Sum.Margin, place == 0 ? "-" : report.Scenarios[place - 1].Difference.Margin,
            })], 1);
        yield return new("Revenue by month, the last one drawn", ["month", .. outlooks.Select(static item => item.Name + ">")],
            [.. report.Baseline.Months.Select((month, place) => (string[])[month.Month, .. outlooks.Select(item => item.Outlook.Months[place].Figures.Revenue)])], outlooks.Count);
        yield return new("Shares", ["leg", "", "payer", "payee", "of>", "share>", "cap>", "left of it>", "reached"],
            [.. report.Baseline.Shares.SelectMany((_, place) => outlooks.Select(item => (item.Name, Leg: item.Outlook.Shares[place]))).Select(static item => new[]
            {
                $"{item.Leg.Agreement}/{item.Leg.Leg}", item.Name, item.Leg.Payer, item.Leg.Payee, item.Leg.Basis, item.Leg.Share, item.Leg.Cap ?? "-", item.Leg.CapLeft ?? "-", item.Leg.CapReached ?? "-",
            })], 5);
        yield return new("Capacity pools", ["pool", "", "tokens>", "idle>", "cost of that>", "placed elsewhere brings>"],
            [.. report.Baseline.Pools.SelectMany((_, place) => outlooks.Select(item => (item.Name, Pool: item.Outlook.Pools[place]))).Select(static item => new[]
            {
                item.Pool.Pool, item.Name, Count(item.Pool.Tokens), Percent(item.Pool.IdleShare), item.Pool.IdleCost, item.Pool.Placed,
            })], 3);
        yield return new("Concentration by family", ["", "largest", "CR1>", "CR5>", "CR10>", "index>", "effective>"],
            [.. outlooks.Select(static item => (item.Name, item.Outlook.Concentration)).Select(static item => new[]
            {
                item.Name, item.Concentration.Largest ?? "-", Percent(item.Concentration.Cr1), Percent(item.Concentration.Cr5), Percent(item.Concentration.Cr10), Plain(item.Concentration.Index),
                Plain(item.Concentration.EffectiveParties),
            })], 2);
        yield return new("Guidance", ["series", "quarter", "", "low>", "high>", "said by", "expected>", "to meet>", "to exceed>"],
            [.. report.Baseline.Guidance.SelectMany((_, place) => outlooks.Select(item => (item.Name, Guidance: item.Outlook.Guidance[place]))).Select(static item => new[]
            {
                item.Guidance.Series, item.Guidance.Quarter, item.Name, item.Guidance.Low, item.Guidance.High, item.Guidance.Source, item.Guidance.Expected, Percent(item.Guidance.ToMeet),
                Percent(item.Guidance.ToExceed),
            })], 7);
        yield return new($"Contracts of whoever it is about, at most {Count(ContractsShown)} of a scenario; --json has all", ["contract", "", "binds until", "remaining>", "still holds>", "charged in these months>", "why"],
            [.. report.Scenarios.SelectMany(static scenario => scenario.Commitments.Take(ContractsShown).Select(kept => new[]
            {
                kept.Contract, scenario.Name, PageOptions.Day(kept.BindsUntil), kept.Remaining, kept.Holds, kept.Charged, kept.Rule,
            }))]);
    }

    private static ReportTable Monthly(WhatIfReport report) => new(
        "By month", ["scenario", "month", "revenue", "minimums", "placed", "cost", "pool cost", "margin"],
        [.. Outlooks(report).SelectMany(static item => item.Outlook.Months.Select(month => new[]
        {
            item.Name, month.Month, month.Figures.Revenue, month.Figures.Minimums, month.Figures.Placed, month.Figures.Cost, month.Figures.PoolCost, month.Figures.Margin,
        }))]);

    private static IReadOnlyList<(string Name, WhatIfOutlookRecord Outlook)> Outlooks(WhatIfReport report) =>
        [(Baseline, report.Baseline), .. report.Scenarios.Select(static scenario => (scenario.Name, scenario.Outlook))];
}
