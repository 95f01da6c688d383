using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Conduct;

namespace Dogana.Bench.Conduct;

/// <summary>Is work that terms forbid found, and is nobody else suspected?</summary>
internal sealed class ConductBenchmark : IBenchmark
{
    public string Name => "conduct";

    public string Summary => "who is found to distil, judge or run benchmarks, who is suspected wrongly, and what looking costs";

    public IReadOnlyList<string> Reading { get; } =
    [
        "`min..max` of a share is its exact 95 % interval (Clopper and Pearson), and `calls` is how many accounts it is of. Accounts of one source draw from the same rows and are no independent customers: the intervals say what chance alone does.",
        "The data lie outside of the repository and are never part of it (`--data DIR`). Seeds are fixed: the shares of one version are the same in every run on the same data.",
        "`strong_tpr_*.FAMILY` and `lofo_tpr.FAMILY` are all families, also those that are missed. Labelling one data set cannot be told from production by content.",
        "Networks, clients, times and log probabilities are simulated (`hydra_*`, `simulated_*`): there are no public data.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var folder = run.Data ?? Path.Combine(Built.Root, "..", "shared", "data", "conduct");
        var sources = ConductData.Read(folder);
        if (!sources.Any(static source => source.IsBenign) || sources.All(static source => source.IsBenign))
        {
            throw new BenchmarkFailedException("not run: there is no conduct/*.jsonl.gz, or not both benign and other rows, below the folder of the data; name it with --data DIR.");
        }

        var (data, cost) = (new ConductRun(sources, run.IsQuick), new Rounds());
        var made = data.Make(run.Progress);
        Figure[] mixes = [.. data.Mixes(run.Progress)];
        Figure[] benign = [.. ConductRun.Benign(made)];
        Figure[] left = [.. ConductRun.LeftOut(made)];
        Figure[] hydra = [.. HydraRun.Figures(run.IsQuick, run.Progress)];
        run.Progress("cost");
        ConductCost.Online(sources, run.IsQuick, cost);
        ConductCost.State(made, cost);
        await ConductCost.CoverageAsync(sources, run.IsQuick, cost, cancellation);
        WriteCalibration(made);
        return [mixes[0], benign[0], left[0], left[1], .. hydra, .. cost.ToFigures(), .. mixes[1..], .. benign[1..], .. left[2..]];
    }

    // What src/Dogana/Conduct/Signals/calibration.json is taken from, when features change.
    private static void WriteCalibration(IReadOnlyList<MadeAccount> made) => File.WriteAllText(
        Path.Combine(Built.Root, "artifacts", "conduct-calibration.json"),
        ConductCalibration.From(made.Where(static account => account.IsBenign).Select(static account => account.Sketch), ConductAccounts.Now).Export());
}
