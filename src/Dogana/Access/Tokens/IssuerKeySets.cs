using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Dogana.Access.Tokens;

/// <summary>The keys of all issuers, each set by where it comes from. Thread-safe.</summary>
internal sealed class IssuerKeySets(TimeProvider time, ILogger log, TimeSpan downloadLimit) : IDisposable
{
    private readonly KeyDownload _download = new(time, downloadLimit);
    private readonly ConcurrentDictionary<TokenKeySource, IssuerKeySet> _sets = new();

    /// <summary>Is the key with this id among an issuer's? Without an id: has the issuer keys?</summary>
    public bool Has(TokenKeySource source, string? id) => _sets.TryGetValue(source, out var set) && set.Find(id).Length > 0;

    /// <summary>The keys that a token with this key id may be signed with.</summary>
    public ValueTask<Outcome<SecurityKey[]>> FindAsync(TokenKeySource source, string? id, CancellationToken cancellation) => SetOf(source).FindAsync(id, cancellation);

    /// <summary>Fetches what is due of these, and forgets others.</summary>
    public async Task RefreshAsync(IReadOnlyList<TokenKeySource> sources, CancellationToken cancellation)
    {
        foreach (var gone in _sets.Keys.Except(sources))
        {
            _sets.TryRemove(gone, out _);
        }

        await Task.WhenAll(sources.Select(source => SetOf(source).RefreshAsync())).WaitAsync(cancellation);
    }

    public void Dispose() => _download.Dispose();

    private IssuerKeySet SetOf(TokenKeySource source) => _sets.GetOrAdd(source, static (source, sets) => new IssuerKeySet(source, sets._download, sets.Time, sets.Log), this);

    private TimeProvider Time => time;

    private ILogger Log => log;
}
