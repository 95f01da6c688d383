using Dogana.Conduct;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

public sealed class StandingTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_suspension_reaches_the_whole_family_on_every_bound_channel_and_nobody_else(StoreKind kind)
    {
        await using var store = await OpenAsync(kind, MeasureFlow.Binding);
        await SuspendAsync(store, "bytes-labs");
        var standing = await StandingAsync(store);

        standing.Find("bytes-labs", "owner", "direct", Now).ShouldNotBeNull();
        standing.Find("bytes", "owner", "cloud", Now)!.Family.ShouldBe("bytes");
        standing.Find("bytes-media", "owner", "cloud", Now).ShouldNotBeNull();
        standing.Find("other", "owner", "cloud", Now).ShouldBeNull();
        standing.Find("bytes", "other-owner", "cloud", Now).ShouldBeNull("another owner's models go on serving");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_channel_whose_agreement_says_none_goes_on_selling(StoreKind kind)
    {
        await using var store = await OpenAsync(kind, MeasureFlow.None);
        await SuspendAsync(store, "bytes");
        var standing = await StandingAsync(store);

        standing.Find("bytes", "owner", "cloud", Now).ShouldBeNull();
        standing.Find("bytes", "owner", "direct", Now).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Lifting_restores_what_was_and_both_steps_are_audited(StoreKind kind)
    {
        await using var store = await OpenAsync(kind, MeasureFlow.Binding);
        var measure = await SuspendAsync(store, "bytes");
        (await SuspendAsync(store, "bytes-media")).Id.ShouldBe(measure.Id, "the family has one standing");

        await store.WriteAsync(session => Measures.LiftAsync(session, measure.Id, "me", Now));

        (await StandingAsync(store)).Find("bytes", "owner", "direct", Now).ShouldBeNull();
        (await store.ReadAsync(session => session.QueryAsync<string>("select action from audit_event order by sequence"))).ShouldBe(["measure.suspend", "measure.lift"]);
    }

    [Fact]
    public async Task A_suspension_without_a_reason_or_of_nobody_is_refused()
    {
        await using var store = await OpenAsync(StoreKind.Sqlite, MeasureFlow.Binding);

        (await store.WriteAsync(session => Measures.SuspendAsync(session, "bytes", "owner", " ", "me", Now))).Problem!.Param.ShouldBe("reason");
        (await store.WriteAsync(session => Measures.SuspendAsync(session, "nobody", "owner", "why", "me", Now))).Problem!.Code.ShouldBe(ProblemCode.NotFound);
    }

    private static async Task<Measure> SuspendAsync(Store store, string organisation) =>
        (await store.WriteAsync(session => Measures.SuspendAsync(session, organisation, "owner", "Outputs were used to train a competing model.", "me", Now))).Value;

    private static Task<StandingTable> StandingAsync(Store store) =>
        store.ReadAsync(async session => new StandingTable(await Measures.ReadAsync(session), await PartyRegister.ReadAsync(session)));

    private async Task<Store> OpenAsync(StoreKind kind, MeasureFlow flow)
    {
        var store = await stores.OpenAsync(kind);
        await store.WriteAsync(session => PartyRegister.DeclareAsync(
            session,
            [
                Company("owner", null), Company("other-owner", null), Company("reseller", null), Company("other", null),
                Company("bytes", null), Company("bytes-labs", "bytes"), Company("bytes-media", "bytes-labs"),
            ],
            [new Channel("direct", "Direct", ChannelKind.Direct, "owner"), new Channel("cloud", "Cloud", ChannelKind.Reseller, "reseller")],
            [new Agreement("owner-cloud", "owner", "cloud", flow)],
            []));
        return store;

        static Organisation Company(string id, string? parent) => new(id, id, "SG", "Asia/Singapore", parent);
    }
}
