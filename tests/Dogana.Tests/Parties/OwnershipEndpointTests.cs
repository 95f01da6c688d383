using System.Net;
using System.Net.Http.Headers;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.Tests.Parties;

/// <summary>Ownership over the admin API.</summary>
public sealed class OwnershipEndpointTests(StoreFixture stores)
{
    private const string Statement = """[{"recordId":"a","recordType":"entity","recordDetails":{"name":"A"}}]""";

    [Theory]
    [InlineData("&dry_run=true", HttpStatusCode.OK, 0)]
    [InlineData("&dry_run=True", HttpStatusCode.OK, 0)]
    [InlineData("&dry_run=1", HttpStatusCode.BadRequest, 0)]
    [InlineData("&dry_run=yes", HttpStatusCode.BadRequest, 0)]
    [InlineData("&dry_run=false", HttpStatusCode.OK, 1)]
    [InlineData("", HttpStatusCode.OK, 1)]
    public async Task What_is_no_flag_imports_nothing(string query, HttpStatusCode status, int parties)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await using var server = await ServeAsync(store);
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        using var content = new StringContent(Statement, new MediaTypeHeaderValue("application/json"));

        (await http.PostAsync(new Uri("/admin/v1/ownership/import?format=bods" + query, UriKind.Relative), content)).StatusCode.ShouldBe(status);

        (await store.ReadAsync(PartyRegister.ReadAsync)).OwnershipParties.Count.ShouldBe(parties);
    }

    [Fact]
    public async Task Statements_rules_and_families_are_written_in_words_and_in_pages()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        (await store.ApplyAsync("""
            dogana: 1
            organisations:
              - { id: acme, name: Acme, country: FR, time_zone: Europe/Paris }
              - { id: acme-sub, name: Acme Sub, country: FR, time_zone: Europe/Paris }
            ownership_parties: [{ id: jane, name: Jane Doe, kind: person }]
            ownership:
              - { id: s1, subject: acme-sub, interested_party: acme, interest: voting_rights, share: 60, source: register }
              - { id: s2, subject: acme, interested_party: jane, interest: reseller_of_record, source: register }
              - { id: s3, subject: acme, interested_party: jane, interest: shareholding, share_max: 60, source: register }
            control_rules: [{ id: half, threshold: 50, inclusive: true, aggregate: true, chain: product, unknown: exclude, links: [end_customer_of, agent] }]
            """)).TryGet(out _).ShouldBeTrue();
        await using var server = await ServeAsync(store);
        using var client = new AdminClient(new HttpClient { BaseAddress = new Uri(server.Urls.Single()) }, adminKey: null);

        var first = await client.ListOwnershipAsync(limit: 2);
        (first.Next, first.Data[0].Interest, first.Data[1].Interest).ShouldBe(("s2", "voting_rights", "reseller_of_record"));
        var last = await client.ListOwnershipAsync(first.Next!, 2);
        (last.Next, last.Data.Single().Id).ShouldBe((null, "s3"));
        var rules = await client.ListControlRulesAsync(limit: 1);
        (rules.Next, rules.Data.Single().Id, rules.Data[0].Chain, rules.Data[0].Unknown).ShouldBe(("default", "default", "cascade", "review"));
        var half = (await client.ListControlRulesAsync(rules.Next!)).Data.Single();
        (half.Chain, half.Unknown).ShouldBe(("product", "exclude"));
        half.Links.ShouldBe(["end_customer_of", "agent"], ignoreOrder: true);
        var family = await client.GetFamilyAsync("acme", rule: "default", at: "2026-01-31T08:00:00.5Z", why: true);
        family.Affiliates.Select(item => (item.Party, item.Kind, item.Certainty)).ShouldBe([("acme", "organisation", "yes"), ("acme-sub", "organisation", "yes"), ("jane", "person", "unknown")]);
        (await Should.ThrowAsync<DoganaException>(client.GetFamilyAsync("acme", at: "31.1.2026"))).Status.ShouldBe(400);
    }

    private static async Task<WebApplication> ServeAsync(Store store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.PropertyNamingPolicy = DoganaJson.Options.PropertyNamingPolicy);
        var server = builder.Build();
        server.Use(async (http, next) =>
        {
            http.SetActor("key-7");
            await next(http);
        });
        server.MapGroup("/admin/v1").MapOwnership();
        await server.StartAsync();
        return server;
    }
}
