using Dogana.Bench.Processes;

namespace Dogana.Bench.Upstreams;

/// <summary>An upstream that costs next to nothing.</summary>
internal static class NginxMock
{
    public static Task<MeasuredProcess> StartAsync(string folder, CancellationToken cancellation) =>
        Nginx.StartAsync(Path.Combine("Upstreams", "nginx-mock.conf"), folder, cancellation, ("whole", MockAnswers.Whole), ("stream", MockAnswers.Stream));
}
