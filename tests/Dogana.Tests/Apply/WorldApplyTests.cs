using Dogana.Apply;
using Dogana.Audit;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Settlement;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Apply;

public sealed class WorldApplyTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_sample_applies_and_a_second_time_changes_nothing(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);

        var first = (await store.ApplyAsync(OpeningDay.Text)).Value;
        var (version, dump) = (await store.ReadConfigurationVersionAsync(), await store.DumpAsync());
        var second = (await store.ApplyAsync(OpeningDay.Text, now: OpeningDay.Now.AddDays(40))).Value;

        first.ShouldAllBe(change => change.Kind == ChangeKind.Created);
        first.GroupBy(change => change.Type, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}").ShouldBe(
        [
            "5 organisation", "2 channel", "1 agreement", "3 project", "2 model", "1 upstream", "2 deployment", "4 market", "2 price_book", "4 price_book_version",
            "3 contract", "1 share_agreement",
        ]);
        second.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        second.Select(change => (change.Type, change.Id)).ShouldBe(first.Select(change => (change.Type, change.Id)));
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version);
        (await store.DumpAsync()).ShouldBe(dump);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_the_sample_declares_is_what_the_modules_read(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);

        var (parties, catalog, prices, contracts, shares, audit) = await store.ReadAsync(async session => (
            await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), await PriceBooks.ReadAsync(session),
            await Contracts.ReadAsync(session), await ShareAgreements.ReadAsync(session), await AuditLog.ReadAsync(session, 10)));

        parties.Ownership.At(DateTimeOffset.UnixEpoch).FamilyOf("lumen-media").ShouldBe("lumen-group");
        parties.AgreementOn("northwind", "cloud")!.Measures.ShouldBe(MeasureFlow.Binding);
        catalog.Models["use-lite"].ShouldBe(new Model("use-lite", "northwind", ModelKind.Embedding, 128, 0));
        var deployment = catalog.Deployments["clerk-1"];
        (deployment.Model, deployment.DefaultOutputCap).ShouldBe(("clerk-1", 128));
        deployment.Routes.ShouldBe([new Route("embedded", "clerk-1", 1, 1)]);
        catalog.Deployments["use-lite"].DefaultOutputCap.ShouldBe(0);
        catalog.IsSold("clerk-1", "SG", "cloud").ShouldBeTrue();
        catalog.IsSold("use-lite", "US", "direct").ShouldBeFalse();
        prices.FindInForce("cloud-eur", "clerk-1", Meter.OutputTokens, OpeningDay.Now)!.Price.Amount.ShouldBe(6.60m);
        prices.FindInForce("list-usd", "clerk-1", Meter.OutputTokens, OpeningDay.Now.AddYears(-1))!.Price.Amount.ShouldBe(8.00m);
        contracts.InForce("lumen-media", "cloud", OpeningDay.Now)!.PriceBook.ShouldBe("cloud-eur");
        shares.ShouldHaveSingleItem().Legs.ShouldHaveSingleItem().Tiers.ShouldHaveSingleItem().BasisPoints.ShouldBe(2_000);
        var applied = audit.ShouldHaveSingleItem();
        (applied.Action, applied.Actor, applied.Subject).ShouldBe(("world.apply", "operator/tester", "w.yaml"));
        applied.Detail.ShouldStartWith("5 organisation created, 2 channel created");
        applied.Detail.ShouldContain(": organisation northwind, organisation ");
    }

    [Fact]
    public async Task An_audit_row_names_fifty_of_the_objects_that_changed_and_counts_all()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        string World(int count, string name) => "dogana: 1\norganisations:\n" + string.Join('\n', Enumerable.Range(1, count).Select(
            number => $"  - {{ id: o{number:00}, name: {(number == 1 ? name : "Same")}, country: FR, time_zone: Europe/Paris }}"));

        await store.ApplyAsync(World(50, "First"));
        await store.ApplyAsync(World(52, "Second"));
        await store.ApplyAsync(World(52, "Second"));
        await store.ApplyAsync(World(104, "Second"));

        var details = (await store.ReadAsync(session => AuditLog.ReadAsync(session, 10))).Select(row => row.Detail).ToList();
        details.Count.ShouldBe(3, "the third changed nothing");
        details[2].ShouldEndWith("organisation o49, organisation o50");
        details[1].ShouldBe("1 organisation updated, 2 organisation created: organisation o01, organisation o51, organisation o52");
        details[0].ShouldStartWith("52 organisation created: organisation o53, ");
        details[0].ShouldEndWith("organisation o102 and 2 more");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var heard = 0;
        store.ConfigurationChanged += (_, _) => heard++;
        var before = await store.DumpAsync();

        var tried = (await store.ApplyAsync(OpeningDay.Text, dryRun: true)).Value;

        (await store.DumpAsync()).ShouldBe(before);
        heard.ShouldBe(0);
        (await store.ApplyAsync(OpeningDay.Text)).Value.ShouldBe(tried);
        heard.ShouldBe(1);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_refusal_by_the_last_module_leaves_the_store_as_it_was(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);
        var before = await store.DumpAsync();

        // Everything up to the share agreements can be written; they cannot change once begun.
        var yaml = OpeningDay.With("percent: \"20\"", "percent: 25").Replace("Acme Retail SA", "Acme Retail SAS", StringComparison.Ordinal);
        var fault = (await store.ApplyAsync(yaml)).Faults.ShouldHaveSingleItem();

        fault.Path.ShouldBe("share_agreements[0]");
        fault.Line.ShouldBe(OpeningDay.LineOf(yaml, "id: skyharbour-northwind"));
        fault.Message.ShouldContain("has begun");
        fault.Remedy.ShouldStartWith("End it with 'to'");
        (await store.DumpAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_file_may_be_a_part_of_the_world_and_refer_to_the_store(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);

        var changes = (await store.ApplyAsync("""
            dogana: 1
            organisations:
              - { id: lumen-labs, name: Lumen Labs, country: "NO", time_zone: Europe/Oslo, parent: lumen-nordic }
              - { id: lumen-nordic, name: Lumen Nordic, country: NO, time_zone: Europe/Oslo, parent: lumen-group }
            projects: [{ id: labs, organisation: lumen-labs, channel: cloud }]
            deployments: [{ name: Clerk.1_eu, model: clerk-1, upstream: embedded }]
            """)).Value;

        changes.Select(change => $"{change.Kind} {change.Id}").ShouldBe(["Created lumen-nordic", "Created lumen-labs", "Created labs", "Created Clerk.1_eu"]);
        var (parties, catalog) = await store.ReadAsync(async session => (await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session)));
        parties.Ownership.At(DateTimeOffset.UnixEpoch).FamilyOf("lumen-labs").ShouldBe("lumen-group");
        parties.Organisations["lumen-nordic"].Country.ShouldBe("NO");
        catalog.Deployments["Clerk.1_eu"].DefaultOutputCap.ShouldBe(256);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_reference_that_leads_nowhere_is_a_fault_that_says_what_exists(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);
        const string Yaml = """
            dogana: 1
            channels: [{ id: web, name: Web, kind: direct, seller: nortwind }]
            projects: [{ id: p, organisation: nobody-at-all, channel: web }]
            markets: [{ country: IT, models: [clerk-2], channels: ["*"] }]
            contracts: [{ id: c, organisation: acme-retail, channel: clod, price_book: list-eur, from: 2026-01-01 }]
            """;

        var faults = (await store.ApplyAsync(Yaml)).Faults;

        faults.Select(fault => (fault.Line, fault.Path)).ShouldBe(
        [
            (2, "channels[0].seller"), (3, "projects[0].organisation"), (4, "markets[0].models[0]"), (5, "contracts[0].channel"), (5, "contracts[0].price_book"),
        ]);
        faults[0].Column.ShouldBe(56);
        faults[0].Remedy.ShouldStartWith("Did you mean 'northwind'?");
        faults[1].Message.ShouldBe("There is no 'nobody-at-all' among the organisations.");
        faults[1].Remedy.ShouldBe("Declare it under organisations, or name one of 'acme-retail', 'lumen-group', 'lumen-media', 'northwind', 'skyharbour'.");
        faults[3].Remedy.ShouldBe("Did you mean 'cloud'? Declare it under channels, or name one of 'cloud', 'direct', 'web'.");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_would_rewrite_the_past_is_refused_at_its_place(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);

        // Published prices; all books are looked at, not only the first.
        var yaml = OpeningDay.With("amount: \"6.00\"", "amount: \"5.00\"").Replace("amount: \"6.60\"", "amount: \"5.60\"", StringComparison.Ordinal);
        var faults = (await store.ApplyAsync(yaml)).Faults;
        faults.Select(fault => fault.Path).ShouldBe(["price_books[0].versions[1].effective_from", "price_books[1].versions[1].effective_from"]);
        faults[0].Line.ShouldBe(OpeningDay.LineOf(yaml, "effective_from: 2026-06-01 # output"));
        faults[0].Message.ShouldContain("is published and cannot change");
        faults[0].Remedy.ShouldBe("Add a version with a later effective_from.");

        // A book's currency.
        (await store.ApplyAsync(OpeningDay.With("currency: EUR", "currency: CHF"))).Faults.ShouldHaveSingleItem().Path.ShouldBe("price_books[1]");

        // A contract that has begun, and one that overlaps.
        var contract = (await store.ApplyAsync(OpeningDay.With("price_book: cloud-eur", "price_book: list-usd"))).Faults.ShouldHaveSingleItem();
        (contract.Path, contract.Message).ShouldBe(("contracts[1]", "Contract 'lumen-cloud' has begun: usage is charged by it."));
        var overlap = (await store.ApplyAsync(
            "dogana: 1\ncontracts: [{ id: acme-two, organisation: acme-retail, channel: direct, price_book: list-usd, from: 2027-01-01 }]")).Faults.ShouldHaveSingleItem();
        (overlap.Path, overlap.Line).ShouldBe(("contracts[0]", 2));
        overlap.Message.ShouldContain("'acme-direct' and 'acme-two'");

        // A project's customer or channel.
        var moved = (await store.ApplyAsync("dogana: 1\nprojects:\n- id: lumen-app\n  organisation: lumen-media\n  channel: direct")).Faults.ShouldHaveSingleItem();
        (moved.Path, moved.Line).ShouldBe(("projects[0].channel", 5));
        moved.Remedy.ShouldStartWith("To move it, list under moves");

        // A second agreement for the same two.
        var second = (await store.ApplyAsync("dogana: 1\nagreements: [{ id: other, owner: northwind, channel: cloud, measures: none }]")).Faults.ShouldHaveSingleItem();
        (second.Path, second.Remedy).ShouldBe(("agreements[0].channel", "Change 'northwind-cloud' instead."));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_circle_that_the_file_closes_with_the_store_is_refused(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);

        var fault = (await store.ApplyAsync("""
            dogana: 1
            organisations: [{ id: lumen-group, name: Lumen, country: SG, time_zone: Asia/Singapore, parent: lumen-media }]
            """)).Faults.ShouldHaveSingleItem();

        (fault.Line, fault.Path).ShouldBe((2, "organisations[0].parent"));
        fault.Message.ShouldBe("The ownership runs in a circle: lumen-group → lumen-media → lumen-group.");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_output_cap_beyond_the_model_is_refused_wherever_the_model_is(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);

        var cap = (await store.ApplyAsync("dogana: 1\ndeployments: [{ name: d, model: clerk-1, upstream: embedded, default_output_cap: 257 }]")).Faults.ShouldHaveSingleItem();
        var shrunk = (await store.ApplyAsync(
            "dogana: 1\nmodels: [{ id: clerk-1, owner: northwind, kind: chat, context_tokens: 512, max_output_tokens: 100 }]")).Faults.ShouldHaveSingleItem();

        (cap.Path, cap.Message, cap.Remedy).ShouldBe(
            ("deployments[0].default_output_cap", "The model 'clerk-1' gives at most 256 tokens.", "Write 1 to 256, or delete the key."));
        shrunk.Path.ShouldBe("models[0].max_output_tokens");
        shrunk.Remedy.ShouldStartWith("Declare 'clerk-1' too");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whatever_can_be_read_is_applied_or_refused_and_never_throws(StoreKind kind)
    {
        await using var empty = await stores.OpenAsync(kind);
        await using var full = await stores.OpenAsync(kind);
        await full.ApplyAsync(OpeningDay.Text);
        var (applied, refused) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            if (!WorldFile.Parse(OpeningDay.Mutate(OpeningDay.Text, new Random(seed)), "w.yaml").TryGet(out var world))
            {
                continue;
            }

            foreach (var store in new[] { empty, full })
            {
                var outcome = await WorldApply.ApplyAsync(store, world, OpeningDay.Now, "tester", dryRun: true);
                (applied, refused) = outcome.Faults.Count == 0 ? (applied + 1, refused) : (applied, refused + 1);
                outcome.Faults.ShouldAllBe(fault => fault.Line >= 1 && fault.Path.Length > 0 && fault.Remedy.Length > 0, $"seed {seed}");
            }
        }

        applied.ShouldBeGreaterThan(20);
        refused.ShouldBeGreaterThan(0);
    }
}
