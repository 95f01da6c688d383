using Dogana.Bench.Stores;

namespace Dogana.Bench.Upstreams;

/// <summary>A store whose deployments lead to the nginx mock and to a scripted upstream.</summary>
internal static class MockWorld
{
    public const string Project = "bench";

    public static async Task<BenchStore> CreateAsync(Uri mock, Uri scripted, CancellationToken cancellation) => await BenchStore.CreateAsync(
        [await WorldText.OwnAsync("Upstreams", "mock-world.yaml", cancellation, ("mock", mock.ToString()), ("scripted", scripted.ToString()))], Project, cancellation);
}
