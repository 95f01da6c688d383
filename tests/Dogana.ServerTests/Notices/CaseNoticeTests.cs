using Dogana.Client;
using Dogana.Tests.Notices;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Notices;

/// <summary>What the people of a case are told, as it arrives: at a real webhook receiver and a real mail relay, sent by the built server.</summary>
public sealed class CaseNoticeTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Customer_owner_and_seller_receive_what_concerns_them(StoreKind kind)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var relay = new ScriptedRelay();
        await using var world = await TestWorld.CreateAsync(stores, kind, more: $$"""
            dogana: 1
            terms:
              - id: use
                name: Terms of use
                owner: northwind
                versions:
                  - { version: "1", effective_from: 2025-01-01, text_url: "https://northwind.example/1", serve: true, log: false, evaluate: true, train: false, competing_models: prohibited }
            notice_targets:
              - { id: lumen-mail, organisation: lumen, kind: email, address: ops@lumen.example, topics: ["case.*"] }
              - { id: lumen-hook, organisation: lumen, kind: webhook, url: "{{receiver.Url("/lumen")}}", topics: ["case.*"] }
              - { id: sky-hook, organisation: skyharbour, kind: webhook, url: "{{receiver.Url("/sky")}}", topics: ["case.*"] }
              - { id: own-hook, organisation: northwind, kind: webhook, url: "{{receiver.Url("/own")}}", topics: ["case.*"] }
            """);
        string[] at = world.Postgres is { } postgres ? ["--postgres", postgres, "--data", world.Folder] : ["--data", world.Folder];
        var secret = (await DoganaProcess.OkAsync(["notice", "secret", "lumen-hook", .. at])).Split('\n')[0].Trim();
        await DoganaProcess.OkAsync(["notice", "secret", "sky-hook", .. at]);
        await DoganaProcess.OkAsync(["notice", "secret", "own-hook", .. at]);
        await using var server = await ServerProcess.StartAsync(world.Start(
            "--Notices:Smtp:Host=127.0.0.1", $"--Notices:Smtp:Port={relay.Port}", "--Notices:Smtp:From=notices@dogana.example", "--notices:smtp:starttls=false"));
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var now = TimeProvider.System.GetUtcNow();

        var id = (await admin.ReportSignalAsync(new ReportSignalRequest(
            "lumen", "northwind", "judge_template", "judge.pairwise", "3", "strong", now.AddDays(-5), now, 420, 500, 400, "420 pairwise comparisons, as acme makes them.", "An evaluation that the terms permit.",
            Linked: ["acme"], LinkingFact: "One network with acme."))).Case!;
        await admin.DoCaseAsync(id, "open", new CaseReasonRequest("Too many to be chance."));
        await admin.DoCaseAsync(id, "notice", new CaseNoticeRequest("420 of 500 requests compared answers, as acme's did.", "use@1", "4.2"));

        await receiver.WaitAsync("/lumen", 1);
        await receiver.WaitAsync("/sky", 1);
        await receiver.WaitAsync("/own", 2);
        var hook = receiver.At("/lumen").ShouldHaveSingleItem();
        hook.IsSignedBy(secret).ShouldBeTrue();
        hook.Body.ShouldContain(id);
        hook.Body.ShouldContain("420 of 500 requests");
        hook.Body.ShouldNotContain("acme", Case.Insensitive);
        receiver.At("/sky").ShouldHaveSingleItem().Body.ShouldNotContain("acme", Case.Insensitive);
        receiver.At("/own").ShouldContain(static told => told.Body.Contains("acme", StringComparison.OrdinalIgnoreCase));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (relay.Taken.Count == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        var mail = relay.Taken.ShouldHaveSingleItem();
        mail.Header("To").ShouldContain("ops@lumen.example");
        mail.Header("Subject").ShouldContain(id);
    }
}
