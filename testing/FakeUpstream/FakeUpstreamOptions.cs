namespace FakeUpstream;

/// <summary>What a fake upstream accepts. The default accepts everything.</summary>
public sealed record FakeUpstreamOptions
{
    /// <summary>The only key that is accepted, as <c>Authorization: Bearer</c>, <c>api-key</c> or <c>x-api-key</c>; null accepts any, and none.</summary>
    public string? Key { get; init; }

    /// <summary>The models there are, without what scripts them; empty: any.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Does it also listen where TLS fails: <see cref="FakeUpstreamServer.TlsAddress"/> and <see cref="FakeUpstreamServer.BrokenTlsAddress"/>?</summary>
    public bool IsTlsOpen { get; init; }
}
