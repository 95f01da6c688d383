using Dogana.Storage;
using Dogana.Terms;
using Dogana.Tests.Apply;

namespace Dogana.Tests.Terms;

/// <summary>The sample world with market rules, terms, an exception and declared uses on top.</summary>
internal static class RuleWorld
{
    /// <summary>When it is applied: a month before version 2026-08 is in force, two before it must be accepted.</summary>
    public static readonly DateTimeOffset Now = OpeningDay.Now;

    public static readonly DateTimeOffset AcceptBy = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    public const string Text = """
        dogana: 1
        market_rules:
          - id: fr-direct
            effect: deny
            countries: [FR]
            channels: [direct]
            models: [use-lite]
            reason: In France through the cloud alone.
            source: "A law, 2026"
            from: 2026-07-01
            to: 2026-12-01T12:00:00.000001Z
          - id: eu-region
            effect: require
            countries: ["*"]
            owners: [northwind]
            uses: [assistant, content]
            upstream_regions: [west europe, swedencentral]
            labels: [ai_generated]
          - id: own-only
            effect: deny
            countries: [AQ]
            owned_from: [AQ, AX]
            control_rule: default
            own_model: false
            reason: Only a company's own models.
        terms:
          - id: northwind-use
            name: Northwind terms of use
            owner: northwind
            models: ["*"]
            channels: [direct, cloud]
            versions:
              - version: 2025-01
                effective_from: 2025-01-01
                text_url: https://northwind.example/terms/2025-01
                serve: true
                log: true
                evaluate: true
                train: false
                competing_models: prohibited
              - version: 2026-08
                effective_from: 2026-08-01
                accept_by: 2026-09-01
                text_sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                serve: true
                log: false
                evaluate: true
                train: false
                competing_models: prohibited
                note: No logging any more.
          - id: cloud-use
            name: Skyharbour addendum
            owner: northwind
            models: [clerk-1]
            channels: [cloud]
            versions:
              - { version: "1", effective_from: 2026-01-01, text_url: "https://skyharbour.example/1", serve: true, log: true, evaluate: true, train: true, competing_models: allowed }
        licence_exceptions:
          - { id: lumen-train, organisation: lumen-media, terms: northwind-use, grants: [train, compete], from: 2026-01-01, to: 2027-01-01, approved_by: "R. Roe, licensing", reason: Research licence. }
        declared_uses:
          - { project: lumen-app, use: distillation, monthly_tokens: 5000000, description: A small model of its own. }
          - { project: acme-shop, use: assistant, monthly_tokens: 1000000, description: Answers in the shop., to: 2028-01-01 }
        """;

    /// <summary>Applies the sample and this.</summary>
    public static async Task<Store> WithRulesAsync(this Store store)
    {
        (await store.ApplyAsync(OpeningDay.Text, now: Now)).TryGet(out _).ShouldBeTrue();
        (await store.ApplyAsync(Text, now: Now)).Value.ShouldAllBe(change => change.Kind == ChangeKind.Created);
        return store;
    }

    public static Task<Outcome<Acceptance>> AcceptAsync(
        this Store store, string organisation, DateTimeOffset at, string? version = null, string terms = "northwind-use", string by = "Ana Weiss, head of legal") =>
        store.WriteAsync(session => Acceptances.AcceptAsync(session, terms, version, organisation, by, "key-7", at));

    /// <summary>The notices of a topic: to whom, and of what.</summary>
    public static Task<IReadOnlyList<string>> NoticesAsync(this Store store, string topic) =>
        store.ReadAsync(session => session.QueryAsync<string>("select dedup_key from notice where topic = @topic order by created_at, dedup_key", new { topic }));
}
