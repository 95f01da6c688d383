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
/// <param name="findings">What was found; the same is found again while it is so.</param>
/// <param name="now">Now.</param>
/// <returns>How many of them were refused.</returns>
public delegate Task<int> TakeFindings(StoreSession session, IReadOnlyList<ConductFinding> findings, DateTimeOffset now);

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
public sealed class ConductWatch(Store store, KeyRing ring, ConductFeed feed, string node, TakeFindings take, TimeProvider time, TimeSpan keepInterval)
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
    internal static readonly TimeSpan SketchKept = TimeSpan.FromDays(31);

    private readonly SketchShelf _shelf = new(AccountsMax);
    private ConductSecret? _secret;
    private CallReader? _reader;
    private RecentFingerprints? _outputs;
    private DateTimeOffset _readUntil;
    private DateTimeOffset _pausedUntil;
    private long _version = -1;
    private ILookup<string, string> _uses = Enumerable.Empty<string>().ToLookup(static use => use, StringComparer.Ordinal);
    private ILookup<string, DateTimeOffset>? _releases;
    private FeedCount _counted;
    private IReadOnlyDictionary<ConductAccount, string> _cases = new Dictionary<ConductAccount, string>();
    private readonly List<(string Case, CaseExcerpt Excerpt)> _excerpts = [];
    private readonly PromptText _prompt = new();
    private long _lookedAt;
    private long _failed;
    private long _refused;

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
                var worked = await LookAsync(Slice, failed, stopping);

                // 2. What was seen, into the store.
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

    /// <summary>Looks at the calls that are here, and no longer than so; says how long it took.</summary>
    internal async Task<TimeSpan> LookAsync(TimeSpan atMost, Action<Exception> failed, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < atMost && feed.TryTake(out var call))
        {
            await LookAsync(call, failed, stopping);
        }

        return time.GetElapsedTime(began);
    }

    /// <summary>Keeps what was seen, and hands on what it shows.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await OpenAsync(cancellation);
        var count = feed.Count;
        var hour = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        var coverage = new ConductCoverage(hour, node, count.Offered - _counted.Offered, _lookedAt, count.Dropped - _counted.Dropped + _failed, _refused);
        if (coverage.Offered + coverage.LookedAt + coverage.Dropped + coverage.Refused > 0)
        {
            await store.WriteAsync(async session => { await coverage.AddAsync(session); return 0; }, cancellation);
            (_counted, _lookedAt, _failed, _refused) = (count, 0, 0, 0);
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

        _cases = await store.ReadAsync(ConductCases.ReadOpenAsync, cancellation);
        if (await ClaimAsync("clusters", ClusterInterval, now, cancellation))
        {
            await LinkAsync(now, cancellation);
        }
    }

    private async Task KeepAsync(AccountSketch[] sketches, DateTimeOffset now, CancellationToken cancellation)
    {
        var others = await store.ReadAsync(session => SketchRows.ReadOthersAsync(session, [.. sketches.Select(static sketch => sketch.Account)], node), cancellation);
        ConductFinding[] found = [.. sketches.SelectMany(sketch => Merged(sketch, others[sketch.Account]).Findings(_reader!.Catalogue, ConductCalibration.Shipped, now, [.. _uses[sketch.Account.Organisation]], _releases))];
        _refused += await store.WriteAsync(
            async session =>
            {
                await SketchRows.WriteAsync(session, sketches, node);
                return await take(session, found, now);
            },
            cancellation);
        _shelf.Kept(sketches);
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
        _refused += await store.WriteAsync(
            async session =>
            {
                await SketchRows.ClearAsync(session, now - SketchKept);
                await session.ExecuteAsync("delete from conduct_coverage where hour < @before", new { before = (now - ConductCoverage.Kept).ToMicros() });
                return await take(session, found, now);
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
            var call = offered.Call with { Network = _secret!.HashOf(offered.Address), Client = _secret.HashOf(Encoding.UTF8.GetBytes(offered.Agent ?? "")) };
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
        if (_secret is not null && _reader is not null && time.GetUtcNow() < _readUntil)
        {
            return;
        }

        _secret ??= await ConductSecret.OpenAsync(store, ring, cancellation);
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
                    var catalog = await Catalog.CatalogRegister.ReadAsync(session);
                    _releases = catalog.Models.Values.Where(static model => model.ReleasedAt is not null).Select(static model => (model.Id, At: model.ReleasedAt!.Value))
                        .Concat(catalog.Waves.Select(static wave => (Id: wave.Model, At: wave.From))).ToLookup(static release => release.Id, static release => release.At, StringComparer.Ordinal);
                    _reader = new CallReader(await Indicators.ReadAsync(session), _outputs ??= new RecentFingerprints(_secret.Key));
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
}
