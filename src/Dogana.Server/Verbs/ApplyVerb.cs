using System.CommandLine;
using System.Text.Json;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana apply -f FILE</c>: the world as one file.</summary>
internal static class ApplyVerb
{
    public static Command Create()
    {
        var file = new Option<FileInfo>("--file", "-f") { Description = "The world file (YAML)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would change, and change nothing." };
        var schema = new Option<bool>("--schema") { Description = "Print the file's JSON schema." };
        var apply = new Command(
            "apply",
            "Makes the parties, catalogue, prices, contracts and share agreements be what a file says: all of it or nothing; again changes nothing.\n\n"
            + "Examples:\n  dogana apply -f samples/opening-day.yaml --dry-run\n  dogana apply -f world.yaml --url http://127.0.0.1:8080") { file, dryRun, schema };
        apply.Validators.Add(result =>
        {
            if (result.GetValue(file) is null && !result.GetValue(schema))
            {
                result.AddError("Give a world file with -f FILE.");
            }
        });
        apply.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(schema))
            {
                await output.WriteAsync(Dogana.Apply.WorldSchema.Text);
                return ExitCode.Done;
            }

            var source = parsed.GetValue(file)!;
            if (!source.Exists)
            {
                throw new DoganaException(404, "not_found", $"There is no file {source.FullName}.", "");
            }

            await using var session = await AdminSession.OpenAsync(parsed, cancellation, mayCreate: true);
            try
            {
                var result = await session.Client.ApplyAsync(await File.ReadAllTextAsync(source.FullName, cancellation), source.Name, parsed.GetValue(dryRun), cancellation);
                Print(result, parsed.GetValue(StoreOptions.Json), output);
                return ExitCode.Done;
            }
            catch (DoganaException refused) when (TryPrint(refused, parsed.InvocationConfiguration.Error))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("Nothing was changed.");
                return ExitCode.No;
            }
        });
        return apply;
    }

    /// <summary>Prints a file's faults, a line each as a compiler does; false where it was refused for something else.</summary>
    public static bool TryPrint(DoganaException refused, TextWriter error)
    {
        var faults = Faults(refused);
        foreach (var fault in faults)
        {
            error.WriteLine($"{fault.File}:{fault.Line}:{fault.Column}: {fault.Path}: {fault.Message} {fault.Remedy}");
        }

        return faults.Count > 0;
    }

    private static void Print(ApplyResult result, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(result, DoganaJson.Indented));
            return;
        }

        foreach (var change in result.Changes.Where(static change => change.Kind != "unchanged"))
        {
            output.WriteLine($"{change.Kind,-8} {change.Type} {change.Id}");
        }

        var count = result.Changes.Count(static change => change.Kind != "unchanged");
        output.WriteLine(count == 0 ? "Nothing to change." : result.DryRun ? $"{count} changes would be made." : $"{count} changes made.");
    }

    private static IReadOnlyList<ApplyFault> Faults(DoganaException refused)
    {
        try
        {
            using var document = JsonDocument.Parse(refused.Body);
            return document.RootElement.TryGetProperty("faults", out var faults) ? faults.Deserialize<IReadOnlyList<ApplyFault>>(DoganaJson.Options) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
