using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Dogana.Access;

/// <summary>All keys at one moment, immutable.</summary>
public sealed class KeyTable
{
    private readonly FrozenDictionary<string, Entry> _entries;

    internal KeyTable(IEnumerable<(ApiKey Key, string Hash)> keys) =>
        _entries = keys.ToFrozenDictionary(static item => item.Key.Id, static item => new Entry(item.Key, Convert.FromHexString(item.Hash)), StringComparer.Ordinal);

    /// <summary>Finds the live key with this text. Looks up by the public id and compares the secret's hash in constant time.</summary>
    public Outcome<ApiKey> Find(string? text, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new Problem(
                ProblemCode.MissingKey, "You didn't provide an API key. Send it as 'Authorization: Bearer KEY' or in the header 'api-key'.");
        }

        if (KeyText.FindId(text) is not { } id
            || !_entries.TryGetValue(id, out var entry)
            || !CryptographicOperations.FixedTimeEquals(KeyText.Hash(text), entry.Hash))
        {
            return new Problem(ProblemCode.InvalidKey, $"Incorrect API key provided: {Mask(text)}. Make one with 'dogana key create --project PROJECT'.");
        }

        return entry.Key.IsLive(now)
            ? entry.Key
            : new Problem(ProblemCode.KeyRevoked, $"The API key {Mask(text)} was revoked or has expired. Make another with 'dogana key create --project PROJECT'.");
    }

    /// <summary>The live key with this id, for work that was left here by it: who asks has shown its text before.</summary>
    public Outcome<ApiKey> FindById(string id, DateTimeOffset now) => _entries.TryGetValue(id, out var entry) && entry.Key.IsLive(now)
        ? entry.Key
        : new Problem(ProblemCode.KeyRevoked, $"The API key {id}, by which this was made, was revoked or has expired.");

    /// <summary>Why a call that was let in by the key with this id is broken off; null where it goes on, as it does when a key has merely expired.</summary>
    public Problem? FindCut(string id) => _entries.TryGetValue(id, out var entry) && entry.Key.IsCut
        ? new Problem(ProblemCode.KeyRevoked, $"The API key {id} was revoked while the call was open ({EnumWords.Of(entry.Key.RevokedFor!.Value)}).")
        : null;

    // Enough to recognise one's own key, never enough to use it.
    private static string Mask(string text) => text.Length <= 12 ? "****" : $"{text.AsSpan(0, 8)}****{text.AsSpan(text.Length - 4)}";

    private sealed record Entry(ApiKey Key, byte[] Hash);
}
