using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

/// <summary>A store with two model owners, a reseller, and the family bytes ← bytes-labs ← bytes-media, which buys direct and on the cloud.</summary>
internal static class ConductScene
{
    public static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static readonly string[] Organisations = ["owner", "other-owner", "reseller", "other", "bytes", "bytes-labs", "bytes-media"];

    public static async Task<Store> OpenSceneAsync(this StoreFixture stores, StoreKind kind, MeasureFlow flow = MeasureFlow.Binding, int reviewHours = 72)
    {
        var store = await stores.OpenAsync(kind);
        await store.WriteAsync(session => PartyRegister.DeclareAsync(
            session,
            [Company("owner"), Company("other-owner"), Company("reseller"), Company("other"), Company("bytes"), Company("bytes-labs", "bytes"), Company("bytes-media", "bytes-labs")],
            [
                new Channel("direct", "Direct", ChannelKind.Direct, "owner"), new Channel("cloud", "Cloud", ChannelKind.Reseller, "reseller"),
                new Channel("street", "Street", ChannelKind.Reseller, "reseller"),
            ],
            [new Agreement("owner-cloud", "owner", "cloud", flow) { ReviewTime = flow == MeasureFlow.Review ? TimeSpan.FromHours(reviewHours) : null }],
            [new Project("lab", "bytes-labs", "direct"), new Project("app", "bytes-media", "cloud")]));
        await store.WriteAsync(session => CatalogRegister.DeclareAsync(
            session,
            [new Model("m1", "owner", ModelKind.Chat, 100, 10), new Model("m2", "owner", ModelKind.Chat, 100, 10), new Model("m3", "other-owner", ModelKind.Chat, 100, 10)],
            [], [], []));
        return store;
    }

    public static Organisation Company(string id, string? parent = null) => new(id, id, "SG", "Asia/Singapore", parent);

    public static Task<IReadOnlyList<Change>> MoveAsync(this Store store, string organisation, string? parent) =>
        store.WriteAsync(session => PartyRegister.DeclareAsync(session, [Company(organisation, parent)], [], [], []));

    public static async Task<Measure> SuspendAsync(this Store store, string organisation, DateTimeOffset? now = null) =>
        (await store.WriteAsync(session => Measures.SuspendAsync(session, organisation, "owner", "Outputs trained a competing model.", "ann", now ?? Now))).Value;

    public static async Task<Measure> TakeAsync(this Store store, MeasureProposal proposal, DateTimeOffset? now = null)
    {
        var proposed = (await store.WriteAsync(session => Measures.ProposeAsync(session, proposal, "ann", now ?? Now))).Value;
        return (await store.WriteAsync(session => Measures.ApproveAsync(session, proposed.Id, "berta", now ?? Now))).Value;
    }

    public static Task<Outcome<MeasureDecision>> DecideAsync(this Store store, Measure measure, string channel, ChannelDecision decision, DateTimeOffset now) =>
        store.WriteAsync(session => MeasureDecisions.DecideAsync(session, measure.Id, channel, decision, "Looked into it.", "carl", now));

    public static Task<StandingTable> StandingAsync(this Store store, DateTimeOffset? at = null) =>
        store.ReadAsync(async session => await StandingTable.ReadAsync(session, await PartyRegister.ReadAsync(session), at ?? Now));

    public static Task<IReadOnlyList<string>> ActionsAsync(this Store store) =>
        store.ReadAsync(session => session.QueryAsync<string>("select action from audit_event order by sequence"));

    /// <summary>All that the table says of every call there could be.</summary>
    public static string Dump(this StandingTable table, IEnumerable<string> organisations, IEnumerable<string> owners, IEnumerable<string> models, IEnumerable<string> channels) => string.Join('\n',
        from organisation in organisations
        from owner in owners
        from model in models
        from channel in channels
        select $"{organisation} {owner} {model} {channel}: {string.Join(", ", table.Find(organisation, owner, model, channel).Select(static item => $"{item.Measure.Id} {item.Member}"))}");
}
