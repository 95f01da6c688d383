using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Markets;
using Dogana.Storage;
using Dogana.Terms;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.Tests.Terms;

/// <summary>Market rules and terms over the admin API, by its client.</summary>
public sealed class RuleEndpointTests(StoreFixture stores)
{
    [Fact]
    public async Task Market_rules_come_in_pages_with_the_markets_first()
    {
        await using var store = await (await stores.OpenAsync(StoreKind.Sqlite)).WithRulesAsync();
        await using var server = await ServeAsync(store);
        using var client = ClientOf(server);
        var (rules, after, pages) = (new List<MarketRuleRecord>(), (string?)null, 0);
        do
        {
            var page = await client.ListMarketRulesAsync(after, 3);
            rules.AddRange(page.Data);
            (after, pages) = (page.Next, pages + 1);
        }
        while (after is not null);

        pages.ShouldBe(3);
        rules.Select(rule => rule.Rule).ShouldBe(["market DE", "market FR", "market SG", "market US", "market_rule eu-region", "market_rule fr-direct", "market_rule own-only"]);
        rules[0].Models.ShouldBeNull();
        (rules[5].Effect, rules[5].Source, rules[6].OwnModel).ShouldBe(("deny", "A law, 2026", false));
        (await Should.ThrowAsync<DoganaException>(client.ListMarketRulesAsync(null, 0))).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Terms_are_listed_shown_and_accepted(StoreKind kind)
    {
        await using var store = await (await stores.OpenAsync(kind)).WithRulesAsync();
        await using var server = await ServeAsync(store);
        using var client = ClientOf(server);

        var first = await client.ListTermsAsync(limit: 1);
        (first.Data.Single().Id, first.Next).ShouldBe(("cloud-use", "cloud-use"));
        (await client.ListTermsAsync(first.Next, 1)).ShouldSatisfyAllConditions(page => page.Data.Single().Id.ShouldBe("northwind-use"), page => page.Next.ShouldBeNull());
        var shown = await client.GetTermsAsync("northwind-use");
        shown.Versions.Select(version => (version.Version, version.Log, version.CompetingModels)).ShouldBe([("2025-01", true, "prohibited"), ("2026-08", false, "prohibited")]);
        shown.Exceptions.Single().Grants.ShouldBe(["train", "compete"]);

        foreach (var organisation in new[] { "lumen-media", "acme-retail", "acme-retail" })
        {
            (await client.AcceptTermsAsync("northwind-use", new AcceptTermsRequest(organisation, "Ana Weiss"))).Actor.ShouldBe("key-7");
        }

        await client.AcceptTermsAsync("northwind-use", new AcceptTermsRequest("acme-retail", "Ana Weiss", "2025-01"));
        var (found, after) = (new List<string>(), (string?)null);
        do
        {
            var page = await client.ListAcceptancesAsync("northwind-use", after, 1);
            found.AddRange(page.Data.Select(item => $"{item.Organisation} {item.Version}"));
            after = page.Next;
        }
        while (after is not null);

        found.ShouldBe(["acme-retail 2025-01", "acme-retail 2026-08", "lumen-media 2026-08"]);
        (await Should.ThrowAsync<DoganaException>(client.GetTermsAsync("x"))).Status.ShouldBe(404);
        (await Should.ThrowAsync<DoganaException>(client.ListAcceptancesAsync("x"))).Status.ShouldBe(404);
        (await Should.ThrowAsync<DoganaException>(client.ListAcceptancesAsync("northwind-use", "no cursor"))).Status.ShouldBe(400);
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
            http.SetPrincipal(new Principal("key-7", [Grant.Everything]));
            await next(http);
        });
        server.MapGroup("/admin/v1").MapMarkets().MapTerms();
        await server.StartAsync();
        return server;
    }

    private static AdminClient ClientOf(WebApplication server) => new(new HttpClient { BaseAddress = new Uri(server.Urls.Single()) }, adminKey: null);
}
