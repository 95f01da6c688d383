using Dogana.Conduct;
using Dogana.Parties;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

public sealed class StandingTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = ConductScene.Now;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_suspension_reaches_the_whole_family_on_every_bound_channel_and_nobody_else(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Binding);
        await store.SuspendAsync("bytes-labs");
        var standing = await store.StandingAsync();

        standing.Find("bytes-labs", "owner", "m1", "direct").Count.ShouldBe(1);
        standing.Find("bytes", "owner", "m1", "cloud").ShouldHaveSingleItem().Measure.Organisation.ShouldBe("bytes-labs");
        standing.Find("bytes-media", "owner", "m2", "cloud").Count.ShouldBe(1);
        standing.Find("bytes", "owner", "m1", "street").Count.ShouldBe(1, "what is not agreed is not allowed");
        standing.Find("other", "owner", "m1", "cloud").ShouldBeEmpty();
        standing.Find("bytes", "other-owner", "m3", "cloud").ShouldBeEmpty("another owner's models go on serving");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_channel_whose_agreement_says_none_goes_on_selling_until_its_seller_adopts(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.None);
        var measure = await store.SuspendAsync("bytes");
        var standing = await store.StandingAsync();

        standing.Find("bytes", "owner", "m1", "cloud").ShouldBeEmpty();
        standing.Find("bytes", "owner", "m1", "direct").Count.ShouldBe(1);
        standing.Of("bytes").Single(static item => item.Channel == "cloud").Reach.ShouldBe(MeasureReach.NotCarried);

        (await store.DecideAsync(measure, "cloud", ChannelDecision.Adopt, Now.AddDays(30))).Problem.ShouldBeNull();
        (await store.StandingAsync(Now.AddDays(30))).Find("bytes", "owner", "m1", "cloud").Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Silence_lets_a_measure_hold_to_the_microsecond_when_the_review_is_over(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Review, reviewHours: 72);
        await store.SuspendAsync("bytes");
        var end = Now.AddHours(72);
        var before = await store.StandingAsync(end.AddMicroseconds(-1));

        before.Find("bytes", "owner", "m1", "cloud").ShouldBeEmpty();
        before.Of("bytes").Where(static item => item.Channel == "cloud").Select(static item => (item.Reach, item.ReachChangesAt)).ShouldBe([(MeasureReach.UnderReview, (DateTimeOffset?)end)]);
        before.NextChange.ShouldBe(end);
        (await store.StandingAsync(end)).Find("bytes", "owner", "m1", "cloud").Count.ShouldBe(1);
        (await store.StandingAsync(end)).NextChange.ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_seller_changes_its_mind_while_it_has_time_and_can_only_adopt_after_that(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Review, reviewHours: 72);
        var measure = await store.SuspendAsync("bytes");
        var end = Now.AddHours(72);

        (await store.DecideAsync(measure, "cloud", ChannelDecision.Adopt, Now.AddHours(1))).Problem.ShouldBeNull();
        (await store.StandingAsync(Now.AddHours(1))).Find("bytes", "owner", "m1", "cloud").Count.ShouldBe(1);
        (await store.DecideAsync(measure, "cloud", ChannelDecision.Decline, end.AddMicroseconds(-1))).Problem.ShouldBeNull();
        (await store.StandingAsync(end.AddYears(1))).Find("bytes", "owner", "m1", "cloud").ShouldBeEmpty("declined in time");
        (await store.DecideAsync(measure, "cloud", ChannelDecision.Adopt, end.AddDays(1))).Problem.ShouldBeNull();
        var late = (await store.DecideAsync(measure, "cloud", ChannelDecision.Decline, end)).Problem!;

        late.Code.ShouldBe(ProblemCode.Conflict);
        late.Message.ShouldContain("To object, write to 'owner'.");
        (await store.StandingAsync(end.AddDays(1))).Find("bytes", "owner", "m1", "cloud").Count.ShouldBe(1);
        (await store.ActionsAsync()).ShouldBe(["measure.suspend", "measure.decide", "measure.decide", "measure.decide"]);
        (await store.DecideAsync(measure, "direct", ChannelDecision.Decline, Now)).Problem!.Message.ShouldContain("the owner's own channel");
        (await store.DecideAsync(measure, "street", ChannelDecision.Decline, Now)).Problem!.Message.ShouldContain("no agreement");
        (await store.DecideAsync(measure, "nowhere", ChannelDecision.Decline, Now)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
    }

    [Fact]
    public async Task Nothing_is_decided_where_a_measure_is_binding()
    {
        await using var store = await stores.OpenSceneAsync(StoreKind.Sqlite, MeasureFlow.Binding);
        var measure = await store.SuspendAsync("bytes");

        var refused = (await store.DecideAsync(measure, "cloud", ChannelDecision.Decline, Now)).Problem!;

        (refused.Code, refused.Message.Contains("binding", StringComparison.Ordinal)).ShouldBe((ProblemCode.Conflict, true));
    }

    [Fact]
    public async Task The_hardest_measure_comes_first_and_one_for_named_models_reaches_only_those()
    {
        await using var store = await stores.OpenSceneAsync(StoreKind.Sqlite);
        await store.TakeAsync(new MeasureProposal("bytes", "owner", MeasureLevel.Warn, "First."));
        await store.TakeAsync(new MeasureProposal("bytes", "owner", MeasureLevel.Terminate, "Fifth.") { Models = ["m2"] });
        await store.TakeAsync(new MeasureProposal("bytes", "owner", MeasureLevel.Limit, "Third.") { TokensPerDay = 10, Channels = ["direct"] });
        await store.TakeAsync(new MeasureProposal("bytes-labs", "owner", MeasureLevel.Throttle, "Second.") { RequestsPerMinute = 1 });
        var standing = await store.StandingAsync();

        Reasons("m1", "direct").ShouldBe(["Third.", "Second.", "First."]);
        Reasons("m2", "direct").ShouldBe(["Fifth.", "Third.", "Second.", "First."]);
        Reasons("m2", "cloud").ShouldBe(["Fifth.", "Second.", "First."]);

        IEnumerable<string> Reasons(string model, string channel) => standing.Find("bytes-media", "owner", model, channel).Select(static item => item.Measure.Reason);
    }

    [Fact]
    public async Task A_refusal_says_why_and_names_nobody_else_of_the_family()
    {
        await using var store = await stores.OpenSceneAsync(StoreKind.Sqlite);
        var measure = await store.SuspendAsync("bytes-labs");
        var parties = await store.ReadAsync(PartyRegister.ReadAsync);
        var standing = await store.StandingAsync();

        var own = standing.Find("bytes-labs", "owner", "m1", "direct")[0].Refusal("bytes-labs", parties)!;
        var affiliate = standing.Find("bytes-media", "owner", "m1", "cloud")[0];

        (own.Code, own.Message).ShouldBe((
            ProblemCode.Suspended,
            $"Your organisation's use of the models of owner is suspended since 2026-01-31: Outputs trained a competing model. (measure {measure.Id}, against your organisation, on the channel 'direct'). To object, write to the seller of this channel."));
        affiliate.Refusal("bytes-media", parties)!.Message.ShouldContain("against your corporate family");
        affiliate.Refusal("bytes-media", parties)!.Message.ShouldNotContain("bytes");
        (affiliate with { Measure = measure with { Level = MeasureLevel.Terminate } }).Refusal("bytes-media", parties)!.Code.ShouldBe(ProblemCode.Terminated);
        (affiliate with { Measure = measure with { Level = MeasureLevel.Warn } }).Refusal("bytes-media", parties).ShouldBeNull();
        (affiliate with { Member = Certainty.Unknown }).Refusal("bytes-media", parties).ShouldBeNull("what follows from not knowing is decided elsewhere");
    }

    [Fact]
    public async Task Finding_allocates_nothing()
    {
        await using var store = await stores.OpenSceneAsync(StoreKind.Sqlite);
        await store.SuspendAsync("bytes");
        var standing = await store.StandingAsync();
        Ask();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Ask()
        {
            for (var times = 0; times < 1_000; times++)
            {
                _ = standing.Find("other", "owner", "m1", "direct");
                _ = standing.Find("bytes-media", "owner", "m1", "direct");
            }
        }
    }
}
