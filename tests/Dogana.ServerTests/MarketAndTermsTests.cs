using System.Text.Json;
using Dogana.Server.Hosting;
using Dogana.Storage;
using Dogana.Tests;
using Dogana.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.ServerTests;

/// <summary>Market rules and terms as an operator meets them: by verbs, and reminders by the running server.</summary>
public sealed class MarketAndTermsTests(StoreFixture stores)
{
    private const string Rules = """
        dogana: 1
        market_rules:
          - { id: aq, effect: allow, countries: [AQ], channels: [cloud], upstream_regions: [south], reason: Through the cloud alone. }
        terms:
          - id: use
            name: Terms of use
            owner: northwind
            versions:
              - { version: "1", effective_from: 2030-01-01, accept_by: 2030-03-01, text_url: "https://northwind.example/1", serve: true, log: false, evaluate: true, train: false, competing_models: prohibited }
        """;

    private static readonly DateTimeOffset AcceptBy = new(2030, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_market_verb_explains_and_its_exit_code_is_the_answer()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, more: Rules);

        var (direct, said, _) = await DoganaProcess.RunAsync("market", "explain", "--project", "far-away", "--model", "clerk-1", "--data", world.Folder);
        var (cloud, explained, _) = await DoganaProcess.RunAsync("market", "explain", "--project", "far-away", "--model", "clerk-1", "--channel", "cloud", "--json", "--data", world.Folder);
        var (misuse, _, _) = await DoganaProcess.RunAsync("market", "explain", "--data", world.Folder);

        (direct, cloud, misuse).ShouldBe((1, 0, 2));
        said.ShouldStartWith("far-away of far on direct, clerk-1: deny, refused.");
        using var answer = JsonDocument.Parse(explained);
        answer.RootElement.GetProperty("regions")[0].GetString().ShouldBe("south");
        answer.RootElement.GetProperty("findings")[0].GetProperty("rule").GetString().ShouldBe("market_rule aq");
        (await DoganaProcess.OkAsync("market", "list", "--data", world.Folder)).ShouldContain("market_rule aq  allow");
    }

    [Fact]
    public async Task The_terms_verbs_list_show_and_accept()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, more: Rules);

        (await DoganaProcess.OkAsync("terms", "list", "--data", world.Folder)).ShouldContain("use  northwind  all     all       1       2030-01-01     2030-03-01  Terms of use");
        (await DoganaProcess.OkAsync("terms", "show", "use", "--data", world.Folder)).ShouldContain("https://northwind.example/1");
        (await DoganaProcess.OkAsync("terms", "accept", "use", "--organisation", "acme", "--by", "Ana Weiss, head of legal", "--data", world.Folder))
            .ShouldStartWith("acme accepted use, version 1: Ana Weiss, head of legal");
        (await DoganaProcess.OkAsync("terms", "acceptances", "use", "--data", world.Folder)).ShouldContain("acme          1        Ana Weiss, head of legal");
        var (exit, _, error) = await DoganaProcess.RunAsync("terms", "accept", "use", "--organisation", "nobody", "--by", "X", "--data", world.Folder);
        (exit, error.Contains("No organisation has the id 'nobody'", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    [Fact]
    public async Task The_server_reminds_at_its_start_and_every_hour_once_each()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, more: Rules);
        await using var store = await world.OpenStoreAsync();
        var time = new SteppedTime(AcceptBy.AddDays(-14));
        using var upkeep = new DueNotices(store, time, NullLogger<DueNotices>.Instance);

        await upkeep.StartAsync(CancellationToken.None);
        await RemindedAsync(store, 3);
        time.Move(TimeSpan.FromDays(7) - TimeSpan.FromHours(1));
        time.Move(TimeSpan.FromMinutes(59));
        (await CountAsync(store)).ShouldBe(3);
        time.Move(TimeSpan.FromMinutes(1));
        await RemindedAsync(store, 6);
        await upkeep.StopAsync(CancellationToken.None);
        (await CountAsync(store)).ShouldBe(6);
    }

    private static Task<long> CountAsync(Store store) =>
        store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from notice where topic = 'terms.reminder'"));

    // The loop runs on its own: its next round is waited for, not slept for.
    private static async Task RemindedAsync(Store store, long count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync(store) < count)
        {
            await Task.Delay(10, limit.Token);
        }

        (await CountAsync(store)).ShouldBe(count);
    }
}
