using System.Globalization;
using System.Text.Json;
using Dogana.Apply;
using Dogana.Client;
using Dogana.Insight;
using Dogana.Parties;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

/// <summary>Scenario files against real documents.</summary>
public sealed class ScenarioTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Nobody_leaving_and_changes_of_nothing_are_the_baseline_to_the_minor_unit(StoreKind kind)
    {
        await using var scene = await OpenAsync(kind);

        var report = await ReadAsync(scene, Head + "changes: []", Head + """
            changes:
              - leaves: { family: pacific, on: 2030-01-01 }
              - declines: { organisation: nippon, percent: 0, months: 3, from: 2026-03-01 }
              - moves: { family: acme, percent: "0", from: 2026-03-01, to: large }
              - price: { meter: input_tokens, percent: 0, from: 2026-03-01 }
              - channel_ends: { channel: resale, on: 2029-01-01 }
            """);

        report.Scenarios.Count.ShouldBe(2);
        report.Scenarios.ShouldAllBe(scenario => JsonSerializer.Serialize(scenario.Outlook, DoganaJson.Options) == JsonSerializer.Serialize(report.Baseline, DoganaJson.Options));
        report.Scenarios.ShouldAllBe(static scenario => scenario.Commitments.Count == 0 && scenario.Difference.Revenue == "0.00" && scenario.Difference.Margin == "0.00");
        (report.From, report.To, report.Baseline.Months.Count).ShouldBe(("2026-03", "2027-02", 12));
        Number(report.Baseline.Sum.Revenue).ShouldBe(report.Parts.Sum(static part => Number(part.Expected)));
        Number(report.Baseline.Sum.Revenue).ShouldBeGreaterThan(0m);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_family_that_leaves_takes_its_revenue_its_share_and_the_guidance_with_it_and_leaves_what_it_is_bound_to(StoreKind kind)
    {
        await using var scene = await OpenAsync(kind);
        await SetGuidanceAsync(scene);

        var report = await ReadAsync(scene, Head + """
            changes:
              - leaves: { family: pacific, on: 2026-05-01 }
            """);

        var leaves = report.Scenarios.ShouldHaveSingleItem();
        leaves.Changes.ShouldBe(["The family holding leaves on 2026-05-01."]);
        leaves.Outlook.Months.Take(2).Select(static month => month.Figures.Revenue).ShouldBe(report.Baseline.Months.Take(2).Select(static month => month.Figures.Revenue), "nobody has left yet");
        (report.Baseline.Concentration.Largest, leaves.Outlook.Concentration.Largest).ShouldBe(("holding", "holding"));
        var kept = leaves.Commitments.ShouldHaveSingleItem();
        (kept.Contract, kept.Charged).ShouldBe(("pacific-direct", leaves.Outlook.Sum.Minimums));
        Number(kept.Charged).ShouldBeInRange(1m, 250m, "50 a month until it ends on the first of September, a period that was begun and counts whole");
        kept.Rule.ShouldContain("until the contract lets the customer go");
        leaves.Outlook.Months.Skip(7).ShouldAllBe(static month => month.Figures.Minimums == "0.00");
        var (before, after) = (report.Baseline.Shares.Single(), leaves.Outlook.Shares.Single());
        Number(after.Share).ShouldBe(Number(after.Basis) * 0.2m, 0.02m);
        Number(after.Share).ShouldBeLessThan(Number(before.Share));
        var (planned, missed) = (report.Baseline.Guidance.Single(), leaves.Outlook.Guidance.Single());
        (planned.Quarter, planned.ToMeet > missed.ToMeet).ShouldBe(("2026Q2", true));
    }

    [Fact]
    public async Task A_market_closes_for_the_customers_in_it_and_a_ban_for_the_owners_models_alone()
    {
        await using var scene = await OpenAsync(StoreKind.Sqlite);

        var report = await ReadAsync(scene, Head + """
            changes:
              - market_closes: { country: US, on: 2026-03-01 }
            """, Head + """
            changes:
              - banned: { organisation: acme, by: cloud, on: 2026-03-01 }
            """, Head + """
            changes:
              - banned: { organisation: acme, by: cloud, on: 2026-03-01 }
              - banned: { organisation: acme, by: owner, on: 2026-03-01 }
              - channel_ends: { channel: direct, on: 2026-03-01 }
            """);

        var (closed, some, all) = (report.Scenarios[0], report.Scenarios[1], report.Scenarios[2]);
        Number(closed.Difference.Revenue).ShouldBeLessThan(0m);
        closed.Commitments.Single().Holds.ShouldBe("0.00", "what is not sold cannot be owed");
        Number(some.Difference.Revenue).ShouldBeLessThan(0m);
        Number(all.Difference.Revenue).ShouldBeLessThan(Number(some.Difference.Revenue));
        some.Assumptions.ShouldContain(static sentence => sentence.StartsWith("A ban by cloud takes its own models alone", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MeasureFlow.Binding, true)]
    [InlineData(MeasureFlow.Review, true)]
    [InlineData(MeasureFlow.None, false)]
    public async Task A_ban_reaches_a_channel_as_the_agreement_with_its_seller_says(MeasureFlow flow, bool reaches)
    {
        await using var scene = await OpenAsync(StoreKind.Sqlite);
        await scene.Store.WriteAsync(session => PartyRegister.DeclareAsync(session, [], [], [new Agreement("owner-cloud", "owner", "resale", flow)], []));

        var report = await ReadAsync(scene, Head + """
            changes:
              - banned: { organisation: acme, by: owner, on: 2026-03-01 }
            """);

        var (before, after) = (report.Baseline.Shares.Single().Basis, report.Scenarios[0].Outlook.Shares.Single().Basis); // of the resale channel
        (Number(after) < Number(before)).ShouldBe(reaches);
        Number(report.Scenarios[0].Difference.Revenue).ShouldBeLessThan(0m, "on the owner's own channel it holds in any case");
    }

    [Theory]
    [InlineData("", 1, "The file is empty")]
    [InlineData("name: x\nmonths: 37\nchanges: []", 2, "is not a whole number in the range")]
    [InlineData("name: x\nmonths: 3", 1, "needs the key 'changes'")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - leafs: { family: acme, on: 2026-04-01 }", 4, "no key 'leafs'")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - {}", 4, "says nothing")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - leaves: { on: 2026-04-01 }", 4, "not said who")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - leaves: { family: acme, organisation: acme, on: 2026-04-01 }", 4, "a family and an organisation")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - leaves: { family: acmee, on: 2026-04-01 }", 4, "There is no 'acmee'")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - leaves: { family: acme, on: 2026-02-28 }", 4, "is past: 2026-02 is known already")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - banned: { family: acme, by: nippon, on: 2026-04-01 }", 4, "owners of models")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - declines: { family: acme, percent: 101, months: 2, from: 2026-04-01 }", 4, "not a decimal number in the range")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - moves: { family: acme, percent: 10, from: 2026-04-01, to: tiny }", 4, "There is no 'tiny'")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - price: { percent: -10, from: 2026-04-01 }", 4, "not said which price")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - price: { model: small, percent: -101, from: 2026-04-01 }", 4, "not a change in per cent")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - price: { meter: outputs, percent: -10, from: 2026-04-01 }", 4, "There is no 'outputs'")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - share: { agreement: cloud-share, leg: nope, rate: 10, from: 2026-04-01 }", 4, "legs of cloud-share")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - market_closes: { country: BR, on: 2026-04-01 }", 4, "No customer is in BR")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - capacity: { pool: servers, months: 3, percent: 70 }", 4, "There is no 'servers'")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - leaves: { family: acme, on: 2026-04-01 }\n  - declines: { organisation: pacific, percent: 5, months: 2, from: 2026-05-01 }", 5, "has left by then (line 4)")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - channel_ends: { channel: direct, on: 2026-04-01 }\n  - channel_ends: { channel: direct, on: 2026-05-01 }", 5, "of the same on line 4 already")]
    [InlineData("name: x\nmonths: 3\nchanges:\n  - moves: { organisation: acme, percent: 60, from: 2026-04-01, to: own }\n  - moves: { family: pacific, percent: 60, from: 2026-05-01, to: own }", 5, "move on line 4 already")]
    public async Task What_cannot_be_is_refused_where_it_stands(string text, int line, string message)
    {
        await using var scene = await OpenAsync(StoreKind.Sqlite);
        var scope = await scene.ScopeAsync(months: ReportScope.MonthsMax);

        var parsed = ScenarioFile.Parse(text, "s.yaml");
        var faults = parsed.TryGet(out var file) ? (await scene.Store.ReadAsync(session => file.CheckAsync(session, scope))).Faults : parsed.Faults;

        var fault = faults.ShouldHaveSingleItem();
        (fault.File, fault.Line).ShouldBe(("s.yaml", line));
        fault.Message.ShouldContain(message);
        fault.Remedy.ShouldNotBeEmpty();
    }

    [Fact]
    public void The_samples_are_scenarios_and_JSON_is_one_too()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "samples", "scenarios"), "*.yaml").Where(static file => !file.EndsWith("capacity-pools.yaml", StringComparison.Ordinal)).ToArray();
        files.Length.ShouldBeGreaterThanOrEqualTo(6);
        foreach (var file in files)
        {
            ScenarioFile.Parse(File.ReadAllText(file), Path.GetFileName(file)).Faults.ShouldBeEmpty();
        }

        ScenarioFile.Parse("""{ "name": "x", "months": 3, "changes": [{ "leaves": { "family": "acme", "on": "2026-04-01" } }] }""", "s.json").Faults.ShouldBeEmpty();
    }

    private const string Head = "name: x\nmonths: 12\n";

    private async Task<InsightScene> OpenAsync(StoreKind kind)
    {
        var scene = await InsightScene.OpenAsync(stores, kind);
        await RevenueRollup.RunAsync(scene.Store);
        return scene;
    }

    private static async Task<WhatIfReport> ReadAsync(InsightScene scene, params string[] texts)
    {
        var scope = await scene.ScopeAsync(months: ReportScope.MonthsMax);
        return await scene.Store.ReadAsync(async session =>
        {
            var scenarios = new List<Scenario>();
            foreach (var text in texts)
            {
                scenarios.Add((await ScenarioFile.Parse(text, "s.yaml").Value.CheckAsync(session, scope)).Value);
            }

            return (await WhatIfReports.ReadAsync(session, scope, scenarios, seed: 1)).Value;
        });
    }

    // What the quarter is expected to bring, so that it is met by chance.
    private static async Task SetGuidanceAsync(InsightScene scene)
    {
        var expected = (await ReadAsync(scene)).Baseline.Months.Skip(1).Take(3).Sum(static month => Number(month.Figures.Revenue));
        var request = new InsightRequest(Currency: "USD");
        (await scene.Store.WriteAsync(async session => await GuidanceRegister.SetAsync(
            session, (await InsightSeries.FindAsync(session, "total", request)).Value,
            new GuidanceRequest("total", "2026Q2", "board", expected.ToString(CultureInfo.InvariantCulture), (expected * 2).ToString(CultureInfo.InvariantCulture), null, null), "tester", InsightScene.Now))).Problem.ShouldBeNull();
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
