using Dogana.Audit;
using Dogana.Limits;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;
using static Dogana.Tests.Limits.BudgetScene;

namespace Dogana.Tests.Limits;

/// <summary>Budgets as data: what may be declared and changed, and what their organisation is told.</summary>
public sealed class BudgetTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_threshold_is_told_once_in_a_month_and_again_when_a_top_up_lifted_it(StoreKind kind)
    {
        await using var scene = await BudgetScene.OpenAsync(stores, kind);
        await scene.SetAsync(Prepaid("prepaid", 10) with { Alerts = [new BudgetAlert(50, IsPercent: true), new BudgetAlert(8, IsPercent: false)] });

        await scene.ShipAsync(scene.Record("n1", 4.99m));
        (await scene.NoticesAsync()).ShouldBeEmpty();
        await scene.ShipAsync(scene.Record("n1", 0.01m));
        await scene.ShipAsync(scene.Record("n1", 1));
        (await scene.NoticesAsync()).ShouldBe(["The budget prepaid has reached 50%"]);
        var crossed = (await scene.FindAsync("prepaid")).Alerts;
        crossed.Select(static item => (item.Alert.ToString(), item.Amount, item.CrossedAt is not null)).ShouldBe([("50%", Dollars(5), true), ("8", Dollars(8), false)]);

        await TopUpAsync(10, "p-1");
        (await scene.FindAsync("prepaid")).Alerts[^1].ShouldSatisfyAllConditions(
            static item => item.Amount.ShouldBe(Dollars(10)), static item => item.CrossedAt.ShouldBeNull());
        scene.Clock.Move(TimeSpan.FromSeconds(1));
        await scene.ShipAsync(scene.Record("n1", 4));
        (await scene.NoticesAsync()).ShouldBe(
            ["The budget prepaid has reached 50%", "The budget prepaid has reached 50%", "The budget prepaid has reached 8"], ignoreOrder: true);

        // Beyond the budget: told once, also when it happens again.
        await scene.ShipAsync(scene.Record("n1", 15));
        await TopUpAsync(20, "p-2");
        await scene.ShipAsync(scene.Record("n1", 20));
        (await scene.NoticesAsync()).Count(static subject => subject == "The budget prepaid is overrun").ShouldBe(1);
        (await scene.FindAsync("prepaid")).ShouldSatisfyAllConditions(
            static state => state.Overrun.ShouldBe(Dollars(5)), static state => state.Left.ShouldBe(Dollars(-5)), static state => state.TopUps.Select(static item => item.Reference).ShouldBe(["p-1", "p-2"]));

        async Task TopUpAsync(decimal amount, string reference) =>
            (await scene.Store.WriteAsync(session => Budgets.TopUpAsync(session, "prepaid", amount, reference, "tester", scene.Now))).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_new_month_is_told_anew_and_a_declaration_tells_what_is_crossed_already()
    {
        await using var scene = await BudgetScene.OpenAsync(stores, StoreKind.Sqlite);
        await scene.ShipAsync(scene.Record("n1", 9));
        await scene.SetAsync(Monthly("acme", 10) with { Kind = BudgetKind.Soft, Alerts = [new BudgetAlert(80, IsPercent: true)] });
        var first = await scene.FindAsync("acme");
        await scene.ShipAsync(scene.Record("n1", 8, openedAt: first.Window.End), scene.Record("n1", 0.5m));

        var month = first.Window.Number;
        (await scene.NoticesAsync()).ShouldBe([Told(month), Told(month + 1)], ignoreOrder: true);
        first.Overrun.IsZero.ShouldBeTrue();

        static string Told(long number) => $"The budget acme has reached 80% in {number / 12:0000}-{number % 12 + 1:00}";
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_top_up_adds_once_whatever_is_repeated(StoreKind kind)
    {
        await using var scene = await BudgetScene.OpenAsync(stores, kind);
        await scene.SetAsync(Prepaid("prepaid", 10));

        (await TopUpAsync("prepaid", 5, "INV-1")).Value.Budget.Total.ShouldBe(Dollars(15));
        (await TopUpAsync("prepaid", 5, "INV-1")).Value.Budget.Total.ShouldBe(Dollars(15));
        (await TopUpAsync("prepaid", 6, "INV-1")).Problem!.Message.ShouldContain("was of 5.00 USD");
        (await TopUpAsync("prepaid", 0, "INV-2")).Problem!.Param.ShouldBe("amount");
        (await TopUpAsync("prepaid", 1, "")).Problem!.Param.ShouldBe("reference");
        (await TopUpAsync("nothing", 1, "INV-2")).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        await scene.SetAsync(Monthly("acme", 10));
        (await TopUpAsync("acme", 1, "INV-2")).Problem!.Message.ShouldContain("begins anew each month");

        // What was added stays when the budget is declared again.
        (await scene.SetAsync(Prepaid("prepaid", 20))).Budget.Total.ShouldBe(Dollars(25));
        (await scene.LimitsAsync()).Single(static limit => limit.Period.Kind == LimitPeriodKind.Once).Amount.ShouldBe(Limit.Parts(Dollars(25)));
        (await scene.Store.ReadAsync(static session => AuditLog.ReadAsync(session, 20))).Count(static row => row.Action == "budget.top_up").ShouldBe(1);

        Task<Outcome<BudgetState>> TopUpAsync(string id, decimal amount, string reference) =>
            scene.Store.WriteAsync(session => Budgets.TopUpAsync(session, id, amount, reference, "tester", scene.Now));
    }

    [Fact]
    public async Task A_budget_stays_what_it_is_and_a_removed_one_is_forgotten()
    {
        await using var scene = await BudgetScene.OpenAsync(stores, StoreKind.Sqlite);
        await scene.SetAsync(Monthly("acme", 10));
        await scene.ShipAsync(scene.Record("n1", 3));

        foreach (var other in new[]
        {
            Monthly("acme", 10, BudgetScope.Project, "acme-shop"), Monthly("acme", 10, subject: "lumen"), Prepaid("acme", 10), Monthly("acme", 10) with { Amount = new Money(10, Currency.Of("EUR")) },
        })
        {
            (await scene.TrySetAsync(other)).Problem!.Code.ShouldBe(ProblemCode.Conflict);
        }

        (await scene.TrySetAsync(Monthly("x", 10, BudgetScope.Project, "nothing"))).Problem!.Param.ShouldBe("project");
        (await scene.TrySetAsync(Monthly("x", 10, BudgetScope.Key, "nothing"))).Problem!.Param.ShouldBe("key");
        var version = await scene.Store.ReadConfigurationVersionAsync();
        (await scene.SetAsync(Monthly("acme", 10.00m))).Spent.ShouldBe(Dollars(3));
        (await scene.Store.ReadConfigurationVersionAsync()).ShouldBe(version);

        var limit = (await scene.LimitsAsync()).ShouldHaveSingleItem().Id;
        limit.ShouldStartWith("budget/acme/month/");
        (await scene.Store.WriteAsync(session => Budgets.RemoveAsync(session, "acme", "tester", scene.Now))).Value.Spent.ShouldBe(Dollars(3));
        (await scene.LimitsAsync()).ShouldBeEmpty();
        (await scene.SetAsync(Prepaid("acme", 10))).Spent.ShouldBe(Dollars(0));
        (await scene.LimitsAsync()).ShouldHaveSingleItem().Id.ShouldStartWith("budget/acme/once/");
    }

    [Fact]
    public async Task A_call_in_another_currency_is_refused_by_the_name_of_the_budget_and_never_unlimited()
    {
        await using var scene = await BudgetScene.OpenAsync(stores, StoreKind.Sqlite);
        var state = await scene.SetAsync(Monthly("euros", 10) with { Amount = new Money(10, Currency.Of("EUR")) });
        var budgets = new BudgetTable([state.Budget]);
        var facts = new LimitFacts(
            new Dogana.Parties.Project("acme-shop", "acme", "direct"), new Dogana.Parties.Organisation("acme", "Acme", "FR", "Europe/Paris", null), "key-1",
            new Dogana.Catalog.Deployment("d", "m", [], 100), new Dogana.Catalog.Model("m", "seller", Dogana.Catalog.ModelKind.Chat, 1_000, 100), Usd);

        budgets.FindRefusal(facts)!.ShouldSatisfyAllConditions(
            static problem => problem.Code.ShouldBe(ProblemCode.BudgetCurrency), static problem => problem.Message.ShouldContain("the budget euros of the organisation 'acme' is in EUR"));
        budgets.FindRefusal(facts with { Currency = Currency.Of("EUR") }).ShouldBeNull();
        new BudgetTable([state.Budget with { Mode = LimitMode.Observe }]).FindRefusal(facts).ShouldBeNull();
        new BudgetTable([state.Budget with { Kind = BudgetKind.Soft }]).FindRefusal(facts).ShouldBeNull();
    }

    [Fact]
    public async Task A_refusal_says_when_it_begins_anew_and_a_prepaid_one_that_it_does_not()
    {
        await using var scene = await BudgetScene.OpenAsync(stores, StoreKind.Sqlite);
        using var node = await scene.StartAsync("n1");
        var window = (await scene.SetAsync(Monthly("acme", 10, BudgetScope.Project, "acme-shop"))).Window;
        (await node.ReserveAsync(8)).Problem.ShouldBeNull();

        var monthly = (await node.ReserveAsync(5)).Problem!;
        monthly.Code.ShouldBe(ProblemCode.ProjectSpendLimit);
        monthly.Message.ShouldContain($"the project 'acme-shop' (budget acme)");
        monthly.Message.ShouldContain($"It begins anew at {InstantText.Format(window.End)}.");
        (scene.Now + monthly.RetryAfter!.Value).ShouldBe(window.End, TimeSpan.FromSeconds(5));
        var tooLarge = (await node.ReserveAsync(11)).Problem!;
        (tooLarge.Code, tooLarge.RetryAfter).ShouldBe((ProblemCode.ProjectSpendLimit, null));

        await scene.SetAsync(Prepaid("prepaid", 1));
        await scene.ShipAsync(scene.Record("n1", 0.9m));
        var prepaid = (await node.ReserveAsync(0.5m)).Problem!;
        (prepaid.Code, prepaid.RetryAfter).ShouldBe((ProblemCode.OrganisationSpendLimit, null));
        prepaid.Message.ShouldContain("Add to the budget.");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_world_file_declares_budgets(StoreKind kind)
    {
        const string file = """
            dogana: 1
            budgets:
              - { id: media-month, organisation: lumen-media, currency: USD, amount: "500.5", alerts: [80%, 100, 100%] }
              - { id: app-prepaid, project: PROJECT, currency: USD, amount: 20, period: once, mode: observe }
              - { id: media-soft, organisation: lumen-media, currency: EUR, amount: 1000, kind: soft, alerts: [50%] }
            """;
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);
        var project = (await store.ReadAsync(Dogana.Parties.PartyRegister.ReadAsync)).Projects.Values.First(static item => item.Organisation == "lumen-media").Id;
        var world = file.Replace("PROJECT", project, StringComparison.Ordinal);

        (await store.ApplyAsync(world)).Value.Select(static change => (change.Kind, change.Type, change.Id)).ShouldBe(
            [(ChangeKind.Created, "budget", "media-month"), (ChangeKind.Created, "budget", "app-prepaid"), (ChangeKind.Created, "budget", "media-soft")]);
        (await store.ApplyAsync(world)).Value.ShouldAllBe(static change => change.Kind == ChangeKind.Unchanged);
        var budgets = await store.ReadAsync(static session => Budgets.ListAsync(session, null, null, "", 10, OpeningDay.Now));
        budgets.Select(static state => state.Budget).Select(static budget => $"{budget.Id} {budget.Organisation} {budget.Amount} {budget.Period} {budget.Kind} {budget.Mode} {string.Join(' ', budget.Alerts)}").ShouldBe(
        [
            "app-prepaid lumen-media 20.00 USD Once Hard Observe ", "media-month lumen-media 500.50 USD Month Hard Enforce 80% 100 100%",
            "media-soft lumen-media 1000.00 EUR Month Soft Enforce 50%",
        ]);

        var moved = (await store.ApplyAsync(world.Replace("id: media-soft, organisation: lumen-media", "id: media-soft, organisation: acme-retail", StringComparison.Ordinal))).Faults.ShouldHaveSingleItem();
        moved.ToString().ShouldContain("budgets[2]: The budget 'media-soft' is of the organisation 'lumen-media', in EUR, month, and has counted that.");
    }

    [Theory]
    [InlineData("organisation: a, project: b", "A budget is of one organisation, project or key.")]
    [InlineData("id: y", "A budget is of one organisation, project or key.")]
    [InlineData("organisation: a, alerts: [0%]", "'0%' is no alert.")]
    [InlineData("organisation: a, alerts: [1,2,3,4,5,6,7,8,9,10,11]", "There are 11 alerts.")]
    [InlineData("organisation: a, kind: soft, mode: observe", "has no 'mode'")]
    [InlineData("organisation: a, amount: -1", "is not a decimal number in the range")]
    public void What_cannot_be_is_found_without_a_store(string keys, string says)
    {
        var parts = new List<string> { keys };
        foreach (var other in new[] { "id: x", "currency: USD", "amount: 10" })
        {
            if (!keys.Contains(other[..other.IndexOf(':', StringComparison.Ordinal)] + ":", StringComparison.Ordinal))
            {
                parts.Add(other);
            }
        }

        Dogana.Apply.WorldFile.Parse($"dogana: 1\nbudgets: [{{ {string.Join(", ", parts)} }}]", "w.yaml").Faults.Select(static fault => fault.Message).ShouldContain(message => message.Contains(says, StringComparison.Ordinal));
    }
}
