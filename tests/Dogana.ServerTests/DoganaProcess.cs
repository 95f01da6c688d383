using System.Diagnostics;

namespace Dogana.ServerTests;

/// <summary>Runs a verb as a user does.</summary>
internal static class DoganaProcess
{
    /// <summary>Runs it to its end.</summary>
    public static Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>Runs it with an admin key in its environment.</summary>
    public static Task<(int Exit, string Output, string Error)> RunAsync(string adminKey, string[] arguments) =>
        RunAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["DOGANA_ADMIN_KEY"] = adminKey }, arguments);

    /// <summary>Runs it with more in its environment.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Built.Program("Dogana.Server"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs it and expects exit 0; gives what it printed.</summary>
    public static async Task<string> OkAsync(params string[] arguments)
    {
        var (exit, output, error) = await RunAsync(arguments);
        exit.ShouldBe(0, $"{string.Join(' ', arguments)}\n{error}\n{output}");
        return output;
    }
}
