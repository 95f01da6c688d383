using System.Diagnostics;
using System.Text.Json;
using Dogana.Tests;

namespace Dogana.ServerTests;

/// <summary>Runs a script of Clients/: a real client in its own process, which prints one JSON document.</summary>
internal static class NodeScript
{
    private const int ShownCharacters = 4_000;

    /// <summary>What the script printed; the caller disposes of it.</summary>
    /// <param name="name">The file's name in Clients/.</param>
    /// <param name="environment">What the script is told; keys go here.</param>
    /// <param name="arguments">For the probes: the steps to run; all when there are none.</param>
    /// <param name="timeout">One minute when null; then the script is killed.</param>
    /// <exception cref="InvalidOperationException">The script failed, printed no JSON or ran too long; says what it wrote on standard error.</exception>
    public static async Task<JsonDocument> RunAsync(
        string name, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string>? arguments = null, TimeSpan? timeout = null)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Dogana.ServerTests", "Clients");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            throw new InvalidOperationException("The npm packages of the client scripts are missing: ./test installs them, or npm ci --ignore-scripts in tests/Dogana.ServerTests/Clients.");
        }

        var start = new ProcessStartInfo("node", [name, .. arguments ?? []])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        var limit = timeout ?? TimeSpan.FromMinutes(1);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException late)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{name} did not end within {limit}: {Shown(await errors)}", late);
        }

        return process.ExitCode == 0
            ? Parsed(name, await output)
            : throw new InvalidOperationException($"{name}: exit {process.ExitCode}: {Shown(await errors)}");
    }

    private static JsonDocument Parsed(string name, string output)
    {
        try
        {
            return JsonDocument.Parse(output);
        }
        catch (JsonException wrong)
        {
            throw new InvalidOperationException($"{name} printed no JSON: {Shown(output)}", wrong);
        }
    }

    private static string Shown(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
}
