using System.Text;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Wrk;
using Dogana.Client;

namespace Dogana.Bench.Standing;

/// <summary>What a bystander notices of a family that floods the node, or that repeats refused calls without a pause.</summary>
internal sealed class Isolation(MeasuredProcess server, string bystanderKey, string floodKey, AdminClient admin, BenchRun run, CancellationToken cancellation)
{
    private const int Bystanders = 32;
    private const int Flooders = 1_200;

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"model":"second","messages":[{"role":"user","content":"Hello, how are you today?"}]}""");

    public async Task MeasureAsync(Rounds rounds)
    {
        using var bystander = new WrkLoad(new Uri(server.Address, "/v1/chat/completions"), Body, [$"authorization=Bearer {bystanderKey}"]);
        var spell = TimeSpan.FromSeconds(run.IsQuick ? 5 : 30);
        await bystander.RunAsync(Bystanders, TimeSpan.FromSeconds(5), cancellation); // warm
        for (var round = 0; round < (run.IsQuick ? 1 : 3); round++)
        {
            run.Progress("a bystander alone");
            var alone = await bystander.RunAsync(Bystanders, spell, cancellation);

            run.Progress("while another family floods");
            var flooded = await DuringFloodAsync(Flooders, bystander, spell);
            rounds.Add(StandingFigures.FloodP99, flooded.P99 / alone.P99, flooded.Requests);

            run.Progress("while a suspended family repeats its calls");
            var measure = await admin.SuspendAsync(new SuspendRequest("head", "owner", "Benchmark."), cancellation);
            var suspended = await DuringFloodAsync(64, bystander, spell);
            await admin.LiftAsync(measure.Id, cancellation: cancellation);
            rounds.Add(StandingFigures.SuspendedP99, suspended.P99 / alone.P99, suspended.Requests);

            // A call that failed would have ended wrk's run as a failure.
            rounds.Add(StandingFigures.FloodSuccess, 1, flooded.Requests + suspended.Requests);
        }
    }

    private async Task<WrkResult> DuringFloodAsync(int callers, WrkLoad bystander, TimeSpan spell)
    {
        using var flood = new WrkLoad(new Uri(server.Address, "/v1/chat/completions"), Body, [$"authorization=Bearer {floodKey}"]);
        var flooding = FloodAsync(flood, callers, spell + TimeSpan.FromSeconds(4));
        await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        var result = await bystander.RunAsync(Bystanders, spell, cancellation);
        await flooding;
        return result;
    }

    // Most of its calls are refused, which is the point.
    private async Task FloodAsync(WrkLoad flood, int callers, TimeSpan spell)
    {
        try
        {
            await flood.RunAsync(callers, spell, cancellation);
        }
        catch (BenchmarkFailedException refused)
        {
            run.Progress($"the flood: {refused.Message}");
        }
    }
}
