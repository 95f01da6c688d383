using Dogana.Apply;
using Dogana.Conduct;
using Dogana.Parties;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Apply;

public sealed class WorldMeasureTests(StoreFixture stores)
{
    private const string Throttle =
        "dogana: 1\nmeasures: [{ id: m-1, organisation: lumen-media, owner: northwind, level: throttle, requests_per_minute: 60, models: [clerk-1], reason: Too fast., proposed_by: ann, approved_by: berta }]";

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_measure_is_applied_once_and_lifted_once(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);
        var later = OpeningDay.Now.AddDays(1);

        (await store.ApplyAsync(Throttle, dryRun: true)).Value.ShouldBe([new Change(ChangeKind.Created, "measure", "m-1")]);
        (await store.ReadAsync(Measures.ReadAsync)).ShouldBeEmpty();
        (await store.ApplyAsync(Throttle)).Value.ShouldBe([new Change(ChangeKind.Created, "measure", "m-1")]);
        (await store.ApplyAsync(Throttle, now: later)).Value.ShouldBe([new Change(ChangeKind.Unchanged, "measure", "m-1")]);
        var changed = (await store.ApplyAsync(Throttle.Replace("60", "90", StringComparison.Ordinal))).Faults.ShouldHaveSingleItem();
        var lift = Throttle.Replace("berta }", "berta, lifted: true, lift_reason: Slower now. }", StringComparison.Ordinal);
        (await store.ApplyAsync(lift, now: later)).Value.ShouldBe([new Change(ChangeKind.Updated, "measure", "m-1")]);
        (await store.ApplyAsync(lift, now: later.AddDays(1))).Value.ShouldBe([new Change(ChangeKind.Unchanged, "measure", "m-1")]);
        var back = (await store.ApplyAsync(Throttle)).Faults.ShouldHaveSingleItem();

        changed.ToString().ShouldBe("w.yaml:2:12: measures[0]: The measure 'm-1' is there with another requests_per_minute, and never changes. Write 'lifted: true' with a lift_reason, and declare another one.");
        back.Message.ShouldContain("was lifted, and stays so");
        var measure = (await store.ReadAsync(Measures.ReadAsync)).ShouldHaveSingleItem();
        (measure.ProposedBy, measure.ApprovedBy, measure.StartsAt, measure.LiftedAt, measure.LiftedBy, measure.LiftReason).ShouldBe(
            ("ann", "berta", OpeningDay.Now, later, "operator/tester", "Slower now."));
        (await store.ReadAsync(Measures.ReadMembersAsync)).Select(static member => member.Organisation).ShouldBe(["lumen-group", "lumen-media"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("approved_by: ann", "measures[0].approved_by", "the same person")]
    [InlineData("approved_by: berta, urgency: Now.", "measures[0].approved_by", "Two people decided")]
    [InlineData("approved_by: berta, lifted: true", "measures[0].lift_reason", "without a reason")]
    [InlineData("approved_by: berta, lift_reason: Why.", "measures[0].lift_reason", "is not lifted")]
    [InlineData("approved_by: berta, tokens_per_day: 5", "measures[0].tokens_per_day", "has no 'tokens_per_day'")]
    [InlineData("approved_by: berta, from: 2026-02-01, to: 2026-02-01", "measures[0].to", "ends before it begins")]
    [InlineData("approved_by: berta, from: 9999-12-31", "measures[0].from", "is not a date")]
    [InlineData("approved_by: berta, to: 9000-01-01", "measures[0].to", "is not a date")]
    public void What_contradicts_itself_is_found_without_a_store(string instead, string path, string says)
    {
        var fault = WorldFile.Parse(Throttle.Replace("approved_by: berta", instead, StringComparison.Ordinal), "w.yaml").Faults.ShouldHaveSingleItem();

        fault.Path.ShouldBe(path);
        fault.Message.ShouldContain(says);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_file_that_an_admin_key_applies_proposes_and_another_key_approves(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);
        var later = OpeningDay.Now.AddDays(1);
        Change[] pending = [new(ChangeKind.Unchanged, "measure_proposal", "m-1")];

        (await store.ApplyAsync(Throttle, actor: "key-1")).Value.ShouldBe([new Change(ChangeKind.Created, "measure_proposal", "m-1")]);
        (await store.ReadAsync(Measures.ReadAsync)).ShouldHaveSingleItem().StateAt(OpeningDay.Now).ShouldBe(MeasureState.Proposed);
        foreach (var actor in new[] { "key-1", "key-2", "operator" })
        {
            (await store.ApplyAsync(Throttle, now: later, actor: actor)).Value.ShouldBe(pending, actor);
        }

        (await store.WriteAsync(session => Measures.ApproveAsync(session, "m-1", "key-1", later))).Problem!.Message.ShouldContain("Another person approves it");
        (await store.WriteAsync(session => Measures.ApproveAsync(session, "m-1", "key-2", later))).Value.ProposedBy.ShouldBe("key-1");
        (await store.ApplyAsync(Throttle, now: later, actor: "key-1")).Value.ShouldBe([new Change(ChangeKind.Unchanged, "measure", "m-1")]);
        (await store.ApplyAsync(Throttle, now: later)).Faults.ShouldHaveSingleItem().Message.ShouldContain("another proposed_by");
        (await store.ApplyAsync(Throttle.Replace("60", "90", StringComparison.Ordinal), actor: "key-1")).Faults.ShouldHaveSingleItem().Message.ShouldContain("another requests_per_minute");
    }

    [Fact]
    public async Task A_proposal_of_a_file_is_taken_back_by_the_file_and_an_urgent_measure_is_the_keys_own()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await store.ApplyAsync(OpeningDay.Text);
        await store.ApplyAsync(Throttle, actor: "key-1");
        var alone = Throttle.Replace("m-1", "m-2", StringComparison.Ordinal).Replace("berta }", "ann, urgency: Ongoing. }", StringComparison.Ordinal);
        var urgent = alone.Replace("level: throttle, requests_per_minute: 60", "level: suspend", StringComparison.Ordinal);
        urgent.ShouldContain("level: suspend", Case.Sensitive);

        var lift = Throttle.Replace("berta }", "berta, lifted: true, lift_reason: Slower now. }", StringComparison.Ordinal);
        (await store.ApplyAsync(lift, actor: "key-2")).Value.Single().Kind.ShouldBe(ChangeKind.Updated);
        (await store.ApplyAsync(lift, actor: "key-2")).Value.ShouldBe([new Change(ChangeKind.Unchanged, "measure", "m-1")]);
        (await store.ApplyAsync(Throttle, actor: "key-1")).Faults.ShouldHaveSingleItem().Message.ShouldContain("was rejected, and stays so");
        (await store.ApplyAsync(alone, actor: "key-1")).Faults.ShouldHaveSingleItem().Message.ShouldContain("by one admin key alone");
        (await store.ApplyAsync(urgent, actor: "key-1")).Value.ShouldBe([new Change(ChangeKind.Created, "measure", "m-2")]);
        (await store.ApplyAsync(urgent, actor: "key-2")).Value.ShouldBe([new Change(ChangeKind.Unchanged, "measure", "m-2")]);

        var measures = (await store.ReadAsync(Measures.ReadAsync)).ToDictionary(static item => item.Id, StringComparer.Ordinal);
        measures["m-1"].StateAt(OpeningDay.Now).ShouldBe(MeasureState.Rejected);
        (measures["m-2"].ProposedBy, measures["m-2"].ApprovedBy, measures["m-2"].StateAt(OpeningDay.Now)).ShouldBe(("key-1", "key-1", MeasureState.InForce));
    }

    [Fact]
    public async Task One_person_with_an_urgency_a_start_of_the_past_and_a_measure_lifted_before_are_taken_as_declared()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await store.ApplyAsync(OpeningDay.Text);
        const string Yaml = """
            dogana: 1
            measures:
              - { id: u, organisation: lumen-media, owner: northwind, level: suspend, from: 2026-01-01, reason: Now., proposed_by: ann, approved_by: ann, urgency: Ongoing. }
              - { id: l, organisation: lumen-media, owner: northwind, level: terminate, reason: Then., proposed_by: ann, approved_by: berta, lifted: true, lift_reason: Settled. }
            """;

        (await store.ApplyAsync(Yaml)).Value.ShouldAllBe(static change => change.Kind == ChangeKind.Created);
        (await store.ApplyAsync(Yaml, now: OpeningDay.Now.AddDays(3))).Value.ShouldAllBe(static change => change.Kind == ChangeKind.Unchanged);

        var measures = (await store.ReadAsync(Measures.ReadAsync)).ToDictionary(static item => item.Id, StringComparer.Ordinal);
        (measures["u"].StartsAt, measures["u"].Urgency).ShouldBe((OpeningDay.Now, "Ongoing."));
        measures["l"].StateAt(OpeningDay.Now).ShouldBe(MeasureState.Lifted);
        (await store.ReadAsync(session => session.QueryAsync<string>("select dedup_key from notice"))).ShouldAllBe(static key => key.StartsWith("measure.started/u/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_agreement_may_give_its_seller_time_to_review()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await store.ApplyAsync(OpeningDay.With("    measures: binding\n", "    measures: review\n    review_within_hours: 48\n"));

        var agreement = (await store.ReadAsync(PartyRegister.ReadAsync)).Agreements.Single(static item => item.Owner == "northwind");
        (agreement.Measures, agreement.ReviewTime).ShouldBe((MeasureFlow.Review, TimeSpan.FromHours(48)));
        WorldFile.Parse(OpeningDay.With("    measures: binding\n", "    measures: review\n"), "w.yaml").Faults.ShouldHaveSingleItem().Path.ShouldEndWith(".review_within_hours");
        WorldFile.Parse(OpeningDay.With("    measures: binding\n", "    measures: none\n    review_within_hours: 48\n"), "w.yaml").Faults.ShouldHaveSingleItem().Path.ShouldEndWith(".review_within_hours");
    }
}
