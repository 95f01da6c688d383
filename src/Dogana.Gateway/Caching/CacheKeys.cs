using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Snapshots;

namespace Dogana.Gateway.Caching;

/// <summary>
/// The keys of response caches: SHA-256 over all that decides an answer. Who asks, in what dialect, what the deployment, its model, its upstreams and its content filters are declared to be, and the
/// body's very bytes: what differs in any of them is another call.
/// </summary>
internal sealed class CacheKeys
{
    // What is declared is hashed once for each snapshot, deployment and project's policy.
    private readonly ConditionalWeakTable<GatewaySnapshot, ConcurrentDictionary<(string Deployment, string? Policy), byte[]>> _declared = [];

    /// <summary>A call's key.</summary>
    public string Of(
        GatewaySnapshot snapshot, Caller caller, Deployment deployment, Model model, AdmissionDecision decision, ServiceTier tier, Dialect dialect, CallRequest request,
        IReadOnlyList<(string Name, string Value)> passedHeaders)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, caller.Project.Id);
        Append(hash, caller.EndCustomer ?? "");
        Append(hash, caller.Channel.Id);
        Append(hash, dialect.Name);
        Append(hash, request.Operation.ToString());
        Append(hash, tier.ToString());
        Append(hash, Declared(snapshot, caller, deployment, model));
        foreach (var route in deployment.Routes)
        {
            Append(hash, decision.Forbids(snapshot.Catalog.Upstreams[route.Upstream]) is null ? "may run there" : ""); // an agreement with the channel says so
        }

        foreach (var (name, value) in passedHeaders)
        {
            Append(hash, name);
            Append(hash, value);
        }

        Append(hash, request.Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private byte[] Declared(GatewaySnapshot snapshot, Caller caller, Deployment deployment, Model model) =>
        _declared.GetOrCreateValue(snapshot).GetOrAdd((deployment.Name, caller.Project.FilterPolicy), names => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
        {
            Deployment = deployment,
            Model = model,
            Upstreams = deployment.Routes.Select(route => snapshot.Catalog.Upstreams[route.Upstream]),
            Filter = snapshot.Filters.Find(names.Policy, deployment.FilterPolicy)?.Hash(),
        })));

    private static void Append(IncrementalHash hash, string text) => Append(hash, Encoding.UTF8.GetBytes(text));

    // Each with its length before it, so that no two lists of parts are the same bytes.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
