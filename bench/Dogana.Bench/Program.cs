using System.Globalization;
using System.Runtime.InteropServices;
using Dogana.Bench;
using Dogana.Bench.Figures;
using Dogana.Bench.Machine;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (!BenchOptions.TryRead(args, out var options, out var wrong))
{
    await Console.Error.WriteLineAsync($"bench: {wrong}\nbench: ./bench/run --help says how");
    return ExitCode.Misuse;
}

if (options.IsList)
{
    foreach (var known in Benchmarks.All)
    {
        Console.WriteLine($"{known.Name,-12} {known.Summary}");
    }

    return ExitCode.Done;
}

if (Benchmarks.Find(options.Name) is not { } benchmark)
{
    await Console.Error.WriteLineAsync($"bench: there is no benchmark '{options.Name}'; there are: {string.Join(", ", Benchmarks.All.Select(static known => known.Name))}");
    return ExitCode.Misuse;
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var at = TimeProvider.System.GetUtcNow();
    var machine = MachineRecord.Read();
    var run = new BenchRun(options.IsQuick, options.Minutes, options.Calls, options.Seeds, options.Kills, options.Data, step => Console.Error.WriteLine($"… {step}"));
    var figures = await benchmark.RunAsync(run, stop.Token);
    var report = new BenchReport(
        benchmark.Name, $"./bench/run {string.Join(' ', args.Where(static argument => argument != "--json"))}", at, await Commit.ReadAsync(), options.IsQuick, machine, MachineRecord.ReadLoad(), benchmark.Reading, figures);
    Console.WriteLine(options.IsJson ? report.ToJson() : report.ToMarkdown());
    return ExitCode.Done;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("bench: stopped");
    return ExitCode.Failed;
}
catch (BenchmarkFailedException failure)
{
    await Console.Error.WriteLineAsync($"bench: {benchmark.Name} failed: {failure.Message}");
    return ExitCode.Failed;
}
#pragma warning disable CA1031 // the edge of the process: whatever failed, the benchmark did
catch (Exception fault)
#pragma warning restore CA1031
{
    await Console.Error.WriteLineAsync($"bench: {benchmark.Name} failed: {fault}");
    return ExitCode.Failed;
}

// The servers that were started must end with this process, and their folder with them.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
