using System.Numerics.Tensors;
using Dogana.Testing.EngineProbe;

namespace Dogana.Bench.EngineSpeed;

/// <summary>Dogana's engine with a model, in this process.</summary>
internal sealed class DoganaSession(string path, int contextTokens) : IDecodingSession
{
    private readonly DecodingProbe _probe = new(path, contextTokens);

    public Task<Said> RunAsync(IReadOnlyList<int> prompt, int count)
    {
        _probe.Clear();
        var start = Environment.CpuUsage.TotalTime;
        _probe.Decode([.. prompt]);
        List<int> said = [TensorPrimitives.IndexOfMax(_probe.Scores)];
        var read = Environment.CpuUsage.TotalTime;
        while (said.Count < count)
        {
            _probe.Decode([said[^1]]);
            said.Add(TensorPrimitives.IndexOfMax(_probe.Scores));
        }

        var end = Environment.CpuUsage.TotalTime;
        return Task.FromResult(new Said((read - start).TotalSeconds, (end - read).TotalSeconds, said));
    }

    public Task<float[]> ScoresAsync(IReadOnlyList<int> prompt)
    {
        _probe.Clear();
        _probe.Decode([.. prompt]);
        return Task.FromResult(_probe.Scores.ToArray());
    }
}
