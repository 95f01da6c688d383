using System.Globalization;
using Dogana.Bench.Figures;
using Dogana.Metering;

namespace Dogana.Bench.SideBySide;

/// <summary>Dogana beside nginx, a bare pass-through and Portkey's gateway, in front of the same upstream, by the same load.</summary>
internal sealed class SideBySideBenchmark : IBenchmark
{
    public string Name => "side-by-side";

    public string Summary => "Dogana beside nginx, a bare .NET pass-through and Portkey's gateway";

    public IReadOnlyList<string> Reading { get; } =
    [
        "Load by wrk (one thread, connections kept), upstream nginx with one fixed answer. Load, contestant and upstream share this machine's cores.",
        "Everybody is started once; then one after the other gets the same three spells (1 caller, 32 callers, 32 streams), in rounds, another one first in each.",
        "Ratios are taken within a round and are what to compare. Absolute numbers change with the machine and with its other work.",
        "Dogana runs its full path: key, standing, market, limits, price, hold, a record opened before the upstream is called and closed on disk before the last byte; intake, rating and ledger run as always. The others meter nothing.",
        "direct is the mock with nothing between, nginx a bare reverse proxy, passthrough a bare proxy on .NET (bench/PassThrough), portkey Portkey's gateway 1.15.2 on Node.",
        "NAME_requests, _p50, _p99, _cpu: whole answers at 32 callers; _one_p50: one caller; _streams: streams at 32 callers; _rss: memory at the end of a round. CPU is the process's own, until it is idle.",
        "A run in which any call fails is no run: wrk's count of failures must be 0.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        // 1. Everybody, and warm.
        run.Progress("starting everybody");
        await using var field = await Field.StartAsync(cancellation);
        var warmUp = await new Round(field, TimeSpan.FromSeconds(run.IsQuick ? 1 : 3), cancellation).RunAsync(0, who => run.Progress($"warming up: {who}"));
        var answers = warmUp[SideBySideFigures.Dogana].Calls;

        // 2. Rounds.
        var roundCount = run.IsQuick ? 3 : 5;
        var round = new Round(field, TimeSpan.FromSeconds(run.IsQuick ? 1 : 4), cancellation);
        var rounds = new Rounds();
        for (var number = 1; number <= roundCount; number++)
        {
            var all = await round.RunAsync(number, who => run.Progress(string.Create(CultureInfo.InvariantCulture, $"round {number} of {roundCount}: {who}")));
            Round.AddTo(rounds, all, field.Contestants);
            answers += all[SideBySideFigures.Dogana].Calls;
        }

        run.Progress("time to the first chunk");
        var streams = run.IsQuick ? 3 : 9;
        rounds.Add(SideBySideFigures.FirstChunk, await FirstChunk.MeasureAsync(field, streams, cancellation), streams);
        answers += streams;

        // 3. Is every answer on record?
        run.Progress("comparing answers with usage records");
        await field.Dogana.Process.EndAsync(cancellation);
        var records = await field.Store.CountAsync($"select count(*) from usage_record where ending = '{CallEnding.Completed}'", cancellation);
        rounds.Add(SideBySideFigures.Missing, Math.Max(0, answers - records), answers);
        rounds.Add(SideBySideFigures.Excess, Math.Max(0, records - answers - ((roundCount + 1) * Round.CutOff)), answers);
        return rounds.ToFigures();
    }
}
