using System.Text;
using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Gateway.Caching;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Snapshots;
using Dogana.Gateway.Telemetry;
using Dogana.Gateway.Upstreams;
using Dogana.Gateway.Upstreams.Sse;
using Dogana.Limits;
using Dogana.Metering;
using Dogana.Protection;
using Dogana.Rating;
using Dogana.Responses;
using Dogana.Storage;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Tests.Gateway;

/// <summary>What calls read of response caches and leave in them, and by which keys.</summary>
public sealed class ResponseCachingTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CallPrice Price = new(new PriceTable([], []), "list", "m", Start, Money.Zero(Currency.Of("USD")));

    private const string World = """
        dogana: 1
        organisations:
          - { id: northwind, name: Northwind, country: US, time_zone: America/New_York }
          - { id: acme, name: Acme, country: FR, time_zone: Europe/Paris }
        channels:
          - { id: direct, name: Direct, kind: direct, seller: northwind }
          - { id: cloud, name: Cloud, kind: reseller, seller: acme }
        agreements: [{ id: northwind-cloud, owner: northwind, channel: cloud, measures: binding }]
        projects:
          - { id: one, organisation: acme, channel: direct }
          - { id: two, organisation: acme, channel: direct }
          - { id: three, organisation: acme, channel: cloud }
        models: [{ id: large, owner: northwind, kind: chat, context_tokens: 1000, max_output_tokens: 100 }]
        upstreams: [{ id: there, kind: openai_compatible, base_url: "http://127.0.0.1:9/v1" }, { id: other, kind: openai_compatible, base_url: "http://127.0.0.1:8/v1" }]
        block_lists: [{ id: words, terms: [falcon] }]
        filter_policies: [{ id: strict, block_lists: [{ list: words, source: prompt }] }]
        deployments: [{ name: large, model: large, upstream: there, upstream_model: big, default_output_cap: 50, filter_policy: strict }, { name: twin, model: large, upstream: there, upstream_model: big, default_output_cap: 50, filter_policy: strict }]
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_kept_answer_comes_again_byte_for_byte_for_as_long_as_it_stands(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var scene = await SceneAsync(store);
        foreach (var isStream in new[] { false, true })
        {
            var query = Query(isStream ? "stream" : "whole") with { IsStream = isStream };
            var body = Encoding.UTF8.GetBytes(isStream ? "event: x\ndata: {\"a\":\"ü\"}\n\ndata: two\ndata: lines\n\ndata: [DONE]\n\n" : """{"a": "ü"}""");
            (await scene.Caching.FindAsync(query, default)).Hit.ShouldBeNull();
            scene.Caching.Keep(new CacheEntry(query, body, "said"u8.ToArray(), new TokenUsage(7, 2, 6) { IsEstimated = isStream }));
            await scene.Caching.WriteAsync(default);
            scene.Time.Move(TimeSpan.FromSeconds(30));

            var hit = (await scene.Caching.FindAsync(query, default)).Hit!;

            hit.AgeAt(scene.Time.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(30));
            using var life = new CallLife(new(), scene.Time, default);
            await using var answer = (await hit.SendAsync(life)).Value;
            (await BytesAsync(answer)).ShouldBe(body);
            Encoding.UTF8.GetString(answer.Text.Span).ShouldBe("said");
            (answer.Usage.TotalTokens, answer.Usage.Units, answer.Usage.IsEstimated).ShouldBe((0, new MeteredUnits(Meter.ResponseCacheTokens, 15), isStream));

            // A shorter time, the project's or the request's, holds at once.
            (await scene.Caching.FindAsync(query with { Time = TimeSpan.FromSeconds(30) }, default)).Hit.ShouldBeNull();
            (await scene.Caching.FindAsync(query with { Directives = new CacheDirectives(TimeSpan.FromSeconds(31), Keeps: true) }, default)).Hit.ShouldNotBeNull();
            (await scene.Caching.FindAsync(query with { Directives = new CacheDirectives(TimeSpan.Zero, Keeps: true) }, default)).Hit.ShouldBeNull();
            (await scene.Caching.FindAsync(query with { Price = static _ => null }, default)).Hit.ShouldBeNull("it has no price");
            scene.Time.Move(TimeSpan.FromSeconds(29));
            (await scene.Caching.FindAsync(query, default)).Hit.ShouldNotBeNull();
            scene.Time.Move(TimeSpan.FromSeconds(1));
            (await scene.Caching.FindAsync(query, default)).Hit.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_row_that_is_moved_to_another_project_or_key_is_not_read(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var scene = await SceneAsync(store);
        scene.Caching.Keep(new CacheEntry(Query("mine"), "zanzibar"u8.ToArray(), default, new TokenUsage(1, 0, 1)));
        await scene.Caching.WriteAsync(default);
        foreach (var change in new[] { "update cached_response set project = 'two'", "update cached_response set project = 'one', key_hash = 'other'" })
        {
            await store.WriteAsync(session => session.ExecuteAsync(change));
            (await scene.Caching.FindAsync(Query("mine") with { Project = "two" }, default)).Hit.ShouldBeNull();
            (await scene.Caching.FindAsync(Query("other"), default)).Hit.ShouldBeNull();
        }

        await store.WriteAsync(static session => session.ExecuteAsync("update cached_response set key_hash = 'mine'"));
        (await scene.Caching.FindAsync(Query("mine"), default)).Hit.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_store_that_is_away_is_a_miss_and_is_left_alone_for_a_moment(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var scene = await SceneAsync(store);
        scene.Caching.Keep(new CacheEntry(Query("k"), "x"u8.ToArray(), default, new TokenUsage(1, 0, 1)));
        await scene.Caching.WriteAsync(default);

        await store.WriteAsync(static session => session.ExecuteAsync("alter table cached_response rename to away"));
        (await scene.Caching.FindAsync(Query("k"), default)).ShouldSatisfyAllConditions(static call => call.Hit.ShouldBeNull(), static call => call.Keeps.ShouldBeTrue());
        await store.WriteAsync(static session => session.ExecuteAsync("alter table away rename to cached_response"));
        (await scene.Caching.FindAsync(Query("k"), default)).Hit.ShouldBeNull("it rests");
        scene.Time.Move(ResponseCaching.Rest);
        (await scene.Caching.FindAsync(Query("k"), default)).Hit.ShouldNotBeNull();
    }

    [Fact]
    public async Task More_answers_than_the_queue_takes_are_not_kept_and_nothing_waits()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var scene = await SceneAsync(store);
        for (var i = 0; i < 200; i++)
        {
            scene.Caching.Keep(new CacheEntry(Query($"k{i}"), "x"u8.ToArray(), default, new TokenUsage(1, 0, 1)));
        }

        await scene.Caching.WriteAsync(default);
        (await store.ReadAsync(static session => ResponseCache.SizeAsync(session, "one"))).Entries.ShouldBe(64);
    }

    [Theory]
    [InlineData(CallEnding.Completed, 2, "{}", true)]
    [InlineData(CallEnding.Completed, 0, "{}", false)]
    [InlineData(CallEnding.ClientClosed, 2, "{}", false)]
    [InlineData(CallEnding.Cut, 2, "{}", false)]
    [InlineData(CallEnding.Completed, 2, """{"finish_reason": "content_filter"}""", false)]
    [InlineData(CallEnding.Completed, 2, """{"stop_reason":"refusal"}""", false)]
    [InlineData(CallEnding.Completed, 2, """{"content":"\"content_filter\"","refusal":null}""", true)]
    public async Task Only_what_completed_and_was_not_withheld_is_kept(CallEnding ending, int tokens, string body, bool isKept)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var scene = await SceneAsync(store);
        var copy = new AnswerCopy();
        copy.Take("application/json", Encoding.UTF8.GetBytes(body));

        new CachedCall(scene.Caching, Query("k"), hit: null).Closed(ending, new TokenUsage(tokens, 0, 0), copy, answer: null);
        new CachedCall(scene.Caching, Query("not whole"), hit: null).Closed(ending, new TokenUsage(tokens, 0, 0), new AnswerCopy(), answer: null);
        new CachedCall(scene.Caching, Query("no store") with { Directives = new CacheDirectives(null, Keeps: false) }, hit: null).Closed(ending, new TokenUsage(tokens, 0, 0), copy, answer: null);
        await scene.Caching.WriteAsync(default);

        (await store.ReadAsync(static session => session.QueryAsync<string>("select key_hash from cached_response"))).ShouldBe(isKept ? ["k"] : []);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("no-cache", 0L, true)]
    [InlineData("No-Store", null, false)]
    [InlineData("max-age=7, no-store", 7L, false)]
    [InlineData("no-cache, max-age=7", 0L, true)]
    [InlineData("only-if-cached, x=\"y\"", null, true)]
    [InlineData("max-age=-1;;", null, true)]
    public void Cache_Control_is_read_as_RFC_9111_has_it(string? header, long? seconds, bool keeps)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.CacheControl = header;

        CacheDirectives.Of(http.Request).ShouldBe(new CacheDirectives(seconds is { } age ? TimeSpan.FromSeconds(age) : null, keeps));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Two_calls_have_one_key_exactly_where_all_that_decides_their_answer_is_the_same(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        (await store.ApplyAsync(World, now: Start)).Faults.ShouldBeEmpty();
        var (snapshot, keys) = (await SnapshotAsync(store), new CacheKeys());
        var calls = from project in Gen.Elements("one", "two", "three")
                    from customer in Gen.Elements(null, "acme", "acm")
                    from deployment in Gen.Elements("large", "twin")
                    from dialect in Gen.Elements(Dialect.OpenAi, Dialect.Azure)
                    from operation in Gen.Elements(Operation.ChatCompletions, Operation.Responses)
                    from tier in Gen.Elements(ServiceTier.Standard, ServiceTier.Batch)
                    from header in Gen.Elements(null, "v1")
                    from text in Gen.Elements("a", "b", "b ")
                    select (project, customer, deployment, dialect, operation, tier, header, text);
        var seen = new Dictionary<string, object>(StringComparer.Ordinal);

        Checked.ForAll(
            calls.Two(), seed: 31,
            pair =>
            {
                var (one, other) = (Key(pair.Item1), Key(pair.Item2));
                (one == other).ShouldBe(pair.Item1 == pair.Item2);
                foreach (var (key, call) in new[] { (one, pair.Item1), (other, pair.Item2) })
                {
                    seen.TryAdd(key, call);
                    seen[key].ShouldBe(call);
                }
            },
            times: 1_000);
        seen.Count.ShouldBeGreaterThan(500);

        string Key((string Project, string? Customer, string Deployment, Dialect Dialect, Operation Operation, ServiceTier Tier, string? Header, string Text) call) => KeyOf(
            keys, snapshot, call.Project, call.Customer, call.Deployment, call.Dialect, call.Operation, call.Tier, call.Header is null ? [] : [("anthropic-version", call.Header)], call.Text);
    }

    [Theory]
    [InlineData("upstream_model: big, default_output_cap: 50", "upstream_model: bigger, default_output_cap: 50")]
    [InlineData("default_output_cap: 50", "default_output_cap: 51")]
    [InlineData("max_output_tokens: 100", "max_output_tokens: 99")]
    [InlineData("127.0.0.1:9/v1", "127.0.0.1:7/v1")]
    [InlineData("deployments: [{ name: large, model: large, upstream: there", "deployments: [{ name: large, model: large, upstream: other")]
    [InlineData("terms: [falcon]", "terms: [eagle]")]
    [InlineData("source: prompt", "source: completion")]
    [InlineData("upstream_model: big, default_output_cap: 50, filter_policy: strict", "upstream_model: big, default_output_cap: 50")]
    [InlineData("measures: binding", "measures: binding, upstreams: [other]")]
    [InlineData("id: northwind, name: Northwind", "id: northwind, name: North Wind")]
    public async Task What_is_declared_otherwise_is_another_key_and_nothing_else_is(string old, string replacement)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        World.ShouldContain(old);
        var keys = new CacheKeys();
        (await store.ApplyAsync(World, now: Start)).Faults.ShouldBeEmpty();
        var before = Of(await SnapshotAsync(store));
        Of(await SnapshotAsync(store)).ShouldBe(before, "read again");

        (await store.ApplyAsync(World.Replace(old, replacement, StringComparison.Ordinal), now: Start)).Faults.ShouldBeEmpty();
        var after = Of(await SnapshotAsync(store));

        (after == before).ShouldBe(old.StartsWith("id: northwind", StringComparison.Ordinal));

        string Of(GatewaySnapshot snapshot) => KeyOf(keys, snapshot, "three", null, "large", Dialect.OpenAi, Operation.ChatCompletions, ServiceTier.Standard, [], "a");
    }

    private static string KeyOf(
        CacheKeys keys, GatewaySnapshot snapshot, string project, string? customer, string deployment, Dialect dialect, Operation operation, ServiceTier tier,
        IReadOnlyList<(string, string)> headers, string text)
    {
        var calling = snapshot.Parties.Projects[project];
        var caller = new Caller(null!, calling, snapshot.Parties.Organisations[calling.Organisation], snapshot.Parties.Channels[calling.Channel]) { EndCustomer = customer };
        var called = snapshot.Catalog.Deployments[deployment];
        var model = snapshot.Catalog.Models[called.Model];
        var request = new CallRequest { Operation = operation, Body = Encoding.UTF8.GetBytes(text), Fields = new Dictionary<string, Range>(StringComparer.Ordinal) };
        return keys.Of(snapshot, caller, called, model, snapshot.Admission.Find(new AdmissionFacts(calling, caller.Channel, model, null, default, null)), tier, dialect, request, headers);
    }

    private static CacheQuery Query(string key) => new("one", key, TimeSpan.FromMinutes(1), new CacheDirectives(null, Keeps: true), IsStream: false, "d", static _ => Price);

    private async Task<GatewaySnapshot> SnapshotAsync(Store store)
    {
        var ring = await RingAsync(store);
        return await store.ReadAsync(session => GatewaySnapshot.ReadAsync(session, 1, ring, Start));
    }

    private Task<KeyRing> RingAsync(Store store) => KeyRing.OpenAsync(store, new MasterKeyPlace(_master ??= Path.Combine(stores.NewFolder(), "master.key"), MayCreate: true), TimeProvider.System);

    private string? _master;

    private async Task<(ResponseCaching Caching, SteppedTime Time)> SceneAsync(Store store)
    {
        var time = new SteppedTime(Start);
        return (new ResponseCaching(store, await RingAsync(store), new GatewayInstruments(new RefusalLog(), new LeaseKeeper(time)), new(), time, NullLogger<ResponseCaching>.Instance), time);
    }

    private static async Task<byte[]> BytesAsync(UpstreamAnswer answer)
    {
        if (answer is WholeAnswer whole)
        {
            return whole.Body.ToArray();
        }

        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var stream = (StreamedAnswer)answer;
        (await stream.NextAsync(new SseWriter(output))).ShouldBeFalse("all of it is here, and the last event is not out before the call is closed");
        return output.WrittenSpan.ToArray();
    }
}
