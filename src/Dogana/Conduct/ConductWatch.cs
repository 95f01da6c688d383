using System.Net;
using System.Text;
using Dogana.Conduct.Signals;
using Dogana.Conduct.Watching;
using Dogana.Fingerprints;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Terms;

namespace Dogana.Conduct;

/// <summary>What becomes of what was found.</summary>
/// <param name="session">The transaction in which the sketches are kept that it was found in.</param>
/// <param name="finding">What was found; the same is found again while it is so.</param>
/// <param name="now">Now.</param>
public delegate Task TakeFinding(StoreSession session, Finding finding, DateTimeOffset now);

/// <summary>
/// Looks at the calls that a node served, off their path. It takes them from the <see cref="ConductFeed"/>, counts them into the sketches of their accounts, and from time to time keeps these in the
/// store and hands on what they show. It takes at most half of a core; what it does not get to is dropped and counted (<see cref="ConductCoverage"/>). Nothing waits for it, and when it fails, serving goes on.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="ring">Opens the secret that addresses, clients and outputs are hashed with.</param>
/// <param name="feed">The calls.</param>
/// <param name="node">This node.</param>
/// <param name="take">What becomes of findings.</param>
/// <param name="time">The clock.</param>
/// <param name="keepInterval">How often what was seen is kept, and handed on.</param>
public sealed class ConductWatch(Store store, KeyRing ring, ConductFeed feed, string node, TakeFinding take, TimeProvider time, TimeSpan keepInterval)
{
    /// <summary>How many accounts a node has at hand: their sketches take 96 MiB at most.</summary>
    public const int AccountsMax = 1_024;

    /// <summary>How many sketches are looked at together for accounts that split one work: of those that called last.</summary>
    public const int ClusterSketchesMax = 1_024;

    private const int BatchSize = 16;
    private const int ExcerptMax = 500;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClusterInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ClusterWindow = TimeSpan.FromDays(1);
    private static readonly TimeSpan SketchKept = TimeSpan.FromDays(31);

    private readonly SketchShelf _shelf = new(AccountsMax);
    private FingerprintKey? _key;
    private CallReader? _reader;
    private RecentFingerprints? _outputs;
    private DateTimeOffset _readUntil;
    private DateTimeOffset _pausedUntil;
    private long _version = -1;
    private ILookup<string, string> _uses = Enumerable.Empty<string>().ToLookup(static use => use, StringComparer.Ordinal);
    private FeedCount _counted;
    private IReadOnlyDictionary<ConductAccount, string> _cases = new Dictionary<ConductAccount, string>();
    private readonly List<(string Case, CaseExcerpt Excerpt)> _excerpts = [];
    private readonly PromptText _prompt = new();
    private long _lookedAt;
    private long _failed;

    /// <summary>How often what was seen is kept, where nobody says otherwise.</summary>
    public static TimeSpan DefaultKeepInterval { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Looks at calls until it is told to stop; then keeps what it saw.</summary>
    /// <param name="failed">Is told of what could not be kept; it is tried again.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(Action<Exception> failed, CancellationToken stopping)
    {
        var keptAt = time.GetTimestamp();
        try
        {
            while (true)
            {
                // 1. What is here, for a moment.
                var began = time.GetTimestamp();
                await LookAsync(Slice, failed, stopping);

                // 2. What was seen, into the store.
                var worked = time.GetElapsedTime(began);
                if (time.GetElapsedTime(keptAt) >= keepInterval)
                {
                    await PeriodicWork.TryAsync(KeepAsync, failed, stopping);
                    keptAt = time.GetTimestamp();
                }

                // 3. As long a rest as there was work; or until there is some.
                if (worked >= Slice)
                {
                    await Task.Delay(worked, time, stopping);
                }
                else
                {
                    await WaitAsync(keepInterval - time.GetElapsedTime(keptAt), stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Looks at the calls that are here, and no longer than so.</summary>
    internal async Task LookAsync(TimeSpan atMost, Action<Exception> failed, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < atMost && feed.TryTake(out var call))
        {
            await LookAsync(call, failed, stopping);
        }
    }

    /// <summary>Keeps what was seen, and hands on what it shows.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await OpenAsync(cancellation);
        var count = feed.Count;
        var hour = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        var coverage = new ConductCoverage(hour, node, count.Offered - _counted.Offered, _lookedAt, count.Dropped - _counted.Dropped + _failed);
        if (coverage.Offered + coverage.LookedAt + coverage.Dropped > 0)
        {
            await store.WriteAsync(async session => { await coverage.AddAsync(session); return 0; }, cancellation);
            (_counted, _lookedAt, _failed) = (count, 0, 0);
        }

        // Text is kept for cases alone; what a case does not take any more is let go.
        foreach (var (open, excerpt) in _excerpts)
        {
            await store.WriteAsync(session => CaseEvidence.AddExcerptAsync(session, ring, open, excerpt), cancellation);
        }

        _excerpts.Clear();
        foreach (var batch in _shelf.Changed.Chunk(BatchSize))
        {
            await KeepAsync(batch, now, cancellation);
        }

        _cases = await store.ReadAsync(ReadCasesAsync, cancellation);
        if (await ClaimAsync("clusters", ClusterInterval, now, cancellation))
        {
            await LinkAsync(now, cancellation);
        }
    }

    private async Task KeepAsync(AccountSketch[] sketches, DateTimeOffset now, CancellationToken cancellation)
    {
        var others = await store.ReadAsync(session => SketchRows.ReadOthersAsync(session, [.. sketches.Select(static sketch => sketch.Account)], node), cancellation);
        Finding[] found = [.. sketches.SelectMany(sketch => Merged(sketch, others[sketch.Account]).Findings(_reader!.Catalogue, ConductCalibration.Shipped, now, [.. _uses[sketch.Account.Organisation]]))];
        await store.WriteAsync(
            async session =>
            {
                await SketchRows.WriteAsync(session, sketches, node);
                foreach (var finding in found)
                {
                    await take(session, finding, now);
                }

                return 0;
            },
            cancellation);
        _shelf.Kept(sketches);
    }

    private static async Task<IReadOnlyDictionary<ConductAccount, string>> ReadCasesAsync(StoreSession session)
    {
        var cases = new Dictionary<ConductAccount, string>();
        foreach (var account in await ConductCases.ReadOpenAccountsAsync(session))
        {
            if (await ConductCases.FindActiveAsync(session, account) is { } open)
            {
                cases[account] = open.Id;
            }
        }

        return cases;
    }

    // What the user's side of the prompt begins with.
    private string ExcerptOf(ObservedCall call)
    {
        _prompt.Read(call.Body.Span);
        var text = _prompt.Text[_prompt.UserStart..];
        var excerpt = Encoding.UTF8.GetString(text[..Math.Min(text.Length, CaseEvidence.ExcerptMax)]);
        return excerpt.Length <= ExcerptMax ? excerpt : excerpt[..ExcerptMax] + "…";
    }

    // One node does so for all.
    private async Task LinkAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var last = await store.ReadAsync(session => SketchRows.ReadLastAsync(session, now - ClusterWindow, ClusterSketchesMax), cancellation);
        var found = last.GroupBy(static account => account.Key.Owner, StringComparer.Ordinal)
            .SelectMany(owned => AccountClusters.Find([.. owned.Select(static account => Merged(account.First(), account.Skip(1)))], now))
            .SelectMany(cluster => cluster.Findings(_reader!.Catalogue, ConductCalibration.Shipped, now)).ToArray();
        await store.WriteAsync(
            async session =>
            {
                foreach (var finding in found)
                {
                    await take(session, finding, now);
                }

                await SketchRows.ClearAsync(session, now - SketchKept);
                return await session.ExecuteAsync("delete from conduct_coverage where hour < @before", new { before = (now - ConductCoverage.Kept).ToMicros() });
            },
            cancellation);
    }

    private static AccountSketch Merged(AccountSketch sketch, IEnumerable<AccountSketch> others)
    {
        AccountSketch[] rest = [.. others];
        if (rest.Length == 0)
        {
            return sketch;
        }

        var merged = new AccountSketch(sketch.Account);
        merged.Merge(sketch);
        foreach (var other in rest)
        {
            merged.Merge(other);
        }

        return merged;
    }

    // Whoever comes first after the interval.
    private Task<bool> ClaimAsync(string name, TimeSpan interval, DateTimeOffset now, CancellationToken cancellation) => store.WriteAsync(
        async session => await session.ExecuteAsync(
            "insert into conduct_mark(name, at) values(@name, @at) on conflict(name) do update set at = excluded.at where conduct_mark.at <= @before",
            new { name, at = now.ToMicros(), before = (now - interval).ToMicros() }) > 0,
        cancellation);

    private async Task LookAsync(OfferedCall offered, Action<Exception> failed, CancellationToken stopping)
    {
        if (time.GetUtcNow() < _pausedUntil)
        {
            _failed++;
            return;
        }

        try
        {
            await OpenAsync(stopping);
            var call = offered.Call with { Network = NetworkOf(offered.Address), Client = offered.Agent is { Length: > 0 } agent ? HashOf(Encoding.UTF8.GetBytes(agent)) : 0 };
            if (!_shelf.TryChange(call.Account, out var sketch))
            {
                await FetchAsync(call.Account, stopping);
                _shelf.TryChange(call.Account, out sketch);
            }

            if (sketch!.Observe(call, _reader!) && _cases.TryGetValue(call.Account, out var open) && _excerpts.Count < CaseEvidence.ExcerptsMax)
            {
                _excerpts.Add((open, new CaseExcerpt(call.CallId, call.At, ExcerptOf(call), call.MayLog)));
            }

            _lookedAt++;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _failed++;
            throw;
        }
#pragma warning disable CA1031 // whatever one call is, the next one is looked at
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // A store that does not answer is not asked again for each call.
            (_failed, _pausedUntil) = (_failed + 1, time.GetUtcNow() + Pause);
            failed(fault);
        }
    }

    // Another account's sketch may have to go first, into the store.
    private async Task FetchAsync(ConductAccount account, CancellationToken cancellation)
    {
        if (!_shelf.HasRoom)
        {
            await KeepAsync(cancellation);
        }

        _shelf.Add(await store.ReadAsync(session => SketchRows.FindAsync(session, account, node), cancellation) ?? new AccountSketch(account));
    }

    // The secret once; the signatures and declared uses when something was declared.
    private async Task OpenAsync(CancellationToken cancellation)
    {
        if (_key is not null && _reader is not null && time.GetUtcNow() < _readUntil)
        {
            return;
        }

        _key ??= new FingerprintKey(await ConductSecret.OpenAsync(store, ring, cancellation));
        await store.ReadAsync(
            async session =>
            {
                var version = await session.LastAsync(StoreSession.ConfigurationVersion);
                if (version != _version)
                {
                    var uses = (await TermsRegister.ReadAsync(session)).Uses;
                    var projects = (await Parties.PartyRegister.ReadAsync(session)).Projects;
                    _uses = uses.Where(use => projects.ContainsKey(use.Project) && use.IsInForce(time.GetUtcNow()))
                        .ToLookup(use => projects[use.Project].Organisation, static use => use.Use, StringComparer.Ordinal);
                    _reader = new CallReader(await Indicators.ReadAsync(session), _outputs ??= new RecentFingerprints(_key));
                    _version = version;
                }

                return 0;
            },
            cancellation);
        _readUntil = time.GetUtcNow() + keepInterval;
    }

    private async Task WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        using var over = new CancellationTokenSource(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        try
        {
            await feed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Nothing came.
        }
    }

    // A household or an office: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one.
    private ulong NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return 0;
        }

        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        return HashOf(bytes.AsSpan(0, bytes.Length == 4 ? 3 : 6));
    }

    private ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = 0UL;
        for (var at = 0; at < bytes.Length; at += 7)
        {
            // Seven bytes and their number in each step, so that no two inputs give the same steps.
            var part = bytes[at..Math.Min(bytes.Length, at + 7)];
            ulong word = (ulong)part.Length;
            foreach (var item in part)
            {
                word = (word << 8) | item;
            }

            hash = _key!.Turn(hash ^ word);
        }

        return hash == 0 ? 1 : hash;
    }
}
