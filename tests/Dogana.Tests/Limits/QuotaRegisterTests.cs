using Dogana.Apply;
using Dogana.Audit;
using Dogana.Catalog;
using Dogana.Limits;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Limits;

/// <summary>Quotas as world files and operators declare them.</summary>
public sealed class QuotaRegisterTests(StoreFixture stores)
{
    private const string Base = """
        dogana: 1
        organisations:
          - { id: northwind, name: Northwind, country: US, time_zone: America/New_York }
          - { id: acme, name: Acme, country: FR, time_zone: Europe/Paris }
          - { id: lumen, name: Lumen, country: SG, time_zone: Asia/Singapore }
        channels:
          - { id: direct, name: Direct, kind: direct, seller: northwind }
        projects:
          - { id: acme-shop, organisation: acme, channel: direct }
          - { id: lumen-lab, organisation: lumen, channel: direct }
        models:
          - { id: gpt, owner: northwind, kind: chat, context_tokens: 1000, max_output_tokens: 100, requests_per_thousand_tokens: 6 }
          - { id: other, owner: northwind, kind: chat, context_tokens: 1000, max_output_tokens: 100 }
        upstreams:
          - { id: here, kind: embedded }
        deployments:
          - { name: Gpt_A, model: gpt, upstream: here, tokens_per_minute: 100, limit_mode: observe }
          - { name: gpt-west, model: gpt, upstream: here, region: west }
          - { name: other, model: other, upstream: here }
        quotas:
          - id: acme-gpt
            organisation: acme
            model: gpt
            tokens_per_minute: 1000
            window: sliding
            request_slice_seconds: 1
            mode: observe
            allotments:
              - { deployment: Gpt_A, project: acme-shop, tokens_per_minute: 200 }
              - { deployment: Gpt_A, tokens_per_minute: 300 }
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_file_declares_quotas_once(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);

        var first = (await store.ApplyAsync(Base)).Value;
        var version = await store.ReadConfigurationVersionAsync();
        var second = (await store.ApplyAsync(Base)).Value;

        first.Count(static change => change is { Type: "quota", Id: "acme-gpt", Kind: ChangeKind.Created }).ShouldBe(1);
        second.ShouldAllBe(static change => change.Kind == ChangeKind.Unchanged);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version);
        var quota = (await store.ReadAsync(QuotaRegister.ReadAsync)).ShouldHaveSingleItem();
        (quota.Organisation, quota.Model, quota.Region, quota.TokensPerMinute, quota.Window, quota.RequestSliceSeconds, quota.Mode)
            .ShouldBe(("acme", "gpt", "global", 1_000, QuotaWindow.Sliding, 1, LimitMode.Observe));
        quota.Allotments.ShouldBe([new("Gpt_A", null, 300), new("Gpt_A", "acme-shop", 200)]);
        var catalog = await store.ReadAsync(CatalogRegister.ReadAsync);
        (catalog.Deployments["Gpt_A"].ObservesLimits, catalog.Deployments["gpt-west"].ObservesLimits).ShouldBe((true, false));
    }

    [Theory]
    [InlineData("tokens_per_minute: 100, allotments: [{ deployment: Gpt_A, tokens_per_minute: 60 }, { deployment: Gpt_A, project: lumen-lab, tokens_per_minute: 41 }]", "The allotments of the quota 'q' are 101 tokens in a minute together, more than its 100.")]
    [InlineData("tokens_per_minute: 100, allotments: [{ deployment: other, tokens_per_minute: 1 }]", "The quota 'q' allots to 'other': it runs 'other', not 'gpt'.")]
    [InlineData("tokens_per_minute: 100, allotments: [{ deployment: gpt-west, tokens_per_minute: 1 }]", "The quota 'q' allots to 'gpt-west': its region is west, the quota's global.")]
    [InlineData("tokens_per_minute: 100, allotments: [{ deployment: Gpt_A, project: acme-shop, tokens_per_minute: 1 }]", "The quota 'q' allots to 'Gpt_A' for the project 'acme-shop': the project is none of 'lumen'.")]
    [InlineData("tokens_per_minute: 100, allotments: [{ deployment: Gpt_A, tokens_per_minute: 1 }, { deployment: Gpt_A, tokens_per_minute: 1 }]", "The quota 'q' allots to 'Gpt_A': it has an allotment already.")]
    [InlineData("tokens_per_minute: 100, allotments: [{ deployment: nobody, tokens_per_minute: 1 }]", "There is no 'nobody' among the deployments.")]
    [InlineData("tokens_per_minute: 100, request_slice_seconds: 7", "Requests are not checked in slices of 7 s.")]
    public async Task What_cannot_be_is_a_fault_at_its_place(string quota, string expected)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await store.ApplyAsync(Base);
        var yaml = $$"""
            dogana: 1
            quotas:
              - { id: q, organisation: lumen, model: gpt, {{quota}} }
            """;

        IReadOnlyList<WorldFault> faults = WorldFile.Parse(yaml, "w.yaml").TryGet(out _) ? (await store.ApplyAsync(yaml)).Faults : WorldFile.Parse(yaml, "w.yaml").Faults;

        var fault = faults.ShouldHaveSingleItem();
        fault.Message.ShouldBe(expected);
        fault.Path.ShouldStartWith("quotas[0].");
        (await store.ReadAsync(QuotaRegister.ReadAsync)).Count.ShouldBe(1, "nothing of the file is there");
    }

    [Fact]
    public async Task There_is_one_quota_of_a_model_in_a_region_and_it_stays_where_it_is()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await store.ApplyAsync(Base);

        await FaultAsync("quotas: [{ id: again, organisation: acme, model: gpt, tokens_per_minute: 1 }]", "'acme' has the quota 'acme-gpt' of 'gpt' in global already.");
        await FaultAsync("quotas: [{ id: acme-gpt, organisation: lumen, model: gpt, tokens_per_minute: 1 }]", "The quota 'acme-gpt' is of 'acme' for 'gpt' in global, and stays so.");
        await FaultAsync("deployments: [{ name: Gpt_A, model: gpt, upstream: here, region: west }]", "The quota 'acme-gpt' allots to 'Gpt_A': its region is west, the quota's global.", 2);
        (await store.ApplyAsync("dogana: 1\nquotas: [{ id: again, organisation: acme, model: gpt, region: west, tokens_per_minute: 1 }]")).TryGet(out _).ShouldBeTrue();

        async Task FaultAsync(string yaml, string expected, int count = 1)
        {
            var faults = (await store.ApplyAsync("dogana: 1\n" + yaml)).Faults;
            faults.Count.ShouldBe(count);
            faults[0].Message.ShouldStartWith(expected);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_change_is_audited_once_and_told_to_the_nodes(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(Base);
        var version = await store.ReadConfigurationVersionAsync();
        var quota = (await store.ReadAsync(session => QuotaRegister.FindAsync(session, "acme-gpt"))).Value;

        (await SetAsync(quota with { TokensPerMinute = 600 })).Problem.ShouldBeNull();
        (await SetAsync(quota with { TokensPerMinute = 600 })).Problem.ShouldBeNull();
        var refused = await SetAsync(quota with { TokensPerMinute = 499 });

        refused.Problem!.Code.ShouldBe(ProblemCode.Conflict);
        refused.Problem.Message.ShouldBe("The allotments of the quota 'acme-gpt' are 500 tokens in a minute together, more than its 499. Allot less, or raise the quota.");
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version + 1);
        (await store.ReadAsync(session => AuditLog.ReadAsync(session, 10))).Where(static row => row.Action == "quota.set").ShouldHaveSingleItem().Subject.ShouldBe("acme-gpt");
        (await store.ReadAsync(session => QuotaRegister.FindAsync(session, "nobody"))).Problem!.Code.ShouldBe(ProblemCode.NotFound);

        Task<Outcome<Quota>> SetAsync(Quota changed) => store.WriteAsync(session => QuotaRegister.SetAsync(session, changed, "me", "quota.set", "", DateTimeOffset.UnixEpoch));
    }
}
