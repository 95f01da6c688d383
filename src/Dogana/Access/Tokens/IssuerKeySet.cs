using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Dogana.Access.Tokens;

/// <summary>
/// One issuer's keys: fetched every ten minutes, and when a token names one that is not known, at most once in 30 s and by one request at a time. While the
/// issuer is away they go on being used for a day.
/// </summary>
internal sealed partial class IssuerKeySet(TokenKeySource source, KeyDownload download, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan RefreshAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UsedFor = TimeSpan.FromHours(24);

    // Anybody can send a token that names an unknown key: those that wait for a slow issuer must not take the room of others.
    private const int WaitingMax = 256;

    private readonly Lock _lock = new();
    private volatile Fetched? _fetched;
    private Task _fetching = Task.CompletedTask;
    private long? _tried;
    private volatile bool _hasFailed;
    private int _waiting;

    /// <summary>The keys with this id that may be used; all of them for a token that names none.</summary>
    public SecurityKey[] Find(string? id) => _fetched is { } fetched && time.GetElapsedTime(fetched.Timestamp) <= UsedFor
        ? string.IsNullOrEmpty(id) ? fetched.Keys : fetched.ById.GetValueOrDefault(id, [])
        : [];

    /// <summary>As <see cref="Find"/>, after the issuer was asked where there are none; the problem where there still are none.</summary>
    public async ValueTask<Outcome<SecurityKey[]>> FindAsync(string? id, CancellationToken cancellation)
    {
        if (Find(id) is { Length: > 0 } known)
        {
            return known;
        }

        if (!await WaitAsync(FetchAsync(Pause), cancellation))
        {
            return new Problem(ProblemCode.TokenKeysUnavailable, "Too many calls wait for the keys of the token's issuer. Try again shortly.");
        }

        return Find(id) is { Length: > 0 } found ? found
            : Find(null).Length == 0 || _hasFailed
                ? new Problem(ProblemCode.TokenKeysUnavailable, "The keys of the token's issuer cannot be fetched, so whether it is good is not known. Try again shortly.") { RetryAfter = UntilNextTry() }
                : new Problem(ProblemCode.TokenInvalid, "The token is signed with a key that its issuer does not publish. Get another from its issuer.");
    }

    /// <summary>Fetches the keys when that is due. Never throws.</summary>
    public Task RefreshAsync() => FetchAsync(_hasFailed ? Pause : RefreshAfter);

    private async Task<bool> WaitAsync(Task fetching, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > WaitingMax)
            {
                return false;
            }

            await fetching.WaitAsync(cancellation);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private TimeSpan UntilNextTry()
    {
        lock (_lock)
        {
            return _tried is { } at && Pause - time.GetElapsedTime(at) is { } left && left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
        }
    }

    private Task FetchAsync(TimeSpan pause)
    {
        lock (_lock)
        {
            if (_fetching.IsCompleted && !(_tried is { } at && time.GetElapsedTime(at) < pause))
            {
                _tried = time.GetTimestamp();
                _fetching = Task.Run(FetchNowAsync); // its own: no caller's end is its end
            }

            return _fetching;
        }
    }

    private async Task FetchNowAsync()
    {
        var timestamp = time.GetTimestamp();
        try
        {
            _fetched = new Fetched(await download.FetchAsync(source), timestamp);
            _hasFailed = false;
        }
#pragma warning disable CA1031 // whatever an issuer answers, what is known goes on
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _hasFailed = true;
            LogFailed(log, source.Issuer, source.Url, fault.Message);
        }
    }

    [LoggerMessage(3501, LogLevel.Warning, "The keys of the token issuer {Issuer} could not be fetched from {Url}; known ones go on being used for a day. {Why}")]
    private static partial void LogFailed(ILogger log, string issuer, string url, string why);

    private sealed class Fetched
    {
        public Fetched(IReadOnlyList<JsonWebKey> keys, long timestamp)
        {
            (Keys, Timestamp) = ([.. keys], timestamp);
            ById = keys.Where(static key => !string.IsNullOrEmpty(key.Kid)).GroupBy(static key => key.Kid, StringComparer.Ordinal)
                .ToDictionary(static group => group.Key, static SecurityKey[] (group) => [.. group], StringComparer.Ordinal);
        }

        public SecurityKey[] Keys { get; }

        public Dictionary<string, SecurityKey[]> ById { get; }

        public long Timestamp { get; }
    }
}
