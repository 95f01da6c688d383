using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Dogana.Bench.Processes;

namespace Dogana.Bench.EngineSpeed;

/// <summary>llama.cpp with a model, in a process of its own (<c>bench/LlamaCpp</c> says which commands it takes).</summary>
internal sealed class LlamaCppProcess : IDecodingSession, IAsyncDisposable
{
    private static readonly string Libraries = Path.Combine(
        Built.Root, "artifacts", "bench-llama-cpp", "node_modules", "@node-llama-cpp", "linux-x64", "bins", "linux-x64");

    private readonly Process _process;

    private LlamaCppProcess(Process process) => _process = process;

    public static LlamaCppProcess Start()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new BenchmarkFailedException("llama.cpp is compared on Linux x64 only: that is the package that is pinned.");
        }

        if (!Directory.Exists(Libraries))
        {
            throw new BenchmarkFailedException("There is no llama.cpp; ./bench/run engine installs it.");
        }

        return new LlamaCppProcess(Process.Start(new ProcessStartInfo("dotnet", [Built.Program("LlamaCpp"), Libraries])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!);
    }

    /// <summary>Loads a file; plainly is with keys and values in 32 bits and without flash attention, as Dogana's engine does it.</summary>
    public async Task OpenAsync(string path, int contextTokens, bool isPlain) =>
        await AskAsync(string.Create(CultureInfo.InvariantCulture, $"{(isPlain ? "plain" : "open")} {path} {contextTokens}"));

    public async Task<Said> RunAsync(IReadOnlyList<int> prompt, int count)
    {
        var words = (await AskAsync($"run {count} {string.Join(' ', prompt)}")).Split(' ');
        double Seconds(int index) => double.Parse(words[index], CultureInfo.InvariantCulture);
        return new Said(Seconds(0), Seconds(1), [.. words[2..].Select(static word => int.Parse(word, CultureInfo.InvariantCulture))]);
    }

    public async Task<float[]> ScoresAsync(IReadOnlyList<int> prompt) =>
        MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(await AskAsync($"scores {string.Join(' ', prompt)}"))).ToArray();

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new BenchmarkFailedException($"llama.cpp ended at '{command.Split(' ')[0]}'.");
    }
}
