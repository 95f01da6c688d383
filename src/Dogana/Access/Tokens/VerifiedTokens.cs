namespace Dogana.Access.Tokens;

/// <summary>
/// Tokens that were found good, by their hashes. Two generations of at most 5,000 each: when the young one is full it becomes the old one, and what was in the
/// old one is forgotten. Thread-safe.
/// </summary>
internal sealed class VerifiedTokens
{
    private const int GenerationMax = 5_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private Dictionary<string, Entry> _young = new(StringComparer.Ordinal);
    private Dictionary<string, Entry> _old = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _young.Count + _old.Count;
            }
        }
    }

    public Entry? Find(string hash, DateTimeOffset now)
    {
        lock (_lock)
        {
            return (_young.TryGetValue(hash, out var entry) || _old.TryGetValue(hash, out entry)) && now < entry.Until ? entry : null;
        }
    }

    /// <summary>Keeps a token until it ends: what a clock's skew adds to that is not kept.</summary>
    public void Add(string hash, VerifiedToken token, string? keyId, DateTimeOffset validTo, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_young.Count >= GenerationMax)
            {
                (_old, _young) = (_young, new Dictionary<string, Entry>(StringComparer.Ordinal));
            }

            _young[hash] = new Entry(token, keyId, validTo < now + KeptFor ? validTo : now + KeptFor);
        }
    }

    /// <param name="Token">The token.</param>
    /// <param name="KeyId">Which of its issuer's keys signed it, where it says so.</param>
    /// <param name="Until">When it must be verified anew.</param>
    public sealed record Entry(VerifiedToken Token, string? KeyId, DateTimeOffset Until);
}
