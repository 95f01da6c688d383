using Dogana.Apply;
using Dogana.Notices;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Notices;

/// <summary>Notice targets in the world file.</summary>
public sealed class NoticeTargetFileTests(StoreFixture stores)
{
    private const string Parties = """
        dogana: 1
        organisations:
          - { id: acme, name: Acme, country: FR, time_zone: Europe/Paris }
          - { id: lumen, name: Lumen, country: SG, time_zone: Asia/Singapore }

        """;

    private static readonly DateTimeOffset Now = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Targets_are_declared_changed_and_stay_with_their_organisation(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        const string targets = """
            notice_targets:
              - { id: ops, organisation: "*", kind: email, address: ops@example.com }
              - { id: acme-hook, organisation: acme, kind: webhook, url: "https://hooks.example.com/a?b=c", topics: ["measure.*", terms.published] }
              - { id: near, organisation: acme, kind: webhook, url: "http://127.0.0.1:9/x" }
              - { id: own-net, organisation: acme, kind: webhook, url: "http://10.0.0.7/x", allow_http: true }
            """;

        (await ApplyAsync(store, Parties + targets)).TryGet(out var changes).ShouldBeTrue();
        changes!.Where(change => change.Type == "notice_target").Select(change => (change.Id, change.Kind))
            .ShouldBe([("ops", ChangeKind.Created), ("acme-hook", ChangeKind.Created), ("near", ChangeKind.Created), ("own-net", ChangeKind.Created)]);
        (await ApplyAsync(store, Parties + targets)).TryGet(out var again).ShouldBeTrue();
        again!.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);

        var moved = await ApplyAsync(store, Parties + """
            notice_targets:
              - { id: acme-hook, organisation: lumen, kind: webhook, url: "https://hooks.example.com/a" }
            """);
        moved.TryGet(out _).ShouldBeFalse();
        moved.Faults.Single().ToString().ShouldContain("notice_targets[0].organisation: The notice target 'acme-hook' belongs to 'acme', and stays there. Declare a new target");

        (await ApplyAsync(store, Parties + """
            notice_targets:
              - { id: acme-hook, organisation: acme, kind: email, address: a@example.com }
            """)).TryGet(out _).ShouldBeTrue();
        var stored = (await store.ReadAsync(session => NoticeTargets.ListAsync(session, "", 10))).ToDictionary(item => item.Target.Id, StringComparer.Ordinal);
        (stored["acme-hook"].Target.Kind, stored["acme-hook"].Target.Address, stored["acme-hook"].CreatedBy).ShouldBe((NoticeTargetKind.Email, "a@example.com", "me"));
        stored["ops"].Target.Topics.ShouldBe(["*"]);
    }

    [Theory]
    [InlineData("organisation: acmee, kind: email, address: a@example.com", "organisation: There is no 'acmee' among the organisations. Did you mean 'acme'?")]
    [InlineData("organisation: acme, kind: email", "needs the key 'address'")]
    [InlineData("organisation: acme, kind: webhook, address: a@example.com", "needs the key 'url'")]
    [InlineData("organisation: acme, kind: email, address: a@example.com, url: \"https://x.example\"", "has no 'url'")]
    [InlineData("organisation: acme, kind: email, address: \"A <a@example.com>\"", "address: 'A <a@example.com>' is not written as it must be")]
    [InlineData("organisation: acme, kind: email, address: \"a@example.com\\r\\nBcc: b@example.com\"", "control characters")]
    [InlineData("organisation: acme, kind: webhook, url: \"http://hooks.example.com/\"", "url: Notices would cross the network in the clear. Write https://")]
    [InlineData("organisation: acme, kind: webhook, url: \"https://me:secret@hooks.example.com/\"", "url: The value has a user or password in it")]
    [InlineData("organisation: acme, kind: webhook, url: \"https://x.example/#a\"", "url: The value is not written as it must be")]
    [InlineData("organisation: acme, kind: webhook, url: \"ftp://x.example/\"", "url: The value is not written as it must be")]
    [InlineData("organisation: acme, kind: fax, address: a@example.com", "kind: 'fax' is none of the choices")]
    [InlineData("organisation: acme, kind: email, address: a@example.com, topics: [\"me*\"]", "topics[0]: 'me*' is not written as it must be")]
    [InlineData("organisation: acme, kind: email, address: a@example.com, topics: []", "The list has 0 entries")]
    public async Task What_cannot_be_a_target_is_refused_by_field_and_with_a_remedy(string target, string fault)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);

        var outcome = await ApplyAsync(store, $"{Parties}notice_targets:\n  - {{ id: t, {target} }}\n");

        outcome.TryGet(out _).ShouldBeFalse();
        outcome.Faults.Select(item => item.ToString()).ShouldContain(text => text.Contains("notice_targets[0]") && text.Contains(fault), string.Join('\n', outcome.Faults));
        string.Join('\n', outcome.Faults).ShouldNotContain("secret@");
    }

    private static async Task<WorldOutcome<IReadOnlyList<Change>>> ApplyAsync(Dogana.Storage.Store store, string yaml)
    {
        var parsed = WorldFile.Parse(yaml, "world.yaml");
        return parsed.TryGet(out var world) ? await WorldApply.ApplyAsync(store, world, Now, "me", dryRun: false) : new(parsed.Faults);
    }
}
