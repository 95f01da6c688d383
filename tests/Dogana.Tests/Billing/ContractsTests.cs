using Dogana.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

public sealed class ContractsTests(StoreFixture stores)
{
    private static readonly DateTimeOffset January = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset June = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Contract First = new("pacific-1", "pacific", "direct", "list", January, June);
    private static readonly Contract Second = new("pacific-2", "pacific", "direct", "list", June, null);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task One_contract_ends_where_the_next_begins(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);

        var created = await DeclareAsync(world, January.AddDays(-1), First, Second);
        var again = await DeclareAsync(world, June, First, Second with { From = June.ToOffset(TimeSpan.FromHours(2)) });

        created.ShouldAllBe(change => change.Kind == ChangeKind.Created);
        again.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        var table = await world.Store.ReadAsync(Contracts.ReadAsync);
        table.InForce("pacific", "direct", January.AddTicks(-1)).ShouldBeNull();
        table.InForce("pacific", "direct", January)!.Id.ShouldBe(First.Id);
        table.InForce("pacific", "direct", June.AddTicks(-1))!.Id.ShouldBe(First.Id);
        table.InForce("pacific", "direct", June)!.Id.ShouldBe(Second.Id);
        table.InForce("pacific", "other", June).ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Two_in_force_at_once_are_refused(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await DeclareAsync(world, January, First);

        var refused = await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, January, Second with { From = June.AddTicks(-10) }));

        refused.Problem.Code.ShouldBe(ProblemCode.Conflict);
        refused.Message.ShouldContain("'pacific-1'");
        refused.Message.ShouldContain("'pacific-2'");
        await DeclareAsync(world, January, Second with { Channel = "resale", From = January.AddDays(-700), To = January.AddDays(-600) }); // another channel
    }

    [Fact]
    public async Task A_contract_that_has_begun_can_only_be_ended()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await DeclareAsync(world, January, First);

        (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, January, First with { PriceBook = "yen" }))).Message.ShouldContain("End it with 'to'");
        (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, January, First with { From = January.AddDays(-1) }))).Message.ShouldContain("has begun");
        (await DeclareAsync(world, January, First with { To = January.AddDays(9) })).ShouldHaveSingleItem().Kind.ShouldBe(ChangeKind.Updated);
    }

    [Fact]
    public async Task What_a_contract_names_must_exist()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);

        (await RefusedAsync(First with { Organisation = "nobody" })).ShouldContain("no organisation 'nobody'");
        (await RefusedAsync(First with { Channel = "none" })).ShouldContain("no channel 'none'");
        (await RefusedAsync(First with { PriceBook = "none" })).ShouldContain("no price book 'none'");
        (await RefusedAsync(First with { To = January })).ShouldContain("ends before it begins");

        async Task<string> RefusedAsync(Contract contract) =>
            (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, January, contract))).Problem.Message;
    }

    private static Task<IReadOnlyList<Change>> DeclareAsync(MoneyWorld world, DateTimeOffset now, params IReadOnlyList<Contract> contracts) =>
        world.Store.WriteAsync(session => Contracts.DeclareAsync(session, MoneyWorld.Parties, contracts, now));
}
