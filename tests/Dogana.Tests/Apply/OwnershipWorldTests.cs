using Dogana.Apply;
using Dogana.Parties;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Apply;

public sealed class OwnershipWorldTests(StoreFixture stores)
{
    private const string Yaml = """
        dogana: 1
        organisations:
          - { id: northwind, name: Northwind, country: US, time_zone: America/New_York }
          - { id: acme, name: Acme, country: FR, time_zone: Europe/Paris, lei: 529900T8BM49AURSDO55 }
          - { id: acme-sub, name: Acme Sub, country: FR, time_zone: Europe/Paris }
        ownership_parties:
          - { id: fund, name: The Fund, kind: entity, country: LU }
          - { id: jane, name: Jane Doe, kind: person }
        ownership:
          - { id: s1, subject: acme, interested_party: fund, interest: shareholding, share: 50.0001, from: 2026-01-01, source: register }
          - { id: s2, subject: fund, interested_party: jane, interest: control, source: filing }
          - { id: s3, subject: acme-sub, interested_party: acme, interest: voting_rights, share_min: 25, share_max: 50, exclusive_min: true, exclusive_max: true, source: register }
          - { id: s4, subject: acme-sub, unknown_party: true, interest: shareholding, share_max: 75, to: 2027-01-01, source: register }
          - { id: s5, subject: fund, interested_party: acme, interest: shareholding, share: 10, source: a circle is a fact }
        control_rules:
          - { id: ofac, threshold: 50, inclusive: true, aggregate: true, chain: cascade, unknown: include, from: 2026-02-01 }
          - { id: northwind, owner: northwind, threshold: 50, inclusive: false, aggregate: true, chain: product, unknown: review, links: [agent, control] }
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Ownership_is_declared_read_back_and_declared_again_without_a_change(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);

        (await store.ApplyAsync(Yaml)).Value.ShouldAllBe(change => change.Kind == ChangeKind.Created);
        var (version, dump) = (await store.ReadConfigurationVersionAsync(), await store.DumpAsync());
        (await store.ApplyAsync(Yaml)).Value.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version);
        (await store.DumpAsync()).ShouldBe(dump);

        var parties = await store.ReadAsync(PartyRegister.ReadAsync);
        parties.Organisations["acme"].Lei.ShouldBe("529900T8BM49AURSDO55");
        parties.OwnershipParties.Select(item => (item.Id, item.Kind)).ShouldBe([("fund", OwnershipPartyKind.Entity), ("jane", OwnershipPartyKind.Person)], ignoreOrder: true);
        var statements = parties.Ownership.Statements.ToDictionary(item => item.Id, StringComparer.Ordinal);
        statements["s1"].Share.ShouldBe(new ShareRange(500_001, 500_001));
        statements["s1"].From.ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        statements["s2"].Interest.ShouldBe(InterestKind.Control);
        statements["s3"].Share.ShouldBe(new ShareRange(250_001, 499_999));
        (statements["s4"].InterestedParty, statements["s4"].Share).ShouldBe((null, new ShareRange(0, 750_000)));
        var view = parties.Ownership.At(OpeningDay.Now);
        view.RuleFor("acme").Id.ShouldBe("ofac");
        view.RuleFor("northwind").Links.ShouldBe([InterestKind.Control, InterestKind.Agent]);
        view.AffiliatesOf("acme", view.RuleFor("northwind")).Keys.Order(StringComparer.Ordinal).ShouldBe(["acme", "fund", "jane"]);
        view.FamilyOf("acme").ShouldBe("fund", "the rule for all, ofac, names no links");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_statement_that_was_wrong_is_corrected_also_in_the_past_and_audited(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(Yaml);

        var changes = (await store.ApplyAsync(
            "dogana: 1\nownership: [{ id: s1, subject: acme, interested_party: fund, interest: shareholding, share: 40, from: 2025-01-01, to: 2026-03-01, source: corrected }]")).Value;

        changes.ShouldHaveSingleItem().Kind.ShouldBe(ChangeKind.Updated);
        (await store.ReadAsync(session => session.QueryAsync<string>("select detail from audit_event order by sequence desc limit 1"))).ShouldBe(["1 ownership_statement updated: ownership_statement s1"]);
    }

    [Theory]
    [InlineData("ownership: [{ id: s, subject: nobody, interested_party: acme, interest: control, source: x }]", "There is no 'nobody' among the organisations or ownership parties.")]
    [InlineData("ownership: [{ id: s, subject: acme, interested_party: nobody, interest: control, source: x }]", "There is no 'nobody' among the organisations or ownership parties.")]
    [InlineData("ownership: [{ id: s, subject: acme, interest: control, source: x }]", "A statement has either an interested_party or unknown_party: true.")]
    [InlineData("ownership: [{ id: s, subject: acme, interested_party: fund, interest: shareholding, source: x }]", "A shareholding or vote has either a share or a range.")]
    [InlineData("ownership: [{ id: s, subject: acme, interested_party: fund, interest: control, share: 5, source: x }]", "An ownership statement of the interest control has no 'share'.")]
    [InlineData("ownership: [{ id: s, subject: acme, interested_party: fund, interest: shareholding, share: 50.00001, source: x }]", "'50.00001' is not a decimal number in the range.")]
    [InlineData("ownership: [{ id: s, subject: acme, interested_party: fund, interest: shareholding, share_min: 50, share_max: 50, exclusive_min: true, source: x }]", "No share lies in this range.")]
    [InlineData("ownership: [{ id: s, subject: acme, interested_party: fund, interest: control, from: 2026-01-02, to: 2026-01-01, source: x }]", "It ends before it begins.")]
    [InlineData("control_rules: [{ id: r, threshold: 0, inclusive: true, aggregate: true, chain: cascade, unknown: review }]", "By a threshold of 0 everybody would control everybody.")]
    [InlineData("ownership_parties: [{ id: acme, name: Acme, kind: entity }]", "'acme' is an organisation.")]
    [InlineData("organisations: [{ id: fund, name: Fund, country: FR, time_zone: Europe/Paris }]", "'fund' is an ownership party already.")]
    [InlineData("organisations: [{ id: twin, name: Twin, country: FR, time_zone: Europe/Paris, lei: 529900T8BM49AURSDO55 }]", "'acme' has this LEI.")]
    [InlineData("organisations: [{ id: twin, name: Twin, country: FR, time_zone: Europe/Paris, lei: 529900T8BM49AURSDO56 }]", "'529900T8BM49AURSDO56' has check digits that do not fit.")]
    public async Task What_cannot_be_is_refused(string part, string message)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        (await store.ApplyAsync(Yaml)).TryGet(out _).ShouldBeTrue();

        var parsed = WorldFile.Parse("dogana: 1\n" + part, "w.yaml");
        var faults = parsed.TryGet(out var world) ? (await WorldApply.ApplyAsync(store, world, OpeningDay.Now, "tester", dryRun: false)).Faults : parsed.Faults;

        faults.ShouldHaveSingleItem().Message.ShouldBe(message);
    }
}
