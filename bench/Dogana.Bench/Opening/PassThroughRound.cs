using Dogana.Bench.Figures;
using Dogana.Bench.Load;
using Dogana.Bench.Machine;
using Dogana.Bench.Processes;

namespace Dogana.Bench.Opening;

/// <summary>The same short calls to a scripted upstream, through the gateway and direct.</summary>
internal sealed class PassThroughRound(MeasuredProcess server, ModelClient gateway, ModelClient direct, string folder, CancellationToken cancellation)
{
    private const int Many = 32;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private static readonly byte[] Body =
        """{"model":"fake","messages":[{"role":"user","content":"What is a usage record?"}],"max_tokens":16,"temperature":0}"""u8.ToArray();

    public async Task WarmUpAsync(TimeSpan spell)
    {
        await Spell.RunAsync(Many, spell, DirectAsync);
        await Spell.RunAsync(Many, spell, GatewayAsync);
        await Spell.RunInTurnAsync(spell / 2, DirectAsync, GatewayAsync);
        await server.WaitUntilIdleAsync(IdleLimit, cancellation);
    }

    public async Task RunAsync(Rounds rounds, TimeSpan spell, bool isGatewayFirst)
    {
        // 1. One caller: direct, through the gateway, and what the disk alone takes, in turn.
        using var disk = new DiskFlush(folder);
        var inTurn = await Spell.RunInTurnAsync(spell, DirectAsync, GatewayAsync, () => Task.FromResult(disk.Flush()));
        var (one, through, flush) = (inTurn[0], inTurn[1], inTurn[2]);
        rounds.Add(OpeningFigures.Direct1, one.CallsPerSecond, one.Calls.Count);
        rounds.Add(OpeningFigures.Gateway1, through.CallsPerSecond, through.Calls.Count);
        rounds.Add(OpeningFigures.Ratio1, through.CallsPerSecond / one.CallsPerSecond, through.Calls.Count);
        rounds.Add(OpeningFigures.AddedP50, Percentile.Of(Times(through), 0.5) - Percentile.Of(Times(one), 0.5), through.Calls.Count);
        rounds.Add(OpeningFigures.FlushP50, Percentile.Of(Times(flush), 0.5), flush.Calls.Count);

        // 2. What the gateway put off must not be done at the expense of the direct calls.
        await server.WaitUntilIdleAsync(IdleLimit, cancellation);

        // 3. Many callers, one way after the other; which is first changes from round to round.
        var ahead = isGatewayFirst ? null : await Spell.RunAsync(Many, spell, DirectAsync);
        var cpu = server.Cpu;
        var many = await Spell.RunAsync(Many, spell, GatewayAsync);
        var behind = await server.WaitUntilIdleAsync(IdleLimit, cancellation);
        cpu = server.Cpu - cpu;
        var straight = ahead ?? await Spell.RunAsync(Many, spell, DirectAsync);
        rounds.Add(OpeningFigures.Direct32, straight.CallsPerSecond, straight.Calls.Count);
        rounds.Add(OpeningFigures.Gateway32, many.CallsPerSecond, many.Calls.Count);
        rounds.Add(OpeningFigures.Ratio32, many.CallsPerSecond / straight.CallsPerSecond, many.Calls.Count);
        rounds.Add(OpeningFigures.Cpu, cpu.TotalMicroseconds / many.Calls.Count, many.Calls.Count);
        rounds.Add(OpeningFigures.BooksBehind, behind.TotalSeconds, many.Calls.Count);
    }

    private static double[] Times(SpellResult spell) => spell.Sorted(static call => call.Whole);

    private Task<CallResult> DirectAsync() => direct.ChatAsync(Body, cancellation);

    private Task<CallResult> GatewayAsync() => gateway.ChatAsync(Body, cancellation);
}
