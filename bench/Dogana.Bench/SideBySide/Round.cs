using Dogana.Bench.Figures;

namespace Dogana.Bench.SideBySide;

/// <summary>Puts the same load on one contestant after the other.</summary>
internal sealed class Round(Field field, TimeSpan spell, CancellationToken cancellation)
{
    private const int Many = 32;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    /// <summary>The most calls that may be open, unanswered, when the three spells of a round are cut off.</summary>
    public const int CutOff = 1 + Many + Many;

    /// <summary>Runs everybody, another one first each time.</summary>
    public async Task<IReadOnlyDictionary<string, Measures>> RunAsync(int number, Action<string> progress)
    {
        var all = new Dictionary<string, Measures>(StringComparer.Ordinal);
        for (var turn = 0; turn < field.Contestants.Count; turn++)
        {
            var contestant = field.Contestants[(turn + number) % field.Contestants.Count];
            progress(contestant.Name);
            all.Add(contestant.Name, await RunAsync(contestant));
        }

        return all;
    }

    private async Task<Measures> RunAsync(Contestant contestant)
    {
        var process = contestant.Process;
        var one = await contestant.Whole.RunAsync(1, spell / 2, cancellation);
        await SettleAsync(contestant);

        var (allocated, cpu) = (await AllocatedAsync(contestant), process.Cpu);
        var many = await contestant.Whole.RunAsync(Many, spell, cancellation);
        var during = process.Cpu - cpu;
        await SettleAsync(contestant);
        var (untilIdle, after) = (process.Cpu - cpu, await AllocatedAsync(contestant));

        var streams = await contestant.Streamed.RunAsync(Many, spell, cancellation);
        await SettleAsync(contestant);
        return new Measures(one, many, streams, during, untilIdle, after - allocated);
    }

    // What one puts off must not be done at the expense of the next.
    private async Task SettleAsync(Contestant contestant)
    {
        await contestant.Process.WaitUntilIdleAsync(IdleLimit, cancellation);
    }

    private async Task<long?> AllocatedAsync(Contestant contestant) => contestant == field.Dogana ? await field.Allocations.ReadAsync(cancellation) : null;

    /// <summary>Takes the figures of a round: first how they compare, then what each did.</summary>
    public static void AddTo(Rounds rounds, IReadOnlyDictionary<string, Measures> all, IReadOnlyList<Contestant> contestants)
    {
        var (dogana, pass, portkey, nginx, direct) = (
            all[SideBySideFigures.Dogana], all[SideBySideFigures.PassThrough], all[SideBySideFigures.Portkey], all[SideBySideFigures.Nginx], all[SideBySideFigures.Direct]);
        rounds.Add(SideBySideFigures.RequestsVsPassThrough, dogana.Many.RequestsPerSecond / pass.Many.RequestsPerSecond, dogana.Many.Requests);
        rounds.Add(SideBySideFigures.RequestsVsPortkey, dogana.Many.RequestsPerSecond / portkey.Many.RequestsPerSecond, dogana.Many.Requests);
        rounds.Add(SideBySideFigures.P99VsNginx, dogana.Many.P99 / nginx.Many.P99, dogana.Many.Requests);
        rounds.Add(SideBySideFigures.StreamsVsPortkey, dogana.Streams.RequestsPerSecond / portkey.Streams.RequestsPerSecond, dogana.Streams.Requests);
        rounds.Add(SideBySideFigures.CpuVsPassThrough, dogana.CpuMicroseconds / pass.CpuMicroseconds, dogana.Many.Requests);
        rounds.Add(SideBySideFigures.CpuDuringVsPassThrough, dogana.CpuDuringMicroseconds / pass.CpuDuringMicroseconds, dogana.Many.Requests);
        rounds.Add(SideBySideFigures.Allocated, (double)dogana.AllocatedBytes!.Value / dogana.Many.Requests, dogana.Many.Requests);
        rounds.Add(SideBySideFigures.LatencyAdded, dogana.One.P50 - direct.One.P50, dogana.One.Requests);
        foreach (var contestant in contestants)
        {
            var (kinds, measures) = (SideBySideFigures.Of(contestant.Name), all[contestant.Name]);
            rounds.Add(kinds.Requests, measures.Many.RequestsPerSecond, measures.Many.Requests);
            rounds.Add(kinds.P50, measures.Many.P50, measures.Many.Requests);
            rounds.Add(kinds.P99, measures.Many.P99, measures.Many.Requests);
            rounds.Add(kinds.OneP50, measures.One.P50, measures.One.Requests);
            rounds.Add(kinds.Streams, measures.Streams.RequestsPerSecond, measures.Streams.Requests);
            rounds.Add(kinds.Cpu, measures.CpuMicroseconds, measures.Many.Requests);
            rounds.Add(kinds.Resident, contestant.Process.ResidentMiB, 0);
        }
    }
}
