using System.CommandLine;
using System.Text.Json;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana insight report</c>: all reports as one page for a board.</summary>
internal static class BoardVerb
{
    public static Command Create()
    {
        var options = new InsightOptions();
        var file = new Option<FileInfo>("--output", "-o") { Description = "The file to write.", Required = true };
        var scenarios = new Option<FileInfo[]>("--scenario") { Description = "A scenario file, set beside the baseline; may be given several times.", Arity = ArgumentArity.ZeroOrMore };
        var asOf = new Option<string?>("--as-of") { Description = "The instant that commitments and the last 28 days are counted from; now when left out. The same one gives the same bytes." };
        var verb = new Command(
            "report", "Writes all reports as one HTML page for a board, with a picture for each question. The page needs nothing else.\n\n"
                + "Examples:\n  dogana insight report -o report.html --currency USD\n  dogana insight report -o report.html --scenario samples/scenarios/family-leaves.yaml") { file, scenarios, asOf };
        foreach (var option in options.About)
        {
            verb.Options.Add((Option)option);
        }

        verb.SetAction(async (parsed, cancellation) =>
        {
            var read = await WhatIfVerb.ReadAsync(parsed.GetValue(scenarios) ?? [], cancellation);
            await using var session = await AdminSession.OpenAsync(parsed, cancellation);
            try
            {
                var page = await session.Client.GetBoardReportAsync(options.Read(parsed), read, parsed.GetValue(asOf), cancellation);
                await File.WriteAllTextAsync(parsed.GetValue(file)!.FullName, page, cancellation);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    parsed.GetValue(StoreOptions.Json) ? JsonSerializer.Serialize(new { File = parsed.GetValue(file)!.FullName }, DoganaJson.Indented) : $"Written to {parsed.GetValue(file)}.");
                return ExitCode.Done;
            }
            catch (DoganaException refused) when (ApplyVerb.TryPrint(refused, parsed.InvocationConfiguration.Error))
            {
                return ExitCode.No;
            }
        });
        return verb;
    }
}
