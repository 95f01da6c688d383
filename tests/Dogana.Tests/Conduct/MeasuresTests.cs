using System.Text.Json;
using Dogana.Authority;
using Dogana.Conduct;
using Dogana.Conduct.Reaching;
using Dogana.Conduct.Reports;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

public sealed class MeasuresTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = ConductScene.Now;

    private static readonly MeasureProposal Throttle = new("bytes", "owner", MeasureLevel.Throttle, "Far beyond the declared use.") { RequestsPerMinute = 60 };

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_measure_holds_only_when_another_person_approves_it(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Binding);
        var proposed = (await store.WriteAsync(session => Measures.ProposeAsync(session, Throttle, "ann", Now))).Value;
        (await store.StandingAsync()).Find("bytes", "owner", "m1", "direct").ShouldBeEmpty();

        var own = (await store.WriteAsync(session => Measures.ApproveAsync(session, proposed.Id, "ann", Now))).Problem!;
        own.Code.ShouldBe(ProblemCode.Conflict);
        own.Message.ShouldContain("Another person approves it");
        var approved = (await store.WriteAsync(session => Measures.ApproveAsync(session, proposed.Id, "berta", Now.AddHours(1)))).Value;

        (approved.ApprovedBy, approved.StartsAt, approved.Urgency, approved.StateAt(Now.AddHours(1))).ShouldBe(("berta", Now.AddHours(1), null, MeasureState.InForce));
        (await store.ReadAsync(session => Measures.FindAsync(session, proposed.Id))).Value.ShouldBeEquivalentTo(approved);
        (await store.StandingAsync(Now.AddHours(1))).Find("bytes-media", "owner", "m1", "direct").ShouldHaveSingleItem().Measure.RequestsPerMinute.ShouldBe(60);
        (await store.WriteAsync(session => Measures.ApproveAsync(session, proposed.Id, "carl", Now.AddHours(2)))).Problem!.Message.ShouldContain("is in force");
        (await store.ActionsAsync()).ShouldBe(["measure.propose", "measure.approve"]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_rejected_measure_never_holds(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Binding);
        var proposed = (await store.WriteAsync(session => Measures.ProposeAsync(session, Throttle, "ann", Now))).Value;

        (await store.WriteAsync(session => Measures.LiftAsync(session, proposed.Id, "berta", Now))).Problem!.Message.ShouldEndWith("Reject it instead.");
        (await store.WriteAsync(session => Measures.RejectAsync(session, proposed.Id, "berta", Now))).Value.RejectedBy.ShouldBe("berta");

        (await store.WriteAsync(session => Measures.ApproveAsync(session, proposed.Id, "carl", Now))).Problem!.Message.ShouldContain("is rejected");
        (await store.StandingAsync()).Of("bytes").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task One_person_suspends_at_once_and_the_ground_is_on_record(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Binding);
        var first = await store.SuspendAsync("bytes");
        var second = await store.SuspendAsync("bytes", Now.AddHours(1));
        var other = (await store.WriteAsync(session => Measures.SuspendAsync(session, "bytes", "owner", "Why.", "ann", Now, "It runs now.", models: ["m1"]))).Value;

        (first.ApprovedBy, first.Urgency).ShouldBe(("ann", Measures.DefaultUrgency));
        second.ShouldBeEquivalentTo(first, "the same suspension stands");
        other.Id.ShouldNotBe(first.Id, StringComparer.Ordinal);
        other.Urgency.ShouldBe("It runs now.");
        (await store.WriteAsync(session => Measures.LiftAsync(session, first.Id, "ann", Now.AddHours(2)))).Value.LiftedBy.ShouldBe("ann");
        (await store.SuspendAsync("bytes", Now.AddHours(3))).Id.ShouldNotBe(first.Id, StringComparer.Ordinal);
        (await store.ActionsAsync()).ShouldBe(["measure.suspend", "measure.suspend", "measure.lift", "measure.suspend"]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Who_was_a_member_stays_one_until_released_and_who_becomes_one_counts_too(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Binding);
        var measure = await store.SuspendAsync("bytes");
        await store.MoveAsync("bytes-labs", null); // and bytes-media with it
        await store.MoveAsync("other", "bytes");

        foreach (var organisation in (string[])["bytes", "bytes-labs", "bytes-media", "other"])
        {
            (await store.StandingAsync()).Find(organisation, "owner", "m1", "direct").ShouldHaveSingleItem(organisation).Member.ShouldBe(Certainty.Yes);
        }

        (await store.ReadAsync(session => StandingReport.ReadAsync(session, "bytes-labs", Now, Reach.All)))!.Owners.Single(static item => item.Owner == "owner").Measures.Single().Basis.ShouldContain("on record since 2026-01-31");
        (await ReleaseAsync("bytes")).Problem!.Message.ShouldContain("Lift the measure instead");
        (await ReleaseAsync("other")).Problem!.Code.ShouldBe(ProblemCode.NotFound, "it is an affiliate, not on record");
        (await ReleaseAsync("bytes-labs")).Value.ReleaseReason.ShouldBe("Sold.");
        (await store.StandingAsync()).Find("bytes-labs", "owner", "m1", "direct").ShouldBeEmpty();
        (await store.StandingAsync()).Find("bytes-media", "owner", "m1", "direct").Count.ShouldBe(1, "each member is released by itself");

        await store.MoveAsync("bytes-media", "bytes");
        (await ReleaseAsync("bytes-media")).Problem!.Code.ShouldBe(ProblemCode.Conflict, "it is an affiliate again");
        (await store.ActionsAsync()).ShouldBe(["measure.suspend", "measure.release"]);

        Task<Outcome<MeasureMember>> ReleaseAsync(string organisation) =>
            store.WriteAsync(session => Measures.ReleaseAsync(session, measure.Id, organisation, "Sold.", "ann", Now));
    }

    [Fact]
    public void What_is_not_known_of_ownership_counts_as_the_owners_rule_says()
    {
        var measure = new Measure("k", "bytes", "owner", MeasureLevel.Suspend, "Why.", "ann", Now, Now);
        var affiliates = new[] { new Affiliate("bytes", Certainty.Yes, []), new Affiliate("half", Certainty.Unknown, [new ControlLink("bytes", "half", "holds 40 to 60 % (s-1)", Certainty.Unknown)]) }
            .ToDictionary(static item => item.Party, StringComparer.Ordinal);
        MeasureMember[] recorded = [new("k", "half", "held 60 %", Now)];

        Of(UnknownControl.Include, []).ShouldBe([("bytes", Certainty.Yes), ("half", Certainty.Yes)]);
        Of(UnknownControl.Exclude, []).ShouldBe([("bytes", Certainty.Yes)]);
        Of(UnknownControl.Review, []).ShouldBe([("bytes", Certainty.Yes), ("half", Certainty.Unknown)]);
        Of(UnknownControl.Review, recorded).ShouldBe([("bytes", Certainty.Yes), ("half", Certainty.Yes)]);
        Of(UnknownControl.Exclude, recorded).ShouldBe([("bytes", Certainty.Yes), ("half", Certainty.Yes)]);

        IEnumerable<(string, Certainty)> Of(UnknownControl policy, MeasureMember[] members) =>
            Membership.Of(measure, ControlRule.Default with { Unknown = policy }, affiliates, members).Values.Select(static member => (member.Organisation, member.Certainty));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_scheduled_measure_begins_and_ends_by_itself(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Binding);
        var (from, to) = (Now.AddDays(1), Now.AddDays(2));
        await store.TakeAsync(Throttle with { From = from, To = to });

        (await HoldsAsync(from.AddMicroseconds(-1))).ShouldBe((false, (DateTimeOffset?)from));
        (await HoldsAsync(from)).ShouldBe((true, (DateTimeOffset?)to));
        (await HoldsAsync(to.AddMicroseconds(-1))).ShouldBe((true, (DateTimeOffset?)to));
        (await HoldsAsync(to)).ShouldBe((false, null));
        (await store.StandingAsync()).Of("bytes").ShouldAllBe(item => item.Reach == MeasureReach.NotYet && item.ReachChangesAt == from);

        async Task<(bool, DateTimeOffset?)> HoldsAsync(DateTimeOffset at)
        {
            var standing = await store.StandingAsync(at);
            return (standing.Find("bytes", "owner", "m1", "direct").Count > 0, standing.NextChange);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_termination_is_lifted_with_a_reason_only(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Binding);
        var measure = await store.TakeAsync(new MeasureProposal("bytes", "owner", MeasureLevel.Terminate, "Again."));

        (await store.WriteAsync(session => Measures.LiftAsync(session, measure.Id, "ann", Now))).Problem!.Param.ShouldBe("reason");
        var lifted = (await store.WriteAsync(session => Measures.LiftAsync(session, measure.Id, "ann", Now, "Settled."))).Value;

        lifted.LiftReason.ShouldBe("Settled.");
        (await store.WriteAsync(session => Measures.LiftAsync(session, measure.Id, "carl", Now.AddDays(1), "Twice."))).Value.ShouldBeEquivalentTo(lifted);
        (await store.StandingAsync()).Of("bytes").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_the_name_of_its_field()
    {
        await using var store = await stores.OpenSceneAsync(StoreKind.Sqlite);
        var proposals = new (MeasureProposal Proposal, string Field)[]
        {
            (Throttle with { RequestsPerMinute = null }, "requests_per_minute"),
            (Throttle with { RequestsPerMinute = 0 }, "requests_per_minute"),
            (Throttle with { Level = MeasureLevel.Warn }, "requests_per_minute"),
            (Throttle with { TokensPerDay = 5 }, "tokens_per_day"),
            (Throttle with { Level = MeasureLevel.Limit, RequestsPerMinute = null }, "tokens_per_day"),
            (Throttle with { Reason = " " }, "reason"),
            (Throttle with { Reason = "two\nlines" }, "reason"),
            (Throttle with { Reason = new string('x', 501) }, "reason"),
            (Throttle with { Organisation = "nobody" }, "organisation"),
            (Throttle with { Owner = "nobody" }, "owner"),
            (Throttle with { Models = ["m3"] }, "models"),
            (Throttle with { Models = ["*", "m1"] }, "models"),
            (Throttle with { Models = [] }, "models"),
            (Throttle with { Models = [null!] }, "models"),
            (Throttle with { Channels = ["direct", null!] }, "channels"),
            (Throttle with { Channels = [""] }, "channels"),
            (Throttle with { From = new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero) }, "from"),
            (Throttle with { From = DateTimeOffset.MinValue }, "from"),
            (Throttle with { To = new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero) }, "to"),
            (Throttle with { Channels = ["nowhere"] }, "channels"),
            (Throttle with { From = Now.AddDays(2), To = Now.AddDays(1) }, "to"),
            (Throttle with { From = Now.AddDays(-2), To = Now.AddDays(-1) }, "to"),
        };
        foreach (var (proposal, field) in proposals)
        {
            (await store.WriteAsync(session => Measures.ProposeAsync(session, proposal, "ann", Now))).Problem!.Param.ShouldBe(field, proposal.ToString());
        }

        (await store.WriteAsync(session => Measures.SuspendAsync(session, "bytes", "owner", " ", "me", Now))).Problem!.Param.ShouldBe("reason");
        (await store.WriteAsync(session => Measures.SuspendAsync(session, "nobody", "owner", "why", "me", Now))).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await store.WriteAsync(session => Measures.SuspendAsync(session, "bytes", "owner", "why", "me", Now, " "))).Problem!.Param.ShouldBe("urgency");
        (await store.ActionsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Everybody_concerned_is_told_once_and_customers_hear_of_nobody_else(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Review);
        var measure = await store.SuspendAsync("bytes-labs");
        await store.SuspendAsync("bytes-labs");
        await store.DecideAsync(measure, "cloud", ChannelDecision.Decline, Now.AddHours(1));
        await store.WriteAsync(session => Measures.LiftAsync(session, measure.Id, "ann", Now.AddHours(2), "Settled."));

        var notices = await store.ReadAsync(session => session.QueryAsync<Told>(
            "select topic as Topic, organisation as Organisation, body as Body, data as Data from notice order by created_at, organisation"));

        notices.Select(static item => $"{item.Topic[8..]} {item.Organisation}").ShouldBe(
        [
            "started bytes", "started bytes-labs", "started bytes-media", "started owner", "started reseller",
            "decided bytes-media", "decided owner", "decided reseller",
            "lifted bytes", "lifted bytes-labs", "lifted bytes-media", "lifted owner", "lifted reseller",
        ]);
        notices.Where(static item => item.Organisation == "bytes-media").ShouldAllBe(static item => !item.Body.Contains("bytes", StringComparison.Ordinal) && !item.Data.Contains("bytes-labs", StringComparison.Ordinal));
        var app = notices.First(static item => item.Organisation == "bytes-media").Body;
        app.ShouldBe($"owner suspends the use of its models by your corporate family, beginning 2026-01-31 12:00:00Z (measure {measure.Id}). Reason: Outputs trained a competing model.\n"
            + "Channel 'cloud': the seller may adopt or decline it until 2026-02-03 12:00:00Z; without a decision it holds from then on.");
        notices.First(static item => item.Organisation == "bytes-labs").Body.ShouldEndWith("Channel 'direct': it holds.");
        notices.First(static item => item.Organisation == "reseller").Body.ShouldContain("'bytes-labs' and its corporate family");
        notices.First(static item => item.Organisation == "reseller").Body.ShouldNotContain("direct");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_seller_hears_of_a_customer_only_where_it_buys_or_is_going_to_or_where_the_measure_names_the_channel(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Review);
        await store.WriteAsync(session => PartyRegister.DeclareAsync(
            session, [ConductScene.Company("soon"), ConductScene.Company("never")],
            [new Channel("soon", "Soon", ChannelKind.Reseller, "soon"), new Channel("never", "Never", ChannelKind.Reseller, "never")],
            [new Agreement("owner-soon", "owner", "soon", MeasureFlow.Binding), new Agreement("owner-never", "owner", "never", MeasureFlow.None)],
            [new Project("lab", "bytes-labs", "direct")]));
        await store.WriteAsync(async session =>
        {
            await PartyRegister.MoveProjectAsync(session, "lab", new ProjectMove("soon", Now.AddDays(9)));
            return 0;
        });

        var all = await store.SuspendAsync("bytes");
        (await ToldAsync(all.Id)).ShouldBe(["bytes", "bytes-labs", "bytes-media", "owner", "reseller", "soon"]);
        var named = await store.TakeAsync(new MeasureProposal("bytes", "owner", MeasureLevel.Warn, "Why.") { Channels = ["never"] });
        (await ToldAsync(named.Id)).ShouldBe(["bytes", "bytes-labs", "bytes-media", "never", "owner"]);

        // Who decided hears how it ends.
        await store.DecideAsync(all, "never", ChannelDecision.Adopt, Now.AddHours(1));
        await store.WriteAsync(session => Measures.LiftAsync(session, all.Id, "ann", Now.AddHours(2), "Settled."));
        (await ToldAsync(all.Id, "measure.lifted")).ShouldBe(["bytes", "bytes-labs", "bytes-media", "never", "owner", "reseller", "soon"]);

        Task<IReadOnlyList<string>> ToldAsync(string id, string topic = "measure.started") => store.ReadAsync(session => session.QueryAsync<string>(
            "select organisation from notice where topic = @topic and data like @id order by organisation", new { topic, id = $"%{id}%" }));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Suspensions_of_an_older_store_hold_on_for_the_family_of_that_day(StoreKind kind)
    {
        var (folder, connection) = kind == StoreKind.Sqlite ? (stores.NewFolder(), "") : ("", await stores.NewDatabaseAsync());
        await using (var store = await OpenAsync())
        {
            await store.WriteAsync(async session =>
            {
                await PartyRegister.DeclareAsync(
                    session, [ConductScene.Company("owner"), ConductScene.Company("bytes"), ConductScene.Company("bytes-labs", "bytes"), ConductScene.Company("bytes-media", "bytes-labs")],
                    [new Channel("direct", "Direct", ChannelKind.Direct, "owner")], [], []);
                foreach (var statement in (string[])
                [
                    "drop table measure_decision", "drop table measure_member", "drop table measure", "delete from schema_step where number in (24, 73)",
                    """
                    create table measure(id text primary key, family text not null references organisation(id), owner text not null references organisation(id), level text not null,
                        reason text not null, proposed_by text not null, starts_at bigint not null, lifted_at bigint, lifted_by text)
                    """,
                    "create index measure_by_family on measure(family, owner)",
                    $"insert into measure values('old', 'bytes', 'owner', 'Suspend', 'Spam.', 'operator', {Now.ToMicros()}, null, null)",
                    $"insert into measure values('older', 'bytes', 'owner', 'Suspend', 'Spam.', 'operator', {Now.ToMicros()}, {Now.ToMicros()}, 'operator')",
                ])
                {
                    await session.ExecuteAsync(statement);
                }

                return 0;
            });
        }

        await using var migrated = await OpenAsync();
        await migrated.MoveAsync("bytes-labs", null);

        JsonSerializer.Serialize((await migrated.StandingAsync()).Find("bytes-media", "owner", "m1", "direct").ShouldHaveSingleItem().Measure).ShouldBe(JsonSerializer.Serialize(
            new Measure("old", "bytes", "owner", MeasureLevel.Suspend, "Spam.", "operator", Now, Now)
            {
                ApprovedBy = "operator", ApprovedAt = Now, Urgency = "before approvals were recorded",
            }));
        (await migrated.ReadAsync(Measures.ReadMembersAsync)).Select(static member => member.Organisation).ShouldBe(["bytes", "bytes-labs", "bytes-media"]);

        Task<Store> OpenAsync() => kind == StoreKind.Sqlite ? Store.OpenFolderAsync(folder) : Store.OpenPostgresAsync(connection);
    }

    private sealed record Told(string Topic, string Organisation, string Body, string Data);
}
