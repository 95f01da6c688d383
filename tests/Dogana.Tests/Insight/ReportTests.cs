using System.Globalization;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Insight;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

/// <summary>Figures of reports against plain SQL over the final documents, added up by hand.</summary>
public sealed class ReportTests(StoreFixture stores)
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Concentration_is_that_of_plain_sums_over_the_documents(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);
        await RevenueRollup.RunAsync(scene.Store);
        var lines = Revenue(await scene.PlainAsync());

        foreach (var (axis, party) in new (InsightAxis, Func<PlainSum, string>)[]
        {
            (InsightAxis.Counterparty, static line => line.Organisation), (InsightAxis.Channel, static line => line.Channel), (InsightAxis.Model, static line => line.Model),
            (InsightAxis.Family, static line => line.Organisation is "acme" or "pacific" ? "holding" : line.Organisation),
            (InsightAxis.Owner, static line => line.Model switch { "small" => "owner", "large" => "cloud", _ => "" }),
        })
        {
            var scope = await scene.ScopeAsync(months: 2);
            var report = await scene.Store.ReadAsync(session => ConcentrationReports.ReadAsync(session, scope, axis, 10, withHistory: true));

            var window = Sums(lines, "2026-01", "2026-02", party);
            var before = Sums(lines, "2025-01", "2025-02", party);
            var total = window.Values.Where(static amount => amount > 0).Sum();
            var squares = window.Values.Where(static amount => amount > 0).Sum(amount => (double)(amount / total) * (double)(amount / total));
            Number(report.Total).ShouldBe(total, 0.0000001m);
            report.Parties.ShouldBe(window.Values.Count(static amount => amount > 0));
            report.Index.ShouldBe(squares * 10_000, 1e-6);
            report.EffectiveParties.ShouldBe(1 / squares, 1e-6);
            var ordered = window.Values.Where(static amount => amount > 0).OrderDescending().ToArray();
            report.Cr1.ShouldBe((double)(ordered[0] / total), Tolerance);
            report.Cr5.ShouldBe((double)(ordered.Take(5).Sum() / total), Tolerance);
            report.Disclosed.ShouldBe(window.Where(item => item.Value >= total / 10).OrderByDescending(static item => item.Value).Select(static item => item.Key));
            var growth = window.Keys.Union(before.Keys, StringComparer.Ordinal).Sum(key => window.GetValueOrDefault(key) - before.GetValueOrDefault(key));
            foreach (var share in report.Largest)
            {
                Number(share.Amount).ShouldBe(window[share.Party], 0.0000001m);
                share.Share.ShouldBe((double)(window[share.Party] / total), Tolerance);
                Number(share.Change).ShouldBe(window[share.Party] - before.GetValueOrDefault(share.Party), 0.0000001m);
                share.ShareOfGrowth!.Value.ShouldBe((double)((window[share.Party] - before.GetValueOrDefault(share.Party)) / growth), 1e-6);
                var own = (double)(window[share.Party] / total);
                share.IndexWithout.ShouldBe(report.Parties == 1 ? null : share.IndexWithout!.Value);
                if (share.IndexWithout is { } without)
                {
                    without.ShouldBe((squares - own * own) / ((1 - own) * (1 - own)) * 10_000, 1e-5);
                }
            }

            report.History.Select(static month => month.Month).ShouldBe(["2026-01", "2026-02"]);
            report.History.Sum(static month => Number(month.Total)).ShouldBe(total, 0.0000001m);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Growth_is_that_of_plain_sums_over_the_documents(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);
        await RevenueRollup.RunAsync(scene.Store);
        var lines = Revenue(await scene.PlainAsync());
        var scope = await scene.ScopeAsync(new InsightRequest(Currency: "USD", Through: "2026-02"), months: 14);

        var report = await scene.Store.ReadAsync(session => GrowthReports.ReadGrowthAsync(session, scope));

        report.Months.Select(static month => (month.Month, Number(month.Amount))).ShouldBe(
            lines.GroupBy(static line => line.Month, StringComparer.Ordinal).OrderBy(static month => month.Key, StringComparer.Ordinal).Select(static month => (month.Key, month.Sum(InsightScene.Dollars))));
        var quarters = report.Quarters.ToDictionary(static quarter => quarter.Quarter, StringComparer.Ordinal);
        quarters.Keys.ShouldBe(["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1"]);
        decimal Quarter(string from, string to) => Sums(lines, from, to, static _ => "").GetValueOrDefault("");
        Number(quarters["2025Q4"].Amount).ShouldBe(Quarter("2025-10", "2025-12"));
        quarters["2025Q4"].QuarterOnQuarter!.Value.ShouldBe((double)(Quarter("2025-10", "2025-12") / Quarter("2025-07", "2025-09") - 1), Tolerance);
        quarters["2025Q4"].YearOnYear.ShouldBeNull("there is no year before");
        (quarters["2026Q1"].Months, quarters["2026Q1"].QuarterOnQuarter).ShouldBe((2, null), "a quarter is compared whole");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Year_on_year_is_told_with_and_without_what_exchange_rates_did(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);
        await scene.World.UseAsync([.. Enumerable.Range(1, 3).Select(static month => new Billing.Call("nippon", new DateTimeOffset(2026, month, 11, 12, 0, 0, TimeSpan.Zero), 500_000_000))]);
        await scene.World.CloseAsync(new Dogana.Billing.BillingMonth(2026, 3), InsightScene.Now.AddMonths(1));
        await RevenueRollup.RunAsync(scene.Store);
        var lines = Revenue(await scene.PlainAsync());
        var scope = await scene.ScopeAsync(months: 3);

        var quarter = (await scene.Store.ReadAsync(session => GrowthReports.ReadGrowthAsync(session, scope))).Quarters.ShouldHaveSingleItem();

        var before = Sums(lines, "2025-01", "2025-03", static _ => "")[""];
        var after = Sums(lines, "2026-01", "2026-03", static _ => "")[""];
        var neutral = lines.Where(static line => line.Month is "2026-01" or "2026-02" or "2026-03").Sum(static line => InsightScene.Dollars(line, "2025" + line.Month[4..]));
        quarter.YearOnYear!.Value.ShouldBe((double)(after / before - 1), Tolerance);
        quarter.NeutralYearOnYear!.Value.ShouldBe((double)(neutral / before - 1), Tolerance);
        Number(quarter.ExchangeEffect!).ShouldBe(after - neutral);
        (after - neutral).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Retention_and_its_bridge_close_on_the_documents(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);
        await RevenueRollup.RunAsync(scene.Store);
        var lines = Revenue(await scene.PlainAsync());
        var scope = await scene.ScopeAsync(months: 2);

        var report = await scene.Store.ReadAsync(session => GrowthReports.ReadRetentionAsync(session, scope, isByFamily: false));

        var (opening, closing) = (Sums(lines, "2025-01", "2025-02", static line => line.Organisation), Sums(lines, "2026-01", "2026-02", static line => line.Organisation));
        (Number(report.All.Opening), Number(report.All.Closing), Number(report.All.Churn), Number(report.All.New))
            .ShouldBe((opening.Values.Sum(), closing.Values.Sum(), opening["nippon"], closing["pacific"]));
        var kept = Math.Min(opening["acme"], closing["acme"]);
        report.All.GrossRetention!.Value.ShouldBe((double)(kept / opening.Values.Sum()), Tolerance);
        report.All.NetRetention!.Value.ShouldBe((double)(closing["acme"] / opening.Values.Sum()), Tolerance);
        (report.OpeningCustomers, report.LostCustomers, report.All.Moves).ShouldBe((2, 1, "0.00"));
        foreach (var bridge in report.Channels.Append(report.All))
        {
            (Number(bridge.Opening) + Number(bridge.New) + Number(bridge.Expansion) - Number(bridge.Contraction) - Number(bridge.Churn) + Number(bridge.Moves) + Number(bridge.Credits))
                .ShouldBe(Number(bridge.Closing));
        }

        // In the family, pacific is no new customer: its affiliate was there.
        var family = await scene.Store.ReadAsync(session => GrowthReports.ReadRetentionAsync(session, scope, isByFamily: true));
        (family.OpeningCustomers, family.All.New).ShouldBe((2, "0.00"));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Run_rates_are_of_usage_and_what_is_owed_stands_beside_them(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);
        await RevenueRollup.RunAsync(scene.Store);
        var lines = Revenue(await scene.PlainAsync());
        var scope = await scene.ScopeAsync();

        var report = await scene.Store.ReadAsync(session => GrowthReports.ReadRunRateAsync(session, scope, InsightScene.Now));

        decimal Usage(string from, string to) => lines.Where(line => line.Kind == "usage" && string.CompareOrdinal(line.Month, from) >= 0 && string.CompareOrdinal(line.Month, to) <= 0).Sum(InsightScene.Dollars);
        report.Usage.Select(static rate => (rate.Span, rate.Source)).ShouldBe([("month", "documents"), ("quarter", "documents"), ("days28", "rated_usage")]);
        Number(report.Usage[0].Annual).ShouldBe(Usage("2026-02", "2026-02") * 12);
        Number(report.Usage[1].Annual).ShouldBe(Usage("2025-10", "2025-12") * 4);
        Number(report.Usage[2].Observed).ShouldBe(Usage("2026-02", "2026-02"), 0.05m, "what was rated in the last 28 days, before it is rounded on lines");
        report.Committed.Select(static item => item.Kind).ShouldBe(["fee", "true_up"]);
        report.Committed.Sum(static item => Number(item.Amount)).ShouldBe(lines.Where(static line => line.Kind != "usage").Sum(InsightScene.Dollars));
        Number(report.CommittedAnnual).ShouldBe(7 * 50m, "the larger of fee and minimum in each month until the contract ends in September");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Both_sides_of_an_agreement_see_what_they_depend_on(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);
        await RevenueRollup.RunAsync(scene.Store);
        var lines = Revenue(await scene.PlainAsync());
        var scope = await scene.ScopeAsync(new InsightRequest(Currency: "USD", Through: "2025-11"), months: 6);

        var item = (await scene.Store.ReadAsync(session => DependenceReports.ReadAsync(session, scope))).Agreements.ShouldHaveSingleItem();

        var window = lines.Where(static line => string.CompareOrdinal(line.Month, "2025-06") >= 0 && string.CompareOrdinal(line.Month, "2025-11") <= 0).ToArray();
        var (sold, own) = (window.Where(static line => line.Seller == "cloud").Sum(InsightScene.Dollars), window.Where(static line => line.Seller == "owner").Sum(InsightScene.Dollars));
        (item.Agreement, item.Payer, item.Payee, Number(item.Basis), item.PayerDependence).ShouldBe(("cloud-share", "cloud", "owner", sold, 1.0));
        Number(item.Share).ShouldBe(sold * 0.2m, 0.06m, "rounded cumulatively over the months");
        item.PayeeDependence!.Value.ShouldBe((double)(Number(item.Share) / (own + Number(item.Share))), Tolerance);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_customer_sees_its_own_and_a_channel_what_is_bought_on_it(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);
        await RevenueRollup.RunAsync(scene.Store);
        var lines = Revenue(await scene.PlainAsync()).Where(static line => line.Month is "2026-02").ToArray();
        var scope = await scene.ScopeAsync(months: 1);
        Task<CustomerRecord> ReadAsync(string organisation, Reach reach) => scene.Store.ReadAsync(session => CustomerReports.ReadAsync(session, scope, organisation, reach, InsightScene.Now));
        static Reach Of(ScopeKind kind, string id) => new Principal("key", [new Grant(Role.Finance, new GrantScope(kind, id))]).ReachOf(Permission.InvoiceRead);

        var own = await ReadAsync("acme", Of(ScopeKind.Organisation, "acme"));
        var resold = await ReadAsync("acme", Of(ScopeKind.Channel, "resale"));
        var pacific = await ReadAsync("pacific", Of(ScopeKind.Organisation, "pacific"));

        Number(own.Total).ShouldBe(lines.Where(static line => line.Organisation == "acme").Sum(static line => line.Amount));
        own.Spend.Select(static spend => (spend.Channel, spend.Model)).Order().ShouldBe([("direct", "small"), ("resale", "large"), ("resale", "small")]);
        Number(resold.Total).ShouldBe(lines.Where(static line => line is { Organisation: "acme", Channel: "resale" }).Sum(static line => line.Amount));
        var moved = own.Elsewhere.Single(static item => item.Channel == "direct");
        (moved.Elsewhere, moved.Contract, moved.Unpriced.Count).ShouldBe(("resale", "acme-resale", 0));
        Number(moved.WouldCost).ShouldBe(Number(moved.Paid), "the same book is in force there");
        resold.Elsewhere.ShouldBeEmpty();
        (await Should.ThrowAsync<ProblemException>(() => ReadAsync("acme", Of(ScopeKind.Organisation, "nippon")))).Problem.Code.ShouldBe(ProblemCode.NotFound);
        own.OutsideBills.ShouldBeEmpty();
        var bound = pacific.Commitments.ShouldHaveSingleItem();
        (bound.Contract, bound.Months, bound.Monthly, bound.Remaining).ShouldBe(("pacific-direct", 7, "50.00", "350.00"));
        pacific.Credits.ShouldHaveSingleItem().Id.ShouldBe("credit");
    }

    [Fact]
    public async Task What_was_used_in_a_month_and_invoiced_later_is_of_that_month_by_service()
    {
        await using var scene = await InsightScene.OpenAsync(stores, StoreKind.Sqlite);
        await scene.World.UseAsync(new Billing.Call("acme", new DateTimeOffset(2026, 1, 20, 0, 0, 0, TimeSpan.Zero), 800_000_000));
        await scene.World.CloseAsync(new Dogana.Billing.BillingMonth(2026, 3), InsightScene.Now.AddMonths(1));
        await RevenueRollup.RunAsync(scene.Store);
        var lines = Revenue(await scene.PlainAsync());

        foreach (var (basis, month) in new (string, Func<PlainSum, string>)[] { ("invoiced", static line => line.Month), ("service", static line => line.Service) })
        {
            var scope = await scene.ScopeAsync(new InsightRequest(Currency: "USD", Through: "2026-01", Basis: basis), months: 1);
            var report = await scene.Store.ReadAsync(session => ConcentrationReports.ReadAsync(session, scope, InsightAxis.Counterparty, 10, withHistory: false));
            Number(report.Total).ShouldBe(lines.Where(line => month(line) == "2026-01").Sum(static line => InsightScene.Dollars(line, "2026-01")));
        }
    }

    [Fact]
    public async Task What_cannot_be_reported_says_why()
    {
        await using var scene = await InsightScene.OpenAsync(stores, StoreKind.Sqlite);
        Task<Outcome<ReportScope>> AskAsync(InsightRequest request) => scene.Store.ReadAsync(session => ReportScope.ResolveAsync(session, request, 12));
        (await AskAsync(new InsightRequest())).Problem!.Code.ShouldBe(ProblemCode.NothingInvoiced);
        await RevenueRollup.RunAsync(scene.Store);

        (await AskAsync(new InsightRequest())).Problem!.Message.ShouldStartWith("Documents are in JPY, USD.");
        (await AskAsync(new InsightRequest(Currency: "USD", Channel: "none"))).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await AskAsync(new InsightRequest(Currency: "USD", Months: 0))).Problem!.Param.ShouldBe("months");
        (await AskAsync(new InsightRequest(Currency: "USD", Through: "January"))).Problem!.Param.ShouldBe("through");
        (await AskAsync(new InsightRequest(Currency: "USD", Basis: "cash"))).Problem!.Param.ShouldBe("basis");
        var scope = (await AskAsync(new InsightRequest(Currency: "EUR"))).Value;
        (await Should.ThrowAsync<ProblemException>(() => scene.Store.ReadAsync(session => GrowthReports.ReadGrowthAsync(session, scope)))).Problem.Code.ShouldBe(ProblemCode.ExchangeRateUnknown);
    }

    private static PlainSum[] Revenue(IReadOnlyList<PlainSum> lines) => [.. lines.Where(static line => line.Kind != "prepayment")];

    private static Dictionary<string, decimal> Sums(IEnumerable<PlainSum> lines, string from, string to, Func<PlainSum, string> party) => lines
        .Where(line => string.CompareOrdinal(line.Month, from) >= 0 && string.CompareOrdinal(line.Month, to) <= 0)
        .GroupBy(party, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Sum(InsightScene.Dollars), StringComparer.Ordinal);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
