using Dogana.Client;
using Dogana.Erasures;
using Dogana.DataRetention;
using Dogana.Responses;
using Dogana.Storage;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Responses;

/// <summary>The table of response caches: what it holds for whom, for how long, and how much.</summary>
public sealed class ResponseCacheTableTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_answer_is_found_by_its_project_and_key_until_it_is_over(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var kept = Response("a", "k1", Now, bytes: 7) with { ExpiresAt = Now.AddSeconds(60), Tokens = 9_000_000_000, IsEstimated = true };
        await KeepAsync(store, kept);

        var found = await FindAsync(store, "a", "k1", Now.AddSeconds(59));
        (found! with { Answer = kept.Answer }).ShouldBe(kept);
        found.Answer.ShouldBe(kept.Answer);
        (await FindAsync(store, "a", "k1", Now.AddSeconds(60))).ShouldBeNull();
        (await FindAsync(store, "a", "k2", Now)).ShouldBeNull();
        (await FindAsync(store, "b", "k1", Now)).ShouldBeNull();

        // A newer answer takes its place.
        await KeepAsync(store, Response("a", "k1", Now.AddSeconds(30), bytes: 3));
        (await FindAsync(store, "a", "k1", Now.AddSeconds(90)))!.Answer.Length.ShouldBe(3);
        (await SizeAsync(store, "a")).ShouldBe(new ResponseCacheSize(1, 3));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_over_or_of_a_project_without_a_cache_is_deleted(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        for (var i = 0; i < 1_001; i += 143)
        {
            var from = i;
            await store.WriteAsync(session => ResponseCache.KeepAsync(session, [.. Enumerable.Range(from, 143).Select(static number => Response("a", $"over{number}", Now.AddHours(-2), bytes: 1))]));
        }

        await KeepAsync(store, Response("a", "young", Now, bytes: 1));
        await KeepAsync(store, Response("off", "young", Now, bytes: 1));

        await ResponseCache.SweepAsync(store, static project => project == "a", Now);

        (await store.ReadAsync(static session => session.QueryAsync<string>("select project || '/' || key_hash from cached_response"))).ShouldBe(["a/young"]);
        await ResponseCache.SweepAsync(store, static _ => false, Now);
        (await ProjectsAsync(store)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, 3, 1_000)]
    [InlineData(StoreKind.Sqlite, 1_000, 30)]
    [InlineData(StoreKind.Postgres, 3, 1_000)]
    [InlineData(StoreKind.Postgres, 1_000, 30)]
    public async Task A_full_cache_loses_its_oldest_answers_and_no_other_projects(StoreKind kind, long entries, long bytes)
    {
        await using var store = await stores.OpenAsync(kind);
        var most = new ResponseCacheSize(entries, bytes);
        await KeepAsync(store, Response("other", "k0", Now.AddDays(-1), bytes: 10));
        for (var i = 0; i < 10; i++)
        {
            var (first, second) = (Response("a", $"k{i}", Now.AddSeconds(i), bytes: 10), Response("b", $"k{i}", Now.AddSeconds(i), bytes: 10));
            await store.WriteAsync(session => ResponseCache.KeepAsync(session, [first, second], most));
            foreach (var project in new[] { "a", "b" })
            {
                (await SizeAsync(store, project)).ShouldBe(new ResponseCacheSize(Math.Min(3, i + 1), 10 * Math.Min(3, i + 1)));
            }
        }

        (await FindAsync(store, "a", "k6", Now)).ShouldBeNull();
        (await FindAsync(store, "a", "k7", Now)).ShouldNotBeNull();
        (await SizeAsync(store, "other")).Entries.ShouldBe(1);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whatever_is_kept_for_whom_each_finds_its_own_alone(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var kept = Checked.Sample(Gen.Choose(0, 5).SelectMany(static project => Gen.Choose(0, 9).Select(key => (Project: $"p{project}", Key: $"k{key}"))), seed: 12, count: 60);
        var oracle = new Dictionary<(string Project, string Key), byte[]>();
        for (var i = 0; i < kept.Count; i++)
        {
            var response = Response(kept[i].Project, kept[i].Key, Now.AddSeconds(i), bytes: i + 1);
            await KeepAsync(store, response);
            oracle[kept[i]] = response.Answer;
        }

        foreach (var asked in Enumerable.Range(0, 7).SelectMany(static project => Enumerable.Range(0, 11).Select(key => (Project: $"p{project}", Key: $"k{key}"))))
        {
            (await FindAsync(store, asked.Project, asked.Key, Now))?.Answer.ShouldBe(oracle[asked]);
            ((await FindAsync(store, asked.Project, asked.Key, Now)) is not null).ShouldBe(oracle.ContainsKey(asked));
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Retention_and_erasure_reach_it(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.WriteAsync(static async session =>
        {
            await session.ExecuteAsync("insert into organisation(id, name, country, time_zone) values('acme', 'Acme', 'FR', 'Europe/Paris'), ('lumen', 'Lumen', 'SG', 'Asia/Singapore')");
            await session.ExecuteAsync("insert into channel(id, name, kind, seller) values('direct', 'Direct', 'Direct', 'acme')");
            return await session.ExecuteAsync("insert into project(id, organisation, channel) values('acme-shop', 'acme', 'direct'), ('acme-lab', 'acme', 'direct'), ('lumen-app', 'lumen', 'direct')");
        });
        foreach (var project in new[] { "acme-shop", "acme-lab", "lumen-app" })
        {
            await KeepAsync(store, Response(project, "old", Now.AddDays(-31), bytes: 1) with { ExpiresAt = Now.AddDays(1) });
            await KeepAsync(store, Response(project, "young", Now, bytes: 1));
        }

        var caches = new KeptCachedResponses(store);
        (await RetentionRules.RunAsync(store, [caches], Now)).ShouldBe(3);
        (await Erasure.RunAsync(store, [caches], new ErasureRequest("acme", DryRun: true), "ops", Now)).Value.Erased.Single().Count.ShouldBe(2);
        (await SizeAsync(store, "acme-lab")).Entries.ShouldBe(1, "a dry run changes nothing");
        (await Erasure.RunAsync(store, [caches], new ErasureRequest(Project: "acme-shop"), "ops", Now)).Value.Erased.Single().Count.ShouldBe(1);
        (await ProjectsAsync(store)).ShouldBe(["acme-lab", "lumen-app"]);
        (await Erasure.RunAsync(store, [caches], new ErasureRequest("acme"), "ops", Now)).Value.Erased.Single().Count.ShouldBe(1);
        (await ProjectsAsync(store)).ShouldBe(["lumen-app"]);
    }

    private static CachedResponse Response(string project, string key, DateTimeOffset at, int bytes) =>
        new(project, key, at, at.AddHours(1), 15, IsEstimated: false, [.. Enumerable.Range(0, bytes).Select(static number => (byte)number)]);

    private static Task<int> KeepAsync(Store store, CachedResponse response) => store.WriteAsync(session => ResponseCache.KeepAsync(session, [response]));

    private static Task<CachedResponse?> FindAsync(Store store, string project, string key, DateTimeOffset now) => store.ReadAsync(session => ResponseCache.FindAsync(session, project, key, now));

    private static Task<IReadOnlyList<string>> ProjectsAsync(Store store) => store.ReadAsync(static session => session.QueryAsync<string>("select distinct project from cached_response order by project"));

    private static Task<ResponseCacheSize> SizeAsync(Store store, string project) => store.ReadAsync(session => ResponseCache.SizeAsync(session, project));
}
