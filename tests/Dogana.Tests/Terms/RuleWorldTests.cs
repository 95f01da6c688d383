using Dogana.Apply;
using Dogana.Audit;
using Dogana.Catalog;
using Dogana.Markets;
using Dogana.Parties;
using Dogana.Terms;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Terms;

/// <summary>Market rules, terms, exceptions and uses from the world file to the tables that decide.</summary>
public sealed class RuleWorldTests(StoreFixture stores)
{
    // A change to the file; the path, and the beginnings of message and remedy.
    public static TheoryData<string, string, string, string, string> Faulty { get; } = new()
    {
        { "effect: deny\n    countries: [FR]", "effect: denny\n    countries: [FR]", "market_rules[0].effect", "'denny' is none of the choices.", "Did you mean 'deny'?" },
        { "    reason: In France through the cloud alone.\n", "", "market_rules[0].reason", "A market rule of the effect deny needs the key 'reason'.", "Add it." },
        { "countries: [FR]", "countries: [France]", "market_rules[0].countries[0]", "'France' is longer than 2 characters.", "Write two capital letters" },
        { "countries: [FR]", "countries: [FR, FR]", "market_rules[0].countries[1]", "'FR' is in this list already.", "Keep one." },
        { "countries: [FR]", "countries: [FR, \"*\"]", "market_rules[0].countries", "'*' stands for all", "Write [\"*\"] alone" },
        { "countries: [FR]", "countries: []", "market_rules[0].countries", "The list has 0 entries.", "Write 1 to" },
        { "uses: [assistant, content]", "uses: [asistant]", "market_rules[1].uses[0]", "'asistant' is none of the choices.", "Did you mean 'assistant'?" },
        { "    upstream_regions: [west europe, swedencentral]\n    labels: [ai_generated]\n", "", "market_rules[1].effect", "A rule that requires nothing.", "Write upstream_regions or labels." },
        { "    to: 2026-12-01T12:00:00.000001Z", "    to: 2026-07-01", "market_rules[0].to", "It ends before it begins.", "Write a 'to' after" },
        { "    from: 2026-07-01\n", "    labels: [ai_generated]\n", "market_rules[0].labels", "A market rule of the effect deny has no 'labels'.", "Delete the key" },
        { "    source: \"A law, 2026\"", "    control_rule: default", "market_rules[0].control_rule", "Nothing here asks for control.", "Write owned_from" },
        { "text_url: https://northwind.example/terms/2025-01", "note: x", "terms[0].versions[0].text_url", "Nobody could say which text was accepted.", "Write text_url" },
        { "accept_by: 2026-09-01", "accept_by: 2026-07-31", "terms[0].versions[1].accept_by", "It must be accepted before it is in force.", "Write an accept_by" },
        { "version: 2026-08", "version: 2025-01", "terms[0].versions[1].version", "There is a terms version with the version 2025-01", "Keep one" },
        { "effective_from: 2026-08-01", "effective_from: 2025-01-01", "terms[0].versions[1].effective_from", "There is a terms version with the effective_from", "Keep one" },
        { "log: false", "log: never", "terms[0].versions[1].log", "'never' is neither true nor false.", "Write true or false" },
        { "grants: [train, compete]", "grants: [serve]", "licence_exceptions[0].grants[0]", "'serve' is none of the choices.", "Write evaluate or train or compete." },
        { "to: 2027-01-01,", "to: 2026-01-01,", "licence_exceptions[0].to", "It ends before it begins.", "Write a 'to' after" },
        { "use: distillation", "use: destillation", "declared_uses[0].use", "'destillation' is none of the choices.", "Did you mean 'distillation'?" },
    };

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_declared_decides_and_a_second_time_changes_nothing(StoreKind kind)
    {
        await using var store = await (await stores.OpenAsync(kind)).WithRulesAsync();
        var (version, dump) = (await store.ReadConfigurationVersionAsync(), await store.DumpAsync());

        (await store.ApplyAsync(RuleWorld.Text, now: RuleWorld.Now.AddDays(100))).Value.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version);
        (await store.DumpAsync()).ShouldBe(dump);

        var (parties, catalog, rules, record) = await store.ReadAsync(async session => (
            await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), await MarketRules.ReadAsync(session), await TermsRegister.ReadAsync(session)));
        var markets = new MarketTable(catalog, rules, parties.Ownership.At(RuleWorld.Now), [.. parties.Organisations.Values], RuleWorld.Now);
        var refused = markets.Decide(new MarketFacts("FR", "acme-retail", "direct", catalog.Models["use-lite"], ["assistant"]));
        (refused.Verdict, refused.Findings[0].Text).ShouldBe((Verdict.Deny, "In France through the cloud alone."));
        refused.Regions.ShouldBe(["swedencentral", "west europe"]);
        markets.NextChange(RuleWorld.Now).ShouldBe(new DateTimeOffset(2026, 12, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(1));
        var own = rules.Single(rule => rule.Id == "own-only");
        (own.OwnModel, own.ControlRule, own.Source).ShouldBe((false, "default", null));
        own.OwnedFrom.ShouldBe(["AQ", "AX"]);

        var terms = new TermsTable(record, RuleWorld.Now);
        terms.UsesOf("acme-shop").ShouldBe(["assistant"]);
        terms.Decide(parties.Projects["lumen-app"], "cloud", catalog.Models["clerk-1"]).Findings.Select(finding => finding.Rule)
            .ShouldBe(["terms cloud-use@1", "licence_exception lumen-train", "terms northwind-use@2025-01"]);
        record.Terms[1].Versions[1].TextSha256!.ShouldStartWith("e3b0c442");
    }

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_fault_is_named_with_its_place_and_remedy(string old, string replacement, string path, string message, string remedy)
    {
        RuleWorld.Text.ShouldContain(old);
        var fault = WorldFile.Parse(RuleWorld.Text.Replace(old, replacement, StringComparison.Ordinal), "w.yaml").Faults.ShouldHaveSingleItem();

        fault.Path.ShouldBe(path);
        fault.Message.ShouldStartWith(message);
        fault.Remedy.ShouldStartWith(remedy);
    }

    [Fact]
    public async Task What_leads_nowhere_is_a_fault()
    {
        await using var store = await (await stores.OpenAsync(StoreKind.Sqlite)).WithRulesAsync();
        const string yaml = """
            dogana: 1
            market_rules:
              - { id: a, effect: allow, owners: [nobody], owned_from: [CN] }
            licence_exceptions:
              - { id: b, organisation: acme-retail, terms: northwind-us, grants: [train], from: 2026-01-01, approved_by: X, reason: Y }
            declared_uses:
              - { project: acme-shp, use: search, monthly_tokens: 1, description: X }
            """;

        (await store.ApplyAsync(yaml)).Faults.Select(fault => fault.Path).ShouldBe(["market_rules[0].owners[0]", "licence_exceptions[0].terms", "declared_uses[0].project"]);
        var fault = (await store.ApplyAsync("dogana: 1\nmarket_rules: [{ id: a, effect: allow, owned_from: [CN], control_rule: gone }]")).Faults.ShouldHaveSingleItem();
        (fault.Path, fault.Remedy).ShouldBe(("market_rules[0].control_rule", "Declare it, or name another one."));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_published_version_never_changes(StoreKind kind)
    {
        await using var store = await (await stores.OpenAsync(kind)).WithRulesAsync();
        var before = await store.DumpAsync();
        foreach (var (old, replacement, message) in new[]
        {
            ("log: false", "log: true", "The version 'northwind-use@2026-08' is published and cannot change."),
            ("accept_by: 2026-09-01", "accept_by: 2026-09-02", "The version 'northwind-use@2026-08' is published and cannot change."),
            ("note: No logging any more.", "note: Something else.", "The version 'northwind-use@2026-08' is published and cannot change."),
            ("version: 2026-08", "version: 2026-08b", "The version 'northwind-use@2026-08b' would be in force from the same instant"),
            ("owner: northwind\n    models: [\"*\"]", "owner: skyharbour\n    models: [\"*\"]", "The terms 'northwind-use' are those of 'northwind'"),
        })
        {
            var fault = (await store.ApplyAsync(RuleWorld.Text.Replace(old, replacement, StringComparison.Ordinal))).Faults.ShouldHaveSingleItem();
            fault.Message.ShouldStartWith(message);
            fault.Path.ShouldStartWith("terms[0]");
        }

        var past = (await store.ApplyAsync(RuleWorld.Text.Replace("version: 2026-08\n        effective_from: 2026-08-01", "version: late\n        effective_from: 2026-06-30", StringComparison.Ordinal)))
            .Faults.ShouldHaveSingleItem();
        past.Message.ShouldContain("would change the terms of the past");
        past.Path.ShouldBe("terms[0].versions[1]");
        (await store.DumpAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Acceptances_are_recorded_once_and_audited_and_nodes_read_anew(StoreKind kind)
    {
        await using var store = await (await stores.OpenAsync(kind)).WithRulesAsync();
        var version = await store.ReadConfigurationVersionAsync();

        var accepted = (await store.AcceptAsync("acme-retail", RuleWorld.Now)).Value;
        var again = (await store.AcceptAsync("acme-retail", RuleWorld.Now.AddDays(1), by: "Somebody else")).Value;
        var older = (await store.AcceptAsync("acme-retail", RuleWorld.Now.AddDays(2), version: "2025-01")).Value;

        accepted.ShouldBe(new Acceptance("northwind-use", "2026-08", "acme-retail", "Ana Weiss, head of legal", RuleWorld.Now, "key-7"), "the newest one, which is only announced");
        again.ShouldBe(accepted);
        older.Version.ShouldBe("2025-01");
        (await store.ReadAsync(Acceptances.ReadAsync)).Count.ShouldBe(2);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version + 2);
        (await store.ReadAsync(session => AuditLog.ReadAsync(session, 10))).Where(row => row.Action == "terms.accept").Select(row => (row.Actor, row.Subject, row.Detail)).ShouldBe(
        [
            ("key-7", "northwind-use@2025-01 by acme-retail", "Ana Weiss, head of legal"), ("key-7", "northwind-use@2026-08 by acme-retail", "Ana Weiss, head of legal"),
        ]);
    }

    [Theory]
    [InlineData("nowhere", null, "acme-retail", "A. Person", ProblemCode.NotFound, "id")]
    [InlineData("northwind-use", "2027", "acme-retail", "A. Person", ProblemCode.NotFound, "version")]
    [InlineData("northwind-use", null, "nobody", "A. Person", ProblemCode.NotFound, "organisation")]
    [InlineData("northwind-use", null, "acme-retail", " ", ProblemCode.InvalidRequest, "accepted_by")]
    [InlineData("northwind-use", null, "acme-retail", "A.\nPerson", ProblemCode.InvalidRequest, "accepted_by")]
    public async Task What_cannot_be_accepted_is_refused_by_field(string terms, string? version, string organisation, string by, ProblemCode code, string field)
    {
        await using var store = await (await stores.OpenAsync(StoreKind.Sqlite)).WithRulesAsync();

        var problem = (await store.AcceptAsync(organisation, RuleWorld.Now, version, terms, by)).Problem!;

        (problem.Code, problem.Param).ShouldBe((code, field));
        (await store.ReadAsync(Acceptances.ReadAsync)).ShouldBeEmpty();
    }
}
