using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Dogana.Filtering;

namespace Dogana.Gateway.Filtering.Judging;

/// <summary>
/// What was classified a while ago: a conversation is sent whole with each turn, and only its last one is new. Known by hashes; no text is kept. Holds the last
/// 32,768 to 65,536 pieces, about 4 MiB. Thread-safe.
/// </summary>
internal sealed class SeverityCache
{
    private const int GenerationMax = 32_768;

    private readonly Lock _gate = new();
    private Dictionary<UInt128, FilterSeverities> _young = [];
    private Dictionary<UInt128, FilterSeverities> _old = [];

    /// <summary>The key of a text: its hash, which nobody can make two texts share.</summary>
    public static UInt128 Key(string? provider, string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{provider}\n{text}"), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    public FilterSeverities? Find(UInt128 key)
    {
        lock (_gate)
        {
            return _young.TryGetValue(key, out var known) || _old.TryGetValue(key, out known) ? known : null;
        }
    }

    public void Add(UInt128 key, FilterSeverities severities)
    {
        lock (_gate)
        {
            if (_young.Count >= GenerationMax)
            {
                (_old, _young) = (_young, []);
            }

            _young[key] = severities;
        }
    }
}
