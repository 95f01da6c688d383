using Dogana.Bench.Figures;
using Dogana.Bench.Processes;

namespace Dogana.Bench.MoneyFlow;

/// <summary>The close of a month by itself, as <c>money</c> ends with it.</summary>
internal sealed class CloseBenchmark : IBenchmark
{
    public string Name => "close";

    public string Summary => "the close of a month, with 10 k, 100 k and 1 M customers, and accruals with as many; a part of `money`";

    public IReadOnlyList<string> Reading { get; } = [];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        await using var postgres = await PrivatePostgres.StartAsync(cancellation);
        await MoneyClose.RunAsync(run, postgres.Connection, rounds, cancellation);
        return rounds.ToFigures();
    }
}
