using System.Security.Cryptography;
using Dogana.Access;
using Dogana.Apply;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Access;

/// <summary>A key's life: what it is good for, its successor, its end and its last use; on both stores.</summary>
public sealed class KeyRotationTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly KeyDetails Details = new()
    {
        Scope = KeyScope.Of(["talk"], ["openai", "azure"], ["DE"], ["10.0.0.0/8", "2001:db8::/32"]).Value,
        Owner = "ann@acme.example",
        Tags = CallTags.Of(["team=search", "env=prod"], "tags").Value,
    };

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_successor_is_as_the_key_was_and_both_open_until_the_overlap_is_over(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var first = await CreateAsync(store, Now.AddDays(30));
        var second = (await RotateAsync(store, first.Key.Id, TimeSpan.FromHours(2), Now.AddDays(1))).Value;

        (second.Text == first.Text).ShouldBeFalse();
        var stored = await FindAsync(store, second.Key.Id);
        (stored.Project, stored.EndCustomer, stored.Name, stored.Details.Owner, stored.Details.Tags.Text, stored.Line).ShouldBe(
            ("shop", "lumen", "first", "ann@acme.example", "env=prod,team=search", first.Key.Id));
        stored.Details.Scope.Models.ShouldBe(["talk"]);
        stored.Details.Scope.Dialects.ShouldBe(["openai", "azure"]);
        stored.Details.Scope.Countries.ShouldBe(["DE"]);
        stored.Details.Scope.Addresses.ShouldBe(["10.0.0.0/8", "2001:db8::/32"]);
        (stored.ExpiresAt, (await FindAsync(store, first.Key.Id)).ExpiresAt).ShouldBe((Now.AddDays(31), Now.AddDays(1).AddHours(2)));

        var table = await store.ReadAsync(ApiKeys.ReadTableAsync);
        var over = Now.AddDays(1).AddHours(2);
        (table.Find(first.Text, over.AddTicks(-10)).Problem, table.Find(second.Text, over.AddTicks(-10)).Problem).ShouldBe((null, null));
        table.Find(first.Text, over).Problem!.Code.ShouldBe(ProblemCode.KeyRevoked);
        table.Find(second.Text, over).Problem.ShouldBeNull();
        table.FindCut(first.Key.Id).ShouldBeNull("an overlap that is over cuts nothing");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task At_most_two_keys_of_a_line_are_live(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var first = await CreateAsync(store, null);
        var second = (await RotateAsync(store, first.Key.Id, KeyRotation.OverlapDefault, Now)).Value;
        second.Key.ExpiresAt.ShouldBeNull();

        foreach (var id in new[] { first.Key.Id, second.Key.Id })
        {
            var refused = (await RotateAsync(store, id, TimeSpan.Zero, Now.AddHours(23))).Problem!;
            (refused.Code, refused.Param).ShouldBe((ProblemCode.Conflict, "id"));
            refused.Message.ShouldContain($"The older one, {first.Key.Id}, ends 2026-02-01T12:00:00Z");
        }

        // The old key stays as short as its overlap is.
        (await UpdateAsync(store, first.Key.Id, static key => key with { ExpiresAt = null }, Now)).Problem!.Code.ShouldBe(ProblemCode.Conflict);
        (await UpdateAsync(store, first.Key.Id, static key => key with { ExpiresAt = key.ExpiresAt!.Value.AddHours(-1) }, Now)).Problem.ShouldBeNull();

        var third = (await RotateAsync(store, second.Key.Id, TimeSpan.Zero, Now.AddHours(24))).Value;
        (await store.ReadAsync(ApiKeys.ListAsync)).Count(key => key.IsLive(Now.AddHours(24))).ShouldBe(1, "an overlap of nothing ends the old one at once");
        third.Key.Line.ShouldBe(first.Key.Id);
        foreach (var (id, overlap, code) in new[]
        {
            (second.Key.Id, TimeSpan.Zero, ProblemCode.Conflict), ("nobody", TimeSpan.Zero, ProblemCode.NotFound),
            (third.Key.Id, TimeSpan.FromDays(91), ProblemCode.InvalidRequest), (third.Key.Id, TimeSpan.FromSeconds(-1), ProblemCode.InvalidRequest),
        })
        {
            (await RotateAsync(store, id, overlap, Now.AddHours(24))).Problem!.Code.ShouldBe(code);
        }

        (await store.WriteAsync(session => ApiKeys.RevokeAsync(session, third.Key.Id, "me", Now.AddHours(24), RevocationReason.OwnerLeft))).Problem.ShouldBeNull();
        (await RotateAsync(store, third.Key.Id, TimeSpan.Zero, Now.AddHours(24))).Problem!.Code.ShouldBe(ProblemCode.Conflict);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_reason_is_kept_and_only_one_that_cuts_comes_after_another(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var key = await CreateAsync(store, null);
        (await RevokeAsync(RevocationReason.Unused, Now)).RevokedFor.ShouldBe(RevocationReason.Unused);
        (await store.ReadAsync(ApiKeys.ReadTableAsync)).FindCut(key.Key.Id).ShouldBeNull();

        (await RevokeAsync(RevocationReason.Rotated, Now.AddHours(1))).RevokedFor.ShouldBe(RevocationReason.Unused);
        var leaked = await RevokeAsync(RevocationReason.Leaked, Now.AddHours(2));
        (leaked.RevokedFor, leaked.RevokedAt).ShouldBe((RevocationReason.Leaked, Now));
        (await RevokeAsync(null, Now.AddHours(3))).RevokedFor.ShouldBe(RevocationReason.Leaked);

        (await store.ReadAsync(ApiKeys.ReadTableAsync)).FindCut(key.Key.Id)!.Code.ShouldBe(ProblemCode.KeyRevoked);
        (await store.ReadAsync(session => session.QueryAsync<string>("select action || ' ' || detail from audit_event where action = 'key.revoke' order by sequence")))
            .ShouldBe(["key.revoke unused", "key.revoke leaked"]);
        (await UpdateAsync(store, key.Key.Id, static dead => dead with { Name = "again" }, Now)).Problem!.Code.ShouldBe(ProblemCode.Conflict);

        async Task<ApiKey> RevokeAsync(RevocationReason? reason, DateTimeOffset at) => (await store.WriteAsync(session => ApiKeys.RevokeAsync(session, key.Key.Id, "me", at, reason))).Value;
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_a_key_is_good_for_can_change_and_names_deployments_that_exist(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var key = await CreateAsync(store, null);

        (await UpdateAsync(store, key.Key.Id, static old => old with { Name = "renamed", ExpiresAt = Now.AddDays(2), Details = KeyDetails.None }, Now)).Problem.ShouldBeNull();
        var changed = await FindAsync(store, key.Key.Id);
        (changed.Name, changed.ExpiresAt, changed.Details.Owner, changed.Details.Tags.Text, changed.Details.Scope.Models).ShouldBe(("renamed", Now.AddDays(2), null, null, null));
        var unknown = KeyScope.Of(["nowhere"], null, null, null).Value;
        (await UpdateAsync(store, key.Key.Id, old => old with { Details = old.Details with { Scope = unknown } }, Now)).Problem!.Message.ShouldContain("No deployment has the name 'nowhere'");
        (await UpdateAsync(store, key.Key.Id, static old => old with { ExpiresAt = Now }, Now)).Problem!.Param.ShouldBe("expires_at");
        (await UpdateAsync(store, key.Key.Id, static old => old with { Details = old.Details with { Owner = "two\nlines" } }, Now)).Problem!.Param.ShouldBe("owner");
        (await store.WriteAsync(session => ApiKeys.CreateAsync(session, null, "admin", null, RandomNumberGenerator.Create(), "me", Now, details: Details))).Problem!.Param.ShouldBe("kind");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_last_use_costs_one_write_in_a_minute_and_never_goes_back(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var (key, other) = ((await CreateAsync(store, null)).Key.Id, (await CreateAsync(store, null)).Key.Id);
        var version = await store.ReadConfigurationVersionAsync();
        var uses = new KeyUse();
        var ahead = new KeyUse();

        for (var second = 0; second < 60; second++)
        {
            uses.Note(key, Now.AddSeconds(second));
        }

        (await uses.WriteAsync(store, Now), await uses.WriteAsync(store, Now)).ShouldBe((1, 0));
        ((await FindAsync(store, key)).LastUsedAt, (await FindAsync(store, other)).LastUsedAt).ShouldBe((Now, null));
        uses.Note(key, Now.AddSeconds(60));
        uses.Note(other, Now.AddSeconds(61));
        (await uses.WriteAsync(store, Now.AddSeconds(62))).ShouldBe(2);
        (await FindAsync(store, key)).LastUsedAt.ShouldBe(Now.AddSeconds(60));

        // Another node saw a later use.
        ahead.Note(key, Now.AddMinutes(30));
        await ahead.WriteAsync(store, Now.AddMinutes(30));
        uses.Note(key, Now.AddMinutes(20));
        await uses.WriteAsync(store, Now.AddMinutes(40));
        (await FindAsync(store, key)).LastUsedAt.ShouldBe(Now.AddMinutes(30));
        uses.Note(key, Now.AddMinutes(41)); // it was forgotten meanwhile
        (await uses.WriteAsync(store, Now.AddMinutes(41))).ShouldBe(1);
        (await FindAsync(store, key)).LastUsedAt.ShouldBe(Now.AddMinutes(41));
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version, "no node reads its keys anew for it");
    }

    private async Task<Store> OpenAsync(StoreKind kind)
    {
        var store = await stores.OpenAsync(kind);
        WorldFile.Parse("""
            dogana: 1
            organisations:
              - { id: acme, name: Acme, country: DE, time_zone: Europe/Berlin }
              - { id: lumen, name: Lumen, country: SG, time_zone: Asia/Singapore }
            channels: [{ id: direct, name: Direct, kind: direct, seller: acme }]
            projects: [{ id: shop, organisation: acme, channel: direct, resells: true }]
            models: [{ id: clerk-1, owner: acme, kind: chat, context_tokens: 512, max_output_tokens: 256 }]
            upstreams: [{ id: here, kind: embedded }]
            deployments: [{ name: talk, model: clerk-1, upstream: here }]
            """, "test.yaml").TryGet(out var world).ShouldBeTrue();
        (await WorldApply.ApplyAsync(store, world!, Now, "test", dryRun: false)).TryGet(out _).ShouldBeTrue();
        return store;
    }

    private static async Task<NewApiKey> CreateAsync(Store store, DateTimeOffset? expires) =>
        (await store.WriteAsync(session => ApiKeys.CreateAsync(session, "shop", "first", expires, RandomNumberGenerator.Create(), "me", Now, "lumen", Details))).Value;

    private static Task<Outcome<NewApiKey>> RotateAsync(Store store, string id, TimeSpan overlap, DateTimeOffset now) =>
        store.WriteAsync(session => KeyRotation.RotateAsync(session, id, overlap, RandomNumberGenerator.Create(), "me", now));

    private static Task<Outcome<ApiKey>> UpdateAsync(Store store, string id, Func<ApiKey, ApiKey> change, DateTimeOffset now) =>
        store.WriteAsync(session => ApiKeys.UpdateAsync(session, id, key => change(key), "me", now));

    private static async Task<ApiKey> FindAsync(Store store, string id) => (await store.ReadAsync(session => ApiKeys.FindAsync(session, id))).Value;
}
