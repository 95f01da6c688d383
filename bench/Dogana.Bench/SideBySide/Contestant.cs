using System.Text;
using Dogana.Bench.Processes;
using Dogana.Bench.Wrk;

namespace Dogana.Bench.SideBySide;

/// <summary>One way to the upstream, and the load that is put on it.</summary>
internal sealed class Contestant : IDisposable
{
    private static readonly byte[] WholeBody = Encoding.UTF8.GetBytes(
        """{"model":"whole","messages":[{"role":"user","content":"Hello, how are you today? Answer in one sentence."}]}""");

    private static readonly byte[] StreamBody = Encoding.UTF8.GetBytes(
        """{"model":"streamed","stream":true,"messages":[{"role":"user","content":"Hello, how are you today? Answer in one sentence."}]}""");

    /// <param name="name">As it stands in figures.</param>
    /// <param name="process">What is measured.</param>
    /// <param name="streamPath">Where streams are asked for; elsewhere than whole answers where nothing looks into the call.</param>
    /// <param name="wholeHeaders">Headers of calls for whole answers.</param>
    /// <param name="streamHeaders">Headers of calls for streams.</param>
    public Contestant(string name, MeasuredProcess process, string streamPath, IReadOnlyList<string> wholeHeaders, IReadOnlyList<string> streamHeaders)
    {
        (Name, Process) = (name, process);
        Whole = new WrkLoad(new Uri(process.Address, "/v1/chat/completions"), WholeBody, wholeHeaders);
        Streamed = new WrkLoad(new Uri(process.Address, streamPath), StreamBody, streamHeaders);
    }

    public string Name { get; }

    public MeasuredProcess Process { get; }

    public WrkLoad Whole { get; }

    public WrkLoad Streamed { get; }

    public void Dispose()
    {
        Whole.Dispose();
        Streamed.Dispose();
    }
}
