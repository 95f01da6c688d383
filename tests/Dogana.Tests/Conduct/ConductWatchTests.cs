using System.Net;
using System.Text;
using System.Text.Json;
using Dogana.Conduct;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

/// <summary>Calls that a node served, looked at off their path: what is found, what is kept, and what becomes of what was not seen.</summary>
public sealed class ConductWatchTests(StoreFixture stores)
{
    private static readonly ConductAccount Bytes = new("bytes-labs", "owner");

    private readonly SteppedTime _time = new(ConductScene.Now);
    private readonly List<ConductFinding> _found = [];
    private readonly List<Exception> _failures = [];

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Answers_that_are_graded_in_bulk_are_found_however_many_nodes_served_them_and_whatever_restarts(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind);
        var (ring, feed) = (await RingAsync(store), new ConductFeed());
        var (first, second) = (Watch(store, ring, feed, "node-1"), Watch(store, ring, feed, "node-2"));

        // Neither node sees enough by itself; the first one is another process halfway.
        for (var call = 0; call < 4; call++)
        {
            await LookAsync(first, feed, Graded(call));
            await LookAsync(second, feed, Graded(100 + call));
            first = call == 2 ? Watch(store, ring, feed, "node-1") : first;
        }

        var strong = _found.Where(static finding => finding.Strength == FindingStrength.Strong).MaxBy(static finding => finding.DistinctItems).ShouldNotBeNull();
        (strong.Account, strong.Detector, strong.DistinctItems).ShouldBe((Bytes, Detector.JudgeTemplate, 8));
        strong.CallIds.ShouldContain(static id => id == "call-1");
        strong.CallIds.ShouldContain(static id => id == "call-101");
        _failures.ShouldBeEmpty();
        var hours = await store.ReadAsync(session => ConductCoverage.ReadAsync(session, default, 10));
        hours.Sum(static hour => hour.LookedAt).ShouldBe(8);
        (await TextsAsync(store)).ShouldAllBe(static text => !text.Contains("harbour", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Work_that_is_split_over_linked_accounts_is_found_once_for_all_nodes()
    {
        await using var store = await stores.OpenSceneAsync(StoreKind.Sqlite);
        var (ring, feed) = (await RingAsync(store), new ConductFeed());
        var (first, second) = (Watch(store, ring, feed, "node-1"), Watch(store, ring, feed, "node-2"));
        for (var call = 0; call < 120; call++)
        {
            await LookAsync(call % 2 == 0 ? first : second, feed, Graded(call, $"shell-{call % 30}"), isKept: false);
        }

        await first.KeepAsync(CancellationToken.None);
        await second.KeepAsync(CancellationToken.None);
        _found.Clear();
        _time.Move(TimeSpan.FromMinutes(11));
        await first.KeepAsync(CancellationToken.None);
        await second.KeepAsync(CancellationToken.None);

        var cluster = _found.Where(static finding => finding.Detector == Detector.LinkedAccounts).ShouldHaveSingleItem();
        (cluster.Linked.Count, cluster.Strength).ShouldBe((29, FindingStrength.Strong));
    }

    [Fact]
    public async Task What_finds_no_room_is_dropped_and_counted_and_a_store_that_fails_too()
    {
        await using var store = await stores.OpenSceneAsync(StoreKind.Sqlite);
        var (ring, feed) = (await RingAsync(store), new ConductFeed());
        var watch = Watch(store, ring, feed, "node-1");
        for (var call = 0; call < ConductFeed.CallsMax + 10; call++)
        {
            feed.Offer(Graded(0));
        }

        feed.Count.ShouldBe(new FeedCount(ConductFeed.CallsMax + 10, 10));
        await watch.LookAsync(TimeSpan.MaxValue, _failures.Add, CancellationToken.None);
        await watch.KeepAsync(CancellationToken.None);
        var hour = (await store.ReadAsync(session => ConductCoverage.ReadAsync(session, default, 10))).ShouldHaveSingleItem();
        (hour.Offered, hour.LookedAt, hour.Dropped).ShouldBe((ConductFeed.CallsMax + 10, ConductFeed.CallsMax, 10));

        // A body that is too large for all that may wait is dropped by itself.
        feed.Offer(new OfferedCall(Graded(0).Call with { Body = new byte[ConductFeed.BytesMax] }, null, null));
        feed.Count.Dropped.ShouldBe(11);

        // The store fails: nothing throws, it is not asked for each call, and the calls are counted as not seen.
        await store.WriteAsync(static session => session.ExecuteAsync("drop table conduct_sketch"));
        feed.Offer(Graded(1, "another"));
        feed.Offer(Graded(2, "a-third"));
        await watch.LookAsync(TimeSpan.MaxValue, _failures.Add, CancellationToken.None);
        _failures.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Text_is_kept_for_an_open_case_alone_and_only_where_it_may_be(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind);
        var (ring, feed) = (await RingAsync(store), new ConductFeed());
        var watch = new ConductWatch(store, ring, feed, "node-1", static async (session, findings, now) => (await ConductSignals.RecordAsync(session, findings, now)).Count, _time, ConductWatch.DefaultKeepInterval);
        for (var call = 0; call < 8; call++)
        {
            await LookAsync(watch, feed, Graded(call));
        }

        var found = (await store.ReadAsync(session => ConductCases.ListAsync(session, state: null, "", 10))).ShouldHaveSingleItem();
        (await store.WriteAsync(session => ConductCases.DoAsync(session, found.Id, new CaseCommand.Open("Eight comparisons of answers."), "ann", CaseSide.Platform, _time.GetUtcNow()))).Value.State.ShouldBe(CaseState.Open);
        await watch.KeepAsync(CancellationToken.None);
        await LookAsync(watch, feed, Graded(8) with { Call = Graded(8).Call with { MayLog = true } });
        await LookAsync(watch, feed, Graded(9));
        await LookAsync(watch, feed, Offer(10, "bytes-labs", "What does the lighthouse of harbour 10 cost to visit?"));

        var kept = await store.ReadAsync(session => CaseEvidence.ReadExcerptsAsync(session, ring, found.Id));
        kept.Select(static excerpt => (excerpt.CallId, excerpt.Text?[..30])).ShouldBe([("call-8", "You are an impartial judge. Ev"), ("call-9", null)]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Indicators_of_others_are_looked_for_as_soon_as_they_are_imported(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind);
        var (ring, feed) = (await RingAsync(store), new ConductFeed());
        var watch = Watch(store, ring, feed, "node-1");
        const string Document = """
            {"format":"dogana-conduct-indicators/1","version":"forum-7","concepts":{"forum.drill":["quarry drill"]},"signatures":[
             {"id":"forum.drill","version":"1","family":"forum","detector":"generation_template","strength":"strong","distinct":3,"span":40,"all":["forum.drill"],"statement":"A template that others reported.","innocent":"Work in a quarry."}]}
            """;
        (await store.WriteAsync(session => Indicators.ImportAsync(session, "Forum", Document, "ann", ConductScene.Now))).Problem!.Param.ShouldBe("id");
        (await store.WriteAsync(session => Indicators.ImportAsync(session, "forum", "{}", "ann", ConductScene.Now))).Problem.ShouldNotBeNull();
        (await store.WriteAsync(session => Indicators.ImportAsync(session, "forum", Document, "ann", ConductScene.Now))).Value.Signatures.ShouldBe(["forum.drill"]);
        (await store.ReadAsync(Indicators.ListAsync)).ShouldHaveSingleItem().Version.ShouldBe("forum-7");

        for (var call = 0; call < 5; call++)
        {
            await LookAsync(watch, feed, Offer(call, "bytes-labs", $"Set the quarry drill to depth {call} and tell what the rock of layer {call} is."));
        }

        _found.Where(static finding => finding.Signature == "forum.drill").MaxBy(static finding => finding.DistinctItems)!.DistinctItems.ShouldBe(5);
        (await store.WriteAsync(session => Indicators.RemoveAsync(session, "forum", "ann", ConductScene.Now)))!.Version.ShouldBe("forum-7");
        (await store.ReadAsync(Indicators.ReadAsync)).Signatures.ShouldNotContain(static item => item.Id == "forum.drill");
        (await store.ActionsAsync()).ShouldBe(["indicators.import", "indicators.remove"]);
    }

    private ConductWatch Watch(Store store, KeyRing ring, ConductFeed feed, string node) => new(
        store, ring, feed, node,
        (_, findings, _) =>
        {
            _found.AddRange(findings);
            return Task.FromResult(0);
        },
        _time, ConductWatch.DefaultKeepInterval);

    private async Task LookAsync(ConductWatch watch, ConductFeed feed, OfferedCall call, bool isKept = true)
    {
        feed.Offer(call);
        await watch.LookAsync(TimeSpan.MaxValue, _failures.Add, CancellationToken.None);
        if (isKept)
        {
            await watch.KeepAsync(CancellationToken.None);
        }

        _time.Move(TimeSpan.FromSeconds(31));
    }

    private OfferedCall Graded(int number, string organisation = "bytes-labs") => Offer(
        number, organisation,
        $"""
        You are an impartial judge. Evaluate the quality of the two responses below with respect to helpfulness and say which is better.
        Question: how tall is the lighthouse of harbour {number}, and who keeps it?
        [Response A] It is {number + 20} metres tall and keeper {number} lives there with a dog.
        [Response B] Nobody knows how tall the tower in harbour {number} is; ask in the village {number * 7}.
        Give your final verdict: A, B or a tie.
        """);

    private OfferedCall Offer(int number, string organisation, string prompt) => new(
        new ObservedCall(
            $"call-{number}", Bytes with { Organisation = organisation }, "lab", "m1", _time.GetUtcNow(),
            Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { model = "m1", messages = new[] { new { role = "user", content = prompt } } }))),
        IPAddress.Parse("203.0.113.7"), "grader/1.0");

    private async Task<KeyRing> RingAsync(Store store)
    {
        var folder = stores.NewFolder();
        return await KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(folder, "master.key"), MayCreate: true), TimeProvider.System);
    }

    private static Task<IReadOnlyList<string>> TextsAsync(Store store) => store.ReadAsync(async session =>
        (IReadOnlyList<string>)[.. (await session.QueryAsync<string>("select state from conduct_sketch")).Select(static state => Encoding.Latin1.GetString(Convert.FromBase64String(state)))]);
}
