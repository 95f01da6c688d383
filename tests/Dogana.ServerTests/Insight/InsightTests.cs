using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Insight;

/// <summary>Reports over HTTP: who may ask, whose figures they are, and that they are those of the documents.</summary>
public sealed class InsightTests(StoreFixture stores)
{
    private const int Months = 15;
    private static readonly string[] Reports =
    [
        "/concentration", "/growth", "/retention", "/run-rate", "/commitments", "/dependence", "/margin", "/pools", "/report.html", "/series", "/series/values?name=total", "/forecast", "/guidance", "/alerts",
    ];

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Figures_are_those_of_plain_sums_over_the_documents_and_who_may_not_ask_is_refused(StoreKind kind)
    {
        var world = await InsightWorld.CreateAsync(stores, kind, Months);
        var lines = await world.PlainAsync();
        string[] last = [.. lines.Select(static line => line.Month).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).TakeLast(3)];
        await using (var server = await ServerProcess.StartAsync(world.Start))
        {
            using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
            await TheyAreRightAsync(admin, lines, last);
            await TheyAreForTheRightOnesAsync(server, admin, lines);
            await AnAlertTellsOnceAsync(admin, lines, last);
            await ThePageHasTheSameAsync(server, world, last);
            await ScenariosStandBesideTheBaselineAsync(server, world, lines, last);
        }

        (await world.ReadAsync(static session => session.ScalarAsync<long>("select count(*) from notice where topic = 'insight.alert'"))).ShouldBe(1);
    }

    private static async Task TheyAreRightAsync(AdminClient admin, IReadOnlyList<InsightWorld.PlainLine> lines, string[] last)
    {
        var filter = new InsightFilter(InsightWorld.Seller, InsightWorld.Channel, Months: 3, Currency: "USD");
        var window = lines.Where(line => last.Contains(line.Month, StringComparer.Ordinal)).ToArray();
        var byCustomer = window.GroupBy(static line => line.Organisation, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Sum(static line => line.Dollars), StringComparer.Ordinal);
        var (total, largest) = (byCustomer.Values.Where(static amount => amount > 0).Sum(), byCustomer.MaxBy(static item => item.Value));

        var concentration = await admin.GetConcentrationAsync(filter, "counterparty", history: true);
        (Number(concentration.Total), concentration.Parties, concentration.Largest[0].Party, Number(concentration.Largest[0].Amount))
            .ShouldBe((total, byCustomer.Count(static item => item.Value > 0), largest.Key, largest.Value));
        concentration.Cr1.ShouldBe((double)(largest.Value / total), 1e-9);
        concentration.Index.ShouldBe(byCustomer.Values.Where(static amount => amount > 0).Sum(amount => (double)(amount / total) * (double)(amount / total)) * 10_000, 1e-6);

        (await admin.GetGrowthAsync(filter with { Months = Months })).Months.Select(static month => (month.Month, Number(month.Amount))).ShouldBe(
            lines.GroupBy(static line => line.Month, StringComparer.Ordinal).OrderBy(static month => month.Key, StringComparer.Ordinal).Select(static month => (month.Key, month.Sum(static line => line.Dollars))));

        var opening = lines.Where(line => last.Select(static month => $"{int.Parse(month.AsSpan(0, 4), CultureInfo.InvariantCulture) - 1}{month[4..]}").Contains(line.Month, StringComparer.Ordinal)).Sum(static line => line.Dollars);
        var retention = (await admin.GetRetentionAsync(filter, "counterparty")).All;
        (Number(retention.Opening), Number(retention.Closing)).ShouldBe((opening, window.Sum(static line => line.Dollars)));

        var used = lines.Where(line => line.Month == last[^1] && line.Kind is not ("fee" or "true_up" or "unused")).Sum(static line => line.Dollars);
        var rate = (await admin.GetRunRateAsync(filter)).Usage[0];
        (Number(rate.Observed), Number(rate.Annual)).ShouldBe((used, used * 12));

        Number((await admin.GetMarginAsync(filter)).All.Revenue).ShouldBe(window.Sum(static line => line.Dollars));
        Number((await admin.GetCustomerInsightAsync(largest.Key, filter)).Total).ShouldBe(largest.Value);
        (await admin.GetSeriesAsync($"channel/{InsightWorld.Channel}", new InsightFilter(Currency: "USD"))).Values.Sum(static value => Number(value.Amount)).ShouldBe(lines.Sum(static line => line.Dollars));
        (await admin.GetForecastAsync($"channel/{InsightWorld.Channel}", new InsightFilter(Currency: "USD"))).Steps.Count.ShouldBe(12);
        (await admin.GetDependenceAsync(filter)).Agreements.Where(static item => item.Payer == InsightWorld.Seller).ShouldAllBe(item => Number(item.PayerInvoiced) == window.Sum(static line => line.Dollars));
        (await admin.GetCommitmentsAsync(filter)).Contracts.ShouldAllBe(static contract => contract.Channel == InsightWorld.Channel);
        (await admin.VerifyInsightAsync()).Agrees.ShouldBeTrue();
    }

    private static async Task TheyAreForTheRightOnesAsync(ServerProcess server, AdminClient admin, IReadOnlyList<InsightWorld.PlainLine> lines)
    {
        string[] customers = [.. lines.Select(static line => line.Organisation).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(2)];
        foreach (var (role, scope, isAllowed) in new[]
        {
            (Role.Finance, "platform", true), (Role.Auditor, "platform", true), (Role.Support, "platform", false), (Role.Developer, $"organisation:{customers[0]}", false),
            (Role.CustomerAdmin, $"organisation:{customers[0]}", false), (Role.ResellerAdmin, $"channel:{InsightWorld.Channel}", false),
        })
        {
            using var client = server.CreateClient(await InsightWorld.KeyAsync(admin, role, scope));
            foreach (var report in Reports)
            {
                using var answer = await client.GetAsync($"/admin/v1/insight{report}{(report.Contains('?', StringComparison.Ordinal) ? '&' : '?')}currency=USD");
                answer.StatusCode.ShouldBe(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, $"{role}: {report}: {await answer.Content.ReadAsStringAsync()}");
            }
        }

        // A tenant has its own view, and nobody else's; a channel's what is bought on it.
        using var tenant = server.CreateClient(await InsightWorld.KeyAsync(admin, Role.CustomerAdmin, $"organisation:{customers[0]}"));
        var own = await tenant.GetStringAsync($"/admin/v1/insight/customers/{customers[0]}?currency=USD");
        own.ShouldContain(customers[0]);
        own.ShouldNotContain(customers[1]);
        using var other = await tenant.GetAsync($"/admin/v1/insight/customers/{customers[1]}?currency=USD");
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var channel = new AdminClient(server.CreateClient(), await InsightWorld.KeyAsync(admin, Role.ResellerAdmin, $"channel:{InsightWorld.Channel}"));
        (await channel.GetCustomerInsightAsync(customers[0], new InsightFilter(Currency: "USD"))).Spend.ShouldAllBe(static spend => spend.Channel == InsightWorld.Channel);
    }

    private static async Task AnAlertTellsOnceAsync(AdminClient admin, IReadOnlyList<InsightWorld.PlainLine> lines, string[] last)
    {
        var window = lines.Where(line => last.Contains(line.Month, StringComparer.Ordinal)).GroupBy(static line => line.Organisation, StringComparer.Ordinal).Select(static group => group.Sum(static line => line.Dollars)).Where(static amount => amount > 0).ToArray();
        var share = window.Max() / window.Sum();
        var alert = new AlertRequest(
            "largest_share", "above", decimal.Round(share - 0.01m, 4).ToString(CultureInfo.InvariantCulture), "northwind", "counterparty", 3, "USD", InsightWorld.Seller, InsightWorld.Channel);
        await admin.SetAlertAsync("one", alert);
        await admin.SetAlertAsync("far", alert with { Threshold = "0.99" });
        await admin.EvaluateAlertsAsync();
        var states = (await admin.EvaluateAlertsAsync()).Data.ToDictionary(static state => state.Id, StringComparer.Ordinal);

        (states["one"].IsCrossed, states["one"].Crossings, states["far"].IsCrossed).ShouldBe((true, 1, false));
        decimal.Parse(states["one"].Value!, CultureInfo.InvariantCulture).ShouldBe(share, 0.0001m);
    }

    private static async Task ThePageHasTheSameAsync(ServerProcess server, InsightWorld world, string[] last)
    {
        using var client = server.CreateClient(world.AdminKey);
        var path = $"/admin/v1/insight/report.html?currency=USD&months=3&through={last[^1]}&as_of=2024-07-01";
        var page = await client.GetStringAsync(path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(page)));
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await client.GetStringAsync(path)))).ShouldBe(hash, "the same store, request and instant give the same bytes");
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var family = await admin.GetConcentrationAsync(new InsightFilter(Months: 3, Currency: "USD", Through: last[^1]), "family");
        page.ShouldContain($"<b>{(family.Cr1 * 100).ToString("0.0", CultureInfo.InvariantCulture)}&#160;%</b>");
        page.ShouldContain("id=\"bridge\"", Case.Sensitive, "there is a year before");
    }

    private static async Task ScenariosStandBesideTheBaselineAsync(ServerProcess server, InsightWorld world, IReadOnlyList<InsightWorld.PlainLine> lines, string[] last)
    {
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var filter = new InsightFilter(Currency: "USD", Through: last[^1]);
        var largest = lines.Where(line => line.Month == last[^1]).GroupBy(static line => line.Organisation, StringComparer.Ordinal).MaxBy(static group => group.Sum(static line => line.Dollars))!.Key;
        var next = DateOnly.ParseExact(last[^1] + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture).AddMonths(1);
        var leaves = new WhatIfFile("leaves.yaml", string.Create(CultureInfo.InvariantCulture, $"name: It leaves\nmonths: 6\nchanges:\n  - leaves: {{ organisation: {largest}, on: {next:yyyy-MM-dd} }}\n"));
        var stays = new WhatIfFile("stays.json", """{ "name": "Nobody leaves", "months": 6, "changes": [] }""");

        var report = await admin.GetWhatIfAsync([stays, leaves], filter);
        report.Scenarios[0].Outlook.Months.ShouldBe(report.Baseline.Months);
        (Number(report.Scenarios[0].Difference.Revenue), Number(report.Scenarios[0].Difference.Margin)).ShouldBe((0m, 0m));
        Number(report.Scenarios[1].Outlook.Sum.Revenue).ShouldBe(Number(report.Baseline.Sum.Revenue) + Number(report.Scenarios[1].Difference.Revenue));
        Number(report.Scenarios[1].Outlook.Months[^1].Figures.Revenue).ShouldBeLessThan(Number(report.Baseline.Months[^1].Figures.Revenue));
        (await admin.GetBoardReportAsync(filter with { Months = 3 }, [stays, leaves], "2024-07-01")).ShouldContain("It leaves");

        // What is wrong is named with its line, and is nobody's fault but the file's.
        using var client = server.CreateClient(world.AdminKey);
        var url = $"/admin/v1/insight/what-if?currency=USD&through={last[^1]}";
        foreach (var (body, type, told) in new[]
        {
            (leaves.Text.Replace(largest, "nobody", StringComparison.Ordinal), "text/yaml", "nobody"), (leaves.Text.Replace("leaves:", "goes:", StringComparison.Ordinal), "text/yaml", "goes"),
            ("""{"scenarios":[{"file":"a"}]}""", "application/json", "text"), ("""{"scenarios":null}""", "application/json", "scenarios"), ("[", "application/json", ""), ("\0", "text/yaml", ""),
        })
        {
            using var answer = await client.PostAsync(url, new StringContent(body, Encoding.UTF8, type));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(told);
        }
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
