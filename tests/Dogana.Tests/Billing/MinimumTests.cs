using System.Globalization;
using Dogana.Billing;
using Dogana.Ledger;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

/// <summary>Minimums, by the published examples of others.</summary>
public sealed class MinimumTests(StoreFixture stores)
{
    private static readonly SpendMinimum OfTerm = new("term", 1_200m, MinimumCadence.Term, EarlyEnd.Full);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task FOCUS_A1_a_term_of_1200_with_48_120_and_60_used_leaves_972_at_its_end(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms { TermMonths = 12, Minimums = [OfTerm] });
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 48);
        await world.UseAsync(TermsWorld.On(2026, 2, 10), 120);
        await world.UseAsync(TermsWorld.On(2026, 3, 10), 60);

        var said = await CloseYearAsync(world);

        said.ShouldBe(["usage 48.00", "usage 120.00", "usage 60.00", "none", "none", "none", "none", "none", "none", "none", "none", "true_up 972.00"]);
        (await SumAsync(world)).ShouldBe(1_200m);

        // Late usage of March takes it from the true-up: nothing more is owed, and both are said.
        await world.UseAsync(TermsWorld.On(2026, 3, 11), 100);
        TermsWorld.Say(await world.CloseAsync(2027, 1)).ShouldBe("correction 100.00, true_up -100.00");
        (await SumAsync(world)).ShouldBe(1_200m);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task FOCUS_A2_60_a_month_and_1200_in_the_term_end_with_480(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(
            stores, kind, new ContractTerms { TermMonths = 12, Minimums = [OfTerm, new SpendMinimum("month", 60m, MinimumCadence.Period, EarlyEnd.Full)] });
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 48);
        await world.UseAsync(TermsWorld.On(2026, 2, 10), 120);
        await world.UseAsync(TermsWorld.On(2026, 3, 10), 60);

        var said = await CloseYearAsync(world);

        said.ShouldBe(["usage 48.00, true_up 12.00", "usage 120.00", "usage 60.00", .. Enumerable.Repeat("true_up 60.00", 8), "true_up 60.00, true_up 420.00"]); // 480 in the last month
        (await SumAsync(world)).ShouldBe(1_200m);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, 800, "usage 800.00, true_up 200.00")]
    [InlineData(StoreKind.Sqlite, 1_300, "usage 1300.00")]
    [InlineData(StoreKind.Postgres, 800, "usage 800.00, true_up 200.00")]
    public async Task Lago_a_minimum_of_1000_adds_200_to_800_and_nothing_to_1300(StoreKind kind, long used, string said)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms { Minimums = [new SpendMinimum("month", 1_000m, MinimumCadence.Period, EarlyEnd.Full)] });
        await world.UseAsync(TermsWorld.On(2026, 1, 10), used);

        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe(said);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, EarlyEnd.Full, "usage 60.00, true_up 40.00")]
    [InlineData(StoreKind.Sqlite, EarlyEnd.Prorated, "usage 60.00, true_up 1.29")] // 100 × 19 ÷ 31 days = 61.29
    [InlineData(StoreKind.Postgres, EarlyEnd.Full, "usage 60.00, true_up 40.00")]
    public async Task OpenMeter_a_minimum_of_100_is_100_though_billing_was_progressive_and_the_contract_ended_early(StoreKind kind, EarlyEnd end, string said)
    {
        await using var world = await TermsWorld.OpenAsync(
            stores, kind, new ContractTerms { Minimums = [new SpendMinimum("month", 100m, MinimumCadence.Period, end)] }, to: TermsWorld.On(2026, 1, 20));
        await world.UseAsync(TermsWorld.On(2026, 1, 5), 40);
        await world.AccrueAsync();
        await world.UseAsync(TermsWorld.On(2026, 1, 19, 23), 20);

        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe(said);
        (await world.CloseAsync(2026, 2)).ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Late_usage_under_a_minimum_nets_to_nothing_and_says_both(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms { Minimums = [new SpendMinimum("month", 100m, MinimumCadence.Period, EarlyEnd.Full)] });
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 60);
        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe("usage 60.00, true_up 40.00");

        await world.UseAsync(TermsWorld.On(2026, 1, 11), 20);
        var second = await world.CloseAsync(2026, 2);
        await world.UseAsync(TermsWorld.On(2026, 1, 12), 70);
        var third = await world.CloseAsync(2026, 3);

        TermsWorld.Say(second).ShouldBe("correction 0.00, true_up 100.00");
        second!.Lines[0].Parts!.Select(static part => $"{part.Account} {part.Exact}").ShouldBe(["unbilled_receivable 20.00", "commitment_revenue -20.00"]);
        TermsWorld.Say(third).ShouldBe("correction 50.00, true_up 100.00");
        third!.Lines[0].Parts!.Select(static part => $"{part.Account} {part.Exact}").ShouldBe(["unbilled_receivable 70.00", "commitment_revenue -20.00"]);
        (await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "owner"))).Where(static balance => balance.Account.Kind == AccountKind.UnbilledReceivable)
            .ShouldAllBe(balance => balance.Amount.IsZero);
    }

    private static async Task<IReadOnlyList<string>> CloseYearAsync(TermsWorld world)
    {
        var said = new List<string>();
        for (var month = 1; month <= 12; month++)
        {
            said.Add(TermsWorld.Say(await world.CloseAsync(2026, month)));
        }

        return said;
    }

    private static async Task<decimal> SumAsync(TermsWorld world) => (await world.DocumentsAsync()).Sum(static document => decimal.Parse(document.Net, CultureInfo.InvariantCulture));
}
