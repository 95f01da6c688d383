using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Endings;

/// <summary>The usual limits, but for a circuit that opens early and is tried again soon.</summary>
public sealed class PatientServer(StoreFixture stores) : GatewayServer(stores)
{
    protected override IReadOnlyList<string> Settings => ["--Gateway:CircuitFailures=3", "--Gateway:CircuitBreak=00:00:01", "--Gateway:RetryPause=00:00:00.01"];
}
