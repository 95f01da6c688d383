using Dogana.Conduct;
using Dogana.Parties;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

[Trait("Category", "slow")]
public sealed class StandingPropertyTests(StoreFixture stores)
{
    [Fact]
    public void Every_call_finds_what_the_rules_say_and_nothing_changes_before_the_next_change()
    {
        var (holding, empty, early) = (0, 0, 0);
        for (var seed = 0; seed < 2_500; seed++)
        {
            var world = new RandomStanding(seed);
            var table = world.Table(world.At);
            foreach (var (organisation, owner, model, channel) in Calls())
            {
                var found = table.Find(organisation, owner, model, channel).Select(static item => item.Measure.Id).ToArray();
                found.ShouldBe(world.Holding(organisation, owner, model, channel, world.At), $"seed {seed}: {organisation} {owner} {model} {channel} at {world.At:O}");
                _ = found.Length > 0 ? holding++ : empty++;
            }

            foreach (var later in world.Instants.Where(instant => instant > world.At && !(instant >= table.NextChange)))
            {
                early++;
                foreach (var (organisation, owner, model, channel) in Calls())
                {
                    world.Holding(organisation, owner, model, channel, later).ShouldBe(
                        table.Find(organisation, owner, model, channel).Select(static item => item.Measure.Id), $"seed {seed}: changed at {later:O}, before {table.NextChange:O}");
                }
            }
        }

        // The worlds are such that the check can fail.
        holding.ShouldBeGreaterThan(20_000);
        empty.ShouldBeGreaterThan(20_000);
        early.ShouldBeGreaterThan(500);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Lifting_restores_exactly_what_was(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind, MeasureFlow.Review);
        var at = ConductScene.Now.AddDays(10);
        var differed = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var before = Dump(await store.StandingAsync(at));
            var measure = await store.TakeAsync(Proposal(random));
            if (random.Next(2) == 0)
            {
                await store.DecideAsync(measure, "cloud", (ChannelDecision)random.Next(1, 3), ConductScene.Now.AddHours(1));
            }

            differed += Dump(await store.StandingAsync(at)) == before ? 0 : 1;
            var lifted = await store.WriteAsync(session => Measures.LiftAsync(session, measure.Id, "ann", ConductScene.Now.AddHours(2), "Over."));

            lifted.Problem.ShouldBeNull($"seed {seed}");
            Dump(await store.StandingAsync(at)).ShouldBe(before, $"seed {seed}");
            await store.TakeAsync(Proposal(random)); // something stays, so that the next one is taken beside it
        }

        differed.ShouldBeGreaterThan(20);
    }

    private static MeasureProposal Proposal(Random random)
    {
        var level = (MeasureLevel)random.Next(1, 6);
        string[] families = ["bytes", "bytes-media", "other", "reseller"];
        return new MeasureProposal(families[random.Next(families.Length)], "owner", level, "Why.")
        {
            Models = random.Next(2) == 0 ? ["*"] : ["m1"],
            Channels = random.Next(2) == 0 ? ["*"] : ["cloud", "direct"],
            RequestsPerMinute = level == MeasureLevel.Throttle ? 5 : null,
            TokensPerDay = level == MeasureLevel.Limit ? 5 : null,
        };
    }

    private static string Dump(StandingTable table) => table.Dump(ConductScene.Organisations, ["owner", "other-owner"], ["m1", "m2", "m3"], ["direct", "cloud", "street"]);

    private static IEnumerable<(string Organisation, string Owner, string Model, string Channel)> Calls() =>
        from organisation in RandomStanding.Customers
        from owner in RandomStanding.Owners
        from model in RandomStanding.Models
        from channel in RandomStanding.Channels
        select (organisation, owner, model, channel);
}
