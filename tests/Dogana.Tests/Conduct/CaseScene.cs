using Dogana.Conduct;
using Dogana.Parties;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Terms;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

/// <summary>The scene of measures with published terms, a key ring, and findings about <c>bytes-media</c>, which buys on the cloud.</summary>
internal static class CaseScene
{
    public static readonly ConductAccount Media = new("bytes-media", "owner");

    public static readonly StatementOfReasons Reasons = new("420 of 500 requests compared answers. So did other.", "use@1", "4.2");

    public static async Task<Store> OpenCaseSceneAsync(this StoreFixture stores, StoreKind kind, MeasureFlow flow = MeasureFlow.Binding, ConductSettings? settings = null)
    {
        var store = await stores.OpenSceneAsync(kind, flow);
        await store.WriteAsync(async session => await TermsRegister.DeclareAsync(
            session, await PartyRegister.ReadAsync(session),
            [new UsageTerms("use", "Terms of use", "owner", null, null, [new TermsVersion("use", "1", ConductScene.Now.AddDays(-1), null, true, false, true, false, false) { TextUrl = "https://owner.example/1" }])],
            [], [], ConductScene.Now.AddDays(-2)));
        if (settings is not null)
        {
            await store.WriteAsync(session => ConductSettings.DeclareAsync(session, [settings]));
        }

        return store;
    }

    public static Task<KeyRing> OpenRingAsync(this StoreFixture stores, Store store) =>
        KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(stores.NewFolder(), MasterKey.FileName), MayCreate: true), TimeProvider.System);

    public static ConductFinding Found(FindingStrength strength = FindingStrength.Strong, string signature = "judge.pairwise") => new(
        Media, Detector.JudgeTemplate, signature, "3", strength, ConductScene.Now.AddDays(-3), ConductScene.Now.AddHours(-1), 420, 500, 400,
        "420 pairwise comparisons of answers, in step with other.", "An evaluation that the terms permit.")
    {
        CallIds = ["call-1", "call-2"], BenignPercentile = 99.5, BenignAccounts = 720, Linked = ["other"], LinkingFact = "The same network as other.",
    };

    public static async Task<ConductSignal> RecordAsync(this Store store, ConductFinding finding, DateTimeOffset now) =>
        (await store.WriteAsync(session => ConductSignals.RecordAsync(session, finding, now))).Value;

    public static Task<Outcome<ConductCase>> TryAsync(this Store store, string id, CaseCommand command, string actor, DateTimeOffset now, CaseSide side = CaseSide.Platform) =>
        store.WriteAsync(session => ConductCases.DoAsync(session, id, command, actor, side, now));

    public static async Task<ConductCase> DoAsync(this Store store, string id, CaseCommand command, string actor, DateTimeOffset now, CaseSide side = CaseSide.Platform)
    {
        var done = await store.TryAsync(id, command, actor, now, side);
        done.Problem.ShouldBeNull(done.Problem?.Message);
        return done.Value;
    }

    public static Task<int> TickAsync(this Store store, DateTimeOffset now) => store.WriteAsync(session => ConductCases.RunDueAsync(session, now));

    public static async Task<string> StandsAsync(this Store store, DateTimeOffset at) =>
        (await store.StandingAsync(at)).Dump(ConductScene.Organisations, ["owner"], ["m1", "m2"], ["direct", "cloud", "street"]);

    public static Task<IReadOnlyList<string>> ToldAsync(this Store store, string organisation) =>
        store.ReadAsync(session => session.QueryAsync<string>("select topic from notice where organisation = @organisation order by created_at, id", new { organisation }));
}
