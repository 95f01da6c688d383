using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Metering.Intake;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Metering;

public sealed class EventIntakeTests(StoreFixture stores)
{
    private static readonly DateTimeOffset At = MoneyWorld.MidJanuary;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_aggregation_counts_as_it_says(StoreKind kind)
    {
        await using var scene = await EventScene.OpenAsync(stores, kind);

        var outcomes = await scene.SendAsync(
            EventScene.Event("1", "pictures", "\"count\":3"), EventScene.Event("2", "pictures", "\"count\":4,\"dimensions\":{\"plan\":\"gold\"}"),
            EventScene.Event("3", "searches", "\"model\":\"small\""), EventScene.Event("4", "searches", "\"model\":null"),
            EventScene.Event("5", "peak", "\"value\":7"), EventScene.Event("6", "peak", "\"value\":5"), EventScene.Event("7", "peak", "\"value\":9"),
            EventScene.Event("8", "seats", "\"value\":10", At.AddDays(-1)), EventScene.Event("9", "seats", "\"value\":8", At), EventScene.Event("10", "seats", "\"value\":12", At.AddDays(-2)),
            EventScene.Event("11", "users", "\"value\":\"ann\""), EventScene.Event("12", "users", "\"value\":\"bob\""), EventScene.Event("13", "users", "\"value\":\"ann\""));

        outcomes.Select(static outcome => outcome.Problem?.Message).ShouldAllBe(static problem => problem == null);
        // The windows are those of Berlin: its month and day begin at 23:00 UTC.
        (await scene.CountedAsync()).ShouldBe(
        [
            "peak 2026-01-14T23:00:00Z  = 9", "pictures 2026-01-15T12:30:00Z  = 3", "pictures 2026-01-15T12:30:00Z plan=gold = 4", "searches 2026-01-15T12:30:00Z  = 2",
            "seats 2025-12-31T23:00:00Z  = 8", "users 2026-01-15T12:00:00Z  = 2",
        ]);
        (await scene.ReadAsync()).Where(static record => record.Meter == "searches").Select(static record => record.Model).ShouldBe(["small", "searches"]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Any_order_of_events_repeated_and_batched_anyhow_counts_the_same(StoreKind kind)
    {
        foreach (var (values, seed) in Checked.Sample(
            from list in Gen.Choose(0, 30).ListOf(24)
            from seed in Gen.Choose(1, int.MaxValue)
            select (list, seed), 41, kind == StoreKind.Sqlite ? 6 : 2))
        {
            string[] meters = ["pictures", "searches", "peak", "seats", "users"];
            var events = values.Select((value, index) => meters[index % 5] switch
            {
                "pictures" => EventScene.Event($"e{index}", "pictures", $"\"count\":{value}", At.AddMinutes(value - 60)),
                "searches" => EventScene.Event($"e{index}", "searches", "\"dimensions\":{\"plan\":\"gold\"}", At.AddMinutes(value - 60)),
                var other => EventScene.Event($"e{index}", other, $"\"value\":{value}", At.AddDays(value % 3 - 3).AddMinutes(index % 2)),
            }).Concat(Enumerable.Range(0, 5).Select(index => EventScene.Void($"v{index}", $"e{index * 4}"))).ToArray();
            var straight = await CountAsync(kind, [events]);

            var random = new Random(seed);
            var shuffled = events.Concat(events.Take(10)).ToArray();
            random.Shuffle(shuffled);
            (await CountAsync(kind, shuffled.Chunk(1 + random.Next(9)))).ShouldBe(straight, $"seed {seed}, values {string.Join(' ', values)}");
        }
    }

    [Fact]
    public async Task What_is_new_is_looked_up_by_its_key_and_not_among_all_events_of_its_source()
    {
        await using var scene = await EventScene.OpenAsync(stores, StoreKind.Postgres);
        for (var batch = 0; batch < 4; batch++)
        {
            await scene.SendAsync([.. Enumerable.Range(0, 500).Select(index => EventScene.Event($"e{batch}-{index}", "pictures", "\"count\":1"))]);
        }

        // Rows that this transaction has read of the table, however the store plans it. It knows nothing of the table's content yet, as after any quick growth.
        var read = await scene.Store.WriteAsync(static async session =>
        {
            var results = await UsageRows.SortAsync(session, [.. Enumerable.Range(0, 500).Select(static index => (new UsageKey(EventScene.Source, $"n{index}"), "hash"))]);
            results.ShouldAllBe(static result => result == IntakeResult.Accepted);
            return await session.ScalarAsync<long>("select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables where relname = 'usage_record'");
        });

        read.ShouldBeLessThanOrEqualTo(500);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_same_key_with_another_payload_is_a_conflict_at_any_age(StoreKind kind)
    {
        await using var scene = await EventScene.OpenAsync(stores, kind);
        var sent = EventScene.Event("1", "pictures", "\"count\":3,\"dimensions\":{\"plan\":\"gold\"}");
        (await scene.SendAsync(sent))[0].Result.ShouldBe(IntakeResult.Accepted);

        scene.Time.Move(TimeSpan.FromDays(400));
        var spelt = sent.Replace("\"count\":3,", " \"count\" : 3 , ", StringComparison.Ordinal).Replace("12:30:00Z", "13:30:00+01:00", StringComparison.Ordinal);
        var outcomes = await scene.SendAsync(sent, spelt, EventScene.Event("1", "pictures", "\"count\":4"), EventScene.Event("1", "searches", "\"model\":\"small\""));

        outcomes.Select(static outcome => outcome.Result).ShouldBe([IntakeResult.Duplicate, IntakeResult.Duplicate, IntakeResult.Conflict, IntakeResult.Conflict]);
        outcomes[2].Problem!.Code.ShouldBe(ProblemCode.UsageConflict);
        (await scene.ReadAsync()).ShouldHaveSingleItem().Quantity.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"id":"1","source":"s","type":"shop.searches"}""", "specversion")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"s","type":"shop.searches"}""", "specversion")]
    [InlineData("""{"specversion":"1.0","source":"s","type":"shop.searches"}""", "id")]
    [InlineData("""{"specversion":"1.0","id":"","source":"s","type":"shop.searches"}""", "id")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"shop.searches"}""", "source")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s"}""", "type")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.other"}""", "type")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches"}""", "subject")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","subject":"nobody"}""", "subject")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","data":{"organisation":"acme"}}""", "data.channel")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","data":{"organisation":"nobody","channel":"direct"}}""", "data.organisation")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","data":{"organisation":"acme","channel":"direct","modle":"small"}}""", "data.modle")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","data":{"organisation":"acme","channel":"direct","model":"none"}}""", "data.model")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","data":{"organisation":"acme","channel":"direct","dimensions":{"plan":"a,b"}}}""", "data.dimensions.plan")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","data":{"organisation":"acme","channel":"direct","dimensions":{"team":"a"}}}""", "data.dimensions.team")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.pictures","data":{"organisation":"acme","channel":"direct"}}""", "data.count")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.pictures","data":{"organisation":"acme","channel":"direct","count":1.5}}""", "data.count")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.pictures","data":{"organisation":"acme","channel":"direct","count":-1}}""", "data.count")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.pictures","data":{"organisation":"acme","channel":"direct","count":"3"}}""", "data.count")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","time":"2026-01-15T12:30:00"}""", "time")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","time":"2026-01-15T12:36:00Z"}""", "time")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"dogana.usage.void","data":{"id":"1"}}""", "data.source")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","data":[1]}""", "data")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"shop.searches","data_base64":"AA=="}""", "data_base64")]
    [InlineData("""[]""", "")]
    public async Task A_refusal_names_the_attribute(string sent, string param)
    {
        await using var scene = await EventScene.OpenAsync(stores, StoreKind.Sqlite);

        var outcome = (await scene.SendAsync(sent))[0];

        outcome.Result.ShouldBe(IntakeResult.Refused);
        outcome.Problem!.Param.ShouldBe(param);
        (await scene.ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_refused_keeps_nothing_else_back_and_may_be_sent_again()
    {
        await using var scene = await EventScene.OpenAsync(stores, StoreKind.Sqlite);
        var early = EventScene.Event("2", "searches", "\"model\":null", At.AddMinutes(6));

        (await scene.SendAsync(EventScene.Event("1", "searches", "\"model\":null"), early, early)).Select(static outcome => outcome.Result)
            .ShouldBe([IntakeResult.Accepted, IntakeResult.Refused, IntakeResult.Refused]);
        scene.Time.Move(TimeSpan.FromMinutes(2));

        (await scene.SendAsync(early))[0].Result.ShouldBe(IntakeResult.Accepted);
        (await scene.SendAsync(EventScene.Event("3", "searches", "\"model\":null", At.AddYears(-20))))[0].Result.ShouldBe(IntakeResult.Accepted);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Usage_is_taken_back_once_by_a_record_of_its_own(StoreKind kind)
    {
        await using var scene = await EventScene.OpenAsync(stores, kind);
        await scene.World.UseAsync(new Call("acme", At, 100, 20, 3));
        await scene.SendAsync(EventScene.Event("1", "pictures", "\"count\":3"), EventScene.Event("2", "peak", "\"value\":5"), EventScene.Event("3", "peak", "\"value\":9"));

        var outcomes = await scene.SendAsync(
            EventScene.Void("v1", "1"), EventScene.Void("v3", "3"), EventScene.Void("v0", "call-00001", "node-1"), EventScene.Void("v9", "later"),
            EventScene.Void("again", "1"), EventScene.Void("v1", "1"));
        await scene.SendAsync(EventScene.Event("later", "pictures", "\"count\":50"));

        outcomes.Select(static outcome => outcome.Result).ShouldBe(
            [IntakeResult.Accepted, IntakeResult.Accepted, IntakeResult.Accepted, IntakeResult.Accepted, IntakeResult.Refused, IntakeResult.Duplicate]);
        (await scene.SendAsync(EventScene.Void("vv", "v1")))[0].Problem!.Param.ShouldBe("data.id");
        (await scene.CountedAsync()).ShouldBe(["peak 2026-01-14T23:00:00Z  = 5"]);
        var records = await scene.ReadAsync();
        records.Select(static record => record.IngestSequence).ShouldBe(Enumerable.Range(1, 9).Select(static number => (long)number));
        var taken = records.Single(static record => record.Id == "v0");
        (taken.InputTokens, taken.OutputTokens, taken.CachedInputTokens, taken.OpenedAt, taken.Voids).ShouldBe((-100, -20, -3, At, new UsageKey("node-1", "call-00001")));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_meter_never_changes_once_it_has_events(StoreKind kind)
    {
        await using var scene = await EventScene.OpenAsync(stores, kind);
        MeterDefinition[] changed = [new(Meter.Find("pictures")!, "one", MeterAggregation.Max, "shop.pictures", "count", ["plan"], MeterWindow.Month)];
        MeterDefinition[] back = [changed[0] with { Aggregation = MeterAggregation.Sum }];
        await scene.Store.WriteAsync(session => Meters.DeclareAsync(session, changed));
        await scene.Store.WriteAsync(session => Meters.DeclareAsync(session, back));
        await scene.SendAsync(EventScene.Event("1", "pictures", "\"count\":3"));

        var refused = await Should.ThrowAsync<ProblemException>(() => scene.Store.WriteAsync(session => Meters.DeclareAsync(session, changed)));

        refused.Problem.Message.ShouldContain("has events and cannot change");
        (await scene.Store.WriteAsync(session => Meters.DeclareAsync(session, back))).ShouldHaveSingleItem().Kind.ShouldBe(ChangeKind.Unchanged);
    }

    private async Task<string[]> CountAsync(StoreKind kind, IEnumerable<string[]> batches)
    {
        await using var scene = await EventScene.OpenAsync(stores, kind);
        foreach (var batch in batches)
        {
            (await scene.SendAsync(batch)).ShouldAllBe(static outcome => outcome.Problem == null);
        }

        return await scene.CountedAsync();
    }
}
