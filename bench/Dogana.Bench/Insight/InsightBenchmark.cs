using Dogana.Bench.Figures;

namespace Dogana.Bench.Insight;

/// <summary>What is said about the money of two years.</summary>
internal sealed class InsightBenchmark : IBenchmark
{
    public string Name => "insight";

    public string Summary => "a cloud's share of its largest family and its run rate, over two years of sales in a store that it makes";

    public IReadOnlyList<string> Reading { get; } = ["The two of the article follow from the sample's seed: they are the same on every machine. `dogana demo two-years --data DIR` makes the same store."];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        await ArticleWorld.MeasureAsync(run, rounds, cancellation);
        return rounds.ToFigures();
    }
}
