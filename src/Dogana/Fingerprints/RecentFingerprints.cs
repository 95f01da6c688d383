using System.Collections.Concurrent;

namespace Dogana.Fingerprints;

/// <summary>
/// The fingerprints of texts of late, for each account apart, in memory and bounded: a full set drops its oldest, and the account that was longest without a text goes
/// when there are too many. What is kept is turned by the key. For any threads.
/// </summary>
/// <param name="key">The secret.</param>
/// <param name="accounts">How many accounts at most.</param>
/// <param name="perAccount">How many fingerprints an account has at most, a power of two; 8 bytes each.</param>
public sealed class RecentFingerprints(FingerprintKey key, int accounts = 10_000, int perAccount = 4_096)
{
    // A fingerprint lies in one of the few places of its set, so that finding and dropping cost the same, however full it is.
    private const int Ways = 4;

    private readonly ConcurrentDictionary<string, Kept> _accounts = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>How many accounts there are.</summary>
    public int Accounts => _accounts.Count;

    /// <summary>Keeps a text's fingerprints.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="fingerprints">The text's fingerprints.</param>
    public void Add(string account, IReadOnlyList<Fingerprint> fingerprints)
    {
        ArgumentNullException.ThrowIfNull(fingerprints);
        if (fingerprints.Count == 0)
        {
            return;
        }

        var kept = _accounts.GetOrAdd(account, _ => new Kept(perAccount));
        lock (kept)
        {
            kept.UsedAt = Interlocked.Increment(ref _clock);
            for (var at = 0; at < fingerprints.Count; at++)
            {
                kept.Add(key.Turn(fingerprints[at].Hash));
            }
        }

        if (_accounts.Count > accounts)
        {
            // An eighth at once, so that not every new account looks at all others.
            foreach (var (oldest, _) in _accounts.OrderBy(static entry => entry.Value.UsedAt).Take(1 + (accounts / 8)).ToArray())
            {
                _accounts.TryRemove(oldest, out _);
            }
        }
    }

    /// <summary>How many words of a text lie under fingerprints that the account has.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="fingerprints">The text's fingerprints, in the order of the text.</param>
    public int CoveredWords(string account, IReadOnlyList<Fingerprint> fingerprints)
    {
        ArgumentNullException.ThrowIfNull(fingerprints);
        if (!_accounts.TryGetValue(account, out var kept))
        {
            return 0;
        }

        lock (kept)
        {
            var found = new List<int>();
            for (var at = 0; at < fingerprints.Count; at++)
            {
                if (kept.Has(key.Turn(fingerprints[at].Hash)))
                {
                    found.Add(fingerprints[at].Word);
                }
            }

            return Winnowing.CoveredWords(found);
        }
    }

    private sealed class Kept(int capacity)
    {
        private readonly ulong[] _places = new ulong[capacity];
        private readonly byte[] _next = new byte[capacity / Ways];

        public long UsedAt { get; set; }

        public bool Has(ulong hash) => Set(hash).Contains(hash);

        public void Add(ulong hash)
        {
            var set = Set(hash);
            if (!set.Contains(hash))
            {
                ref var next = ref _next[Index(hash)];
                set[next] = hash;
                next = (byte)((next + 1) % Ways);
            }
        }

        private int Index(ulong hash) => (int)(hash & (ulong)(_next.Length - 1));

        private Span<ulong> Set(ulong hash) => _places.AsSpan(Index(hash) * Ways, Ways);
    }
}
