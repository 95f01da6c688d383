using Dogana.Limits;
using Dogana.Metering;
using Dogana.Tests.Storage;
using static Dogana.Tests.Limits.BudgetScene;

namespace Dogana.Tests.Limits;

/// <summary>What budgets count is what usage was charged with: once, to the last digit, whoever ships it and whatever dies.</summary>
public sealed class BudgetPostingTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Spend_is_the_sum_of_charges_of_the_scope_however_often_and_in_whatever_parts_it_is_shipped(StoreKind kind)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            await using var scene = await BudgetScene.OpenAsync(stores, kind);
            var random = new Random(seed);
            await scene.SetAsync(Monthly("acme", 5));
            await scene.SetAsync(Monthly("acme-soft", 1) with { Kind = BudgetKind.Soft });
            await scene.SetAsync(Monthly("shop", 5, BudgetScope.Project, "acme-shop"));
            await scene.SetAsync(Prepaid("prepaid", 100));
            await scene.SetAsync(Monthly("euro", 5) with { Amount = new Money(5, Currency.Of("EUR")) });
            await scene.SetAsync(Monthly("lumen", 5, subject: "lumen"));
            var began = scene.Now;

            // Charges down to 10⁻¹², of calls around the month's edge in Paris, of two nodes, some of them in another currency or of nothing.
            UsageRecord[] records = [.. Enumerable.Range(0, 400).Select(i =>
            {
                var record = scene.Record(
                    $"node-{random.Next(2)}", random.Next(5) == 0 ? 0 : random.NextInt64(1, 2_000_000_000_000) / 1_000_000_000_000m,
                    random.Next(3) switch { 0 => "acme-shop", 1 => "acme-lab", _ => "lumen-app" }, began.AddDays(random.Next(-40, 40)));
                return random.Next(10) switch
                {
                    0 => record with { Charge = new Money(record.Charge!.Value.Amount, Currency.Of("EUR")) },
                    1 => record with { Charge = null, Ending = CallEnding.Interrupted },
                    _ => record,
                };
            })];
            var left = new List<UsageRecord>([.. records, .. records]); // all of it twice
            while (left.Count > 0)
            {
                var batch = Enumerable.Range(0, Math.Min(left.Count, random.Next(1, 60))).Select(_ => random.Next(left.Count)).Distinct().OrderDescending().Select(at =>
                {
                    var record = left[at];
                    left.RemoveAt(at);
                    return record;
                }).ToArray();
                await scene.ShipAsync(batch);
            }

            var paris = LimitPeriod.Month("Europe/Paris").At(began);
            var singapore = LimitPeriod.Month("Asia/Singapore").At(began);
            await SpentAsync("acme", record => record.Organisation == "acme" && paris.Holds(record.OpenedAt), Usd);
            await SpentAsync("acme-soft", record => record.Organisation == "acme" && paris.Holds(record.OpenedAt), Usd);
            await SpentAsync("shop", record => record.Project == "acme-shop" && paris.Holds(record.OpenedAt), Usd);
            await SpentAsync("prepaid", record => record.Organisation == "acme" && record.OpenedAt >= began, Usd);
            await SpentAsync("euro", record => record.Organisation == "acme" && paris.Holds(record.OpenedAt), Currency.Of("EUR"));
            await SpentAsync("lumen", record => record.Organisation == "lumen" && singapore.Holds(record.OpenedAt), Usd);

            // And what is declared afterwards finds the same.
            var later = await scene.SetAsync(Monthly("later", 5));
            later.Spent.ShouldBe((await scene.FindAsync("acme")).Spent);
            later.Spent.Pico.ShouldNotBe(0);

            async Task SpentAsync(string budget, Func<UsageRecord, bool> isOf, Currency currency) => (await scene.FindAsync(budget)).Spent.ShouldBe(
                Money.Sum(records.Where(record => isOf(record) && record.Charge?.Currency == currency).Select(static record => record.Charge!.Value), currency), $"{budget}, seed {seed}");
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_two_nodes_hold_and_what_is_spent_never_overlap(StoreKind kind)
    {
        await using var scene = await BudgetScene.OpenAsync(stores, kind);
        await scene.SetAsync(Monthly("acme", 10));
        using var first = await scene.StartAsync("n1");
        using var second = await scene.StartAsync("n2");

        var (a, b) = ((await first.ReserveAsync(3)).Value, (await second.ReserveAsync(4)).Value);
        var records = new[] { first.Close(a, 1.25m), second.Close(b, 4.5m) }; // the second beyond what was held
        await scene.ShipAsync(records[0]);
        await first.RestAsync();
        await scene.ShipAsync(records[1]);
        await second.RestAsync();

        var state = await scene.FindAsync("acme");
        (state.Spent, state.Held, state.Left).ShouldBe((Dollars(5.75m), Dollars(0), Dollars(4.25m)));
        (await first.ReserveAsync(4.26m)).Problem!.Code.ShouldBe(ProblemCode.OrganisationSpendLimit);
        (await second.ReserveAsync(4.25m)).Problem.ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task After_a_crash_with_open_calls_the_next_life_has_exactly_what_is_not_spent(StoreKind kind)
    {
        await using var scene = await BudgetScene.OpenAsync(stores, kind);
        await scene.SetAsync(Monthly("acme", 10));
        UsageRecord unshipped;
        using (var crashed = await scene.StartAsync("n1"))
        {
            (await crashed.ReserveAsync(5)).Problem.ShouldBeNull(); // open for ever
            var closed = (await crashed.ReserveAsync(3)).Value;
            unshipped = crashed.Close(closed, 2.5m);
            await crashed.TurnAsync(seconds: 2);
            (await scene.FindAsync("acme")).Left.ShouldBeLessThanOrEqualTo(Dollars(2.5m));
        }

        using var again = await scene.StartAsync("n1", () => scene.ShipAsync(unshipped, scene.Record("n1", 0) with { Charge = null, Ending = CallEnding.Interrupted }));
        var state = await scene.FindAsync("acme");
        (state.Spent, state.Held, state.Left).ShouldBe((Dollars(2.5m), Dollars(0), Dollars(7.5m)));
        (await again.ReserveAsync(7.5m)).Problem.ShouldBeNull();
        (await again.ReserveAsync(0.01m)).Problem!.Code.ShouldBe(ProblemCode.OrganisationSpendLimit);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_lost_node_is_forgotten_with_all_it_held_and_charged_what_it_used_when_it_comes_back(StoreKind kind)
    {
        await using var scene = await BudgetScene.OpenAsync(stores, kind);
        await scene.SetAsync(Monthly("acme", 10) with { Alerts = [new BudgetAlert(50, IsPercent: true)] });
        using var other = await scene.StartAsync("n2");
        UsageRecord unshipped;
        using (var lost = await scene.StartAsync("n1"))
        {
            (await lost.ReserveAsync(5)).Problem.ShouldBeNull();
            unshipped = lost.Close((await lost.ReserveAsync(1)).Value, 0.75m);
        }

        (await ForgetAsync(isForced: false)).Problem!.Message.ShouldContain("--force");
        scene.Clock.Move(Node.LostAfter + TimeSpan.FromSeconds(1));
        (await scene.Store.ReadAsync(Nodes.ListAsync)).Select(node => (node.Name, node.LivenessAt(scene.Now))).ShouldContain(("n1", NodeLiveness.Lost));
        var held = (await scene.FindAsync("acme")).Held;
        held.ShouldBeGreaterThanOrEqualTo(Dollars(5.75m));

        (await ForgetAsync(isForced: false)).Value.LivenessAt(scene.Now).ShouldBe(NodeLiveness.Forgotten);
        (await ForgetAsync(isForced: false)).Problem.ShouldBeNull();
        var charged = await scene.FindAsync("acme");
        (charged.Spent, charged.Held).ShouldBe((held, Dollars(0)));
        charged.Alerts.Single().CrossedAt.ShouldNotBeNull();
        (await other.ReserveAsync(charged.Left.Amount + 0.01m)).Problem!.Code.ShouldBe(ProblemCode.OrganisationSpendLimit);

        using var back = await scene.StartAsync("n1", () => scene.ShipAsync(unshipped));
        var actual = await scene.FindAsync("acme");
        (actual.Spent, actual.Left).ShouldBe((Dollars(0.75m), Dollars(9.25m) - actual.Held));
        actual.Alerts.Single().CrossedAt.ShouldBeNull("it is below again");
        (await back.ReserveAsync(9.25m)).Problem.ShouldBeNull();
        (await scene.Store.ReadAsync(static session => Dogana.Audit.AuditLog.ReadAsync(session, 10))).Count(static row => row.Action == "node.forget").ShouldBe(1);

        Task<Outcome<Node>> ForgetAsync(bool isForced) => scene.Store.WriteAsync(session => Nodes.ForgetAsync(session, "n1", isForced, "tester", scene.Now));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_node_that_is_forgotten_while_it_runs_begins_anew_with_what_its_open_calls_hold(StoreKind kind)
    {
        await using var scene = await BudgetScene.OpenAsync(stores, kind);
        await scene.SetAsync(Monthly("acme", 10));
        using var node = await scene.StartAsync("n1");
        var open = (await node.ReserveAsync(4)).Value;
        var before = node.Close((await node.ReserveAsync(2)).Value, 1.5m);
        (await scene.Store.WriteAsync(session => Nodes.ForgetAsync(session, "n1", isForced: true, "tester", scene.Now))).Problem.ShouldBeNull();
        await scene.ShipAsync(before);

        await node.TurnAsync(seconds: 2); // notices that its life is over
        await node.TurnAsync(); // begins the next, and says what it holds
        var state = await scene.FindAsync("acme");
        (state.Spent, state.Held, state.Left).ShouldBe((Dollars(1.5m), Dollars(4), Dollars(4.5m)));
        (await node.ReserveAsync(4.6m)).Problem!.Code.ShouldBe(ProblemCode.OrganisationSpendLimit);

        await scene.ShipAsync(node.Close(open, 3.25m));
        await node.RestAsync();
        var after = await scene.FindAsync("acme");
        (after.Spent, after.Held).ShouldBe((Dollars(4.75m), Dollars(0)));
        (await node.ReserveAsync(5.25m)).Problem.ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_budget_that_is_declared_while_calls_are_open_counts_what_they_use(StoreKind kind)
    {
        await using var scene = await BudgetScene.OpenAsync(stores, kind);
        using var node = await scene.StartAsync("n1");
        var (openedAt, early) = (scene.Now, scene.Record("n1", 1));
        await scene.ShipAsync(early);
        (await scene.SetAsync(Monthly("acme", 10))).Spent.ShouldBe(Dollars(1));

        // One ends before the node leases anything, one afterwards.
        var first = await node.CloseUnheldAsync(2, openedAt);
        var held = (await node.ReserveAsync(3)).Value;
        var second = await node.CloseUnheldAsync(1.5m, openedAt);
        await node.TurnAsync(seconds: 2);
        await scene.ShipAsync(first, second, node.Close(held, 2.5m));
        await node.RestAsync();

        var state = await scene.FindAsync("acme");
        (state.Spent, state.Held).ShouldBe((Dollars(7), Dollars(0)));
        (await node.ReserveAsync(3.01m)).Problem!.Code.ShouldBe(ProblemCode.OrganisationSpendLimit);
        (await node.ReserveAsync(3)).Problem.ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_budget_that_refuses_again_counts_what_was_spent_meanwhile(StoreKind kind)
    {
        await using var scene = await BudgetScene.OpenAsync(stores, kind);
        using var node = await scene.StartAsync("n1");
        await scene.SetAsync(Monthly("acme", 10));
        await scene.ShipAsync(node.Close((await node.ReserveAsync(2)).Value, 1));
        await scene.SetAsync(Monthly("acme", 10) with { Kind = BudgetKind.Soft });
        (await scene.LimitsAsync()).ShouldBeEmpty();
        await scene.ShipAsync(node.Close((await node.ReserveAsync(100)).Value, 6)); // nothing limits it

        await scene.SetAsync(Monthly("acme", 10));
        (await scene.FindAsync("acme")).Spent.ShouldBe(Dollars(7));
        (await node.ReserveAsync(3.01m)).Problem!.Code.ShouldBe(ProblemCode.OrganisationSpendLimit);
        (await node.ReserveAsync(3)).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_call_that_was_accepted_in_a_month_and_held_in_the_next_is_spent_in_its_own_alone()
    {
        await using var scene = await BudgetScene.OpenAsync(stores, StoreKind.Sqlite);
        var january = (await scene.SetAsync(Monthly("acme", 10))).Window;
        using var node = await scene.StartAsync("n1");
        scene.Clock.Move(january.End - scene.Now);

        var straddling = (await node.ReserveAsync(4)).Value;
        await scene.ShipAsync(node.Close(straddling, 3, openedAt: january.End.AddMilliseconds(-1)));
        await node.RestAsync();

        var february = await scene.FindAsync("acme");
        (february.Window.Start, february.Spent, february.Held).ShouldBe((january.End, Dollars(0), Dollars(0)));
        (await node.ReserveAsync(10)).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_budget_that_only_observes_serves_and_shows_what_is_spent()
    {
        await using var scene = await BudgetScene.OpenAsync(stores, StoreKind.Sqlite);
        await scene.SetAsync(Monthly("acme", 5) with { Mode = LimitMode.Observe });
        using var node = await scene.StartAsync("n1");

        foreach (var charge in new[] { 3m, 4m, 2m })
        {
            var call = (await node.ReserveAsync(4)).Value;
            await node.TurnAsync();
            await scene.ShipAsync(node.Close(call, charge));
            await node.RestAsync();
        }

        var state = await scene.FindAsync("acme");
        (state.Spent, state.Held, state.Left, state.Overrun).ShouldBe((Dollars(9), Dollars(0), Dollars(-4), Dollars(4)));

        await scene.SetAsync(Monthly("acme", 10));
        (await node.ReserveAsync(1.01m)).Problem!.Code.ShouldBe(ProblemCode.OrganisationSpendLimit);
        (await node.ReserveAsync(1)).Problem.ShouldBeNull();
    }
}
