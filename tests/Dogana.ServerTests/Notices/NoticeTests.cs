using System.Text;
using System.Text.Json;
using Dogana.Client;
using Dogana.Notices;
using Dogana.Tests.Notices;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Notices;

/// <summary>Notices by the built server: killed, twofold, and as an operator sees them.</summary>
public sealed class NoticeTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_server_that_is_killed_while_it_sends_tells_it_at_its_next_start_and_no_secret_is_to_be_read(StoreKind kind)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, more: Targets(receiver, "hook"));
        var secret = await NewSecretAsync(world, "hook");
        await PostAsync(world, 1);
        receiver.Script("/hook", static (_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted)); // the lease is taken, the outcome never written
        string output;
        await using (var server = await ServerProcess.StartAsync(world.Start()))
        {
            await receiver.WaitAsync("/hook", 1);
            server.Kill();
            output = server.Output;
        }

        receiver.Script("/hook");
        var rotated = await NewSecretAsync(world, "hook");
        await using (var again = await ServerProcess.StartAsync(world.Start()))
        {
            await receiver.WaitAsync("/hook", 2);
            using var admin = new AdminClient(again.CreateClient(), world.AdminKey);
            var delivery = await DeliveredAsync(admin);
            receiver.Received.ShouldAllBe(item => item.Id == delivery.Id);
            again.Kill();
            output += again.Output;
        }

        // A receiver verifies with the library of the specification, and by hand: with the new secret, and with the one before.
        var told = receiver.Received[^1];
        using var verified = await NodeScript.RunAsync("webhook-verify.mjs", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["WEBHOOK_SECRETS"] = $"{rotated} {secret} whsec_{Convert.ToBase64String(new byte[32])}",
            ["WEBHOOK_ID"] = told.Id,
            ["WEBHOOK_TIMESTAMP"] = told.Timestamp,
            ["WEBHOOK_SIGNATURE"] = told.Signature,
            ["WEBHOOK_BODY"] = told.Body,
        });
        verified.RootElement.GetProperty("sent").GetRawText().ShouldBe("[[true,true],[true,true],[false,false]]");
        verified.RootElement.GetProperty("otherBody").GetRawText().ShouldBe("[[false,false],[false,false],[false,false]]");
        verified.RootElement.GetProperty("otherId").GetRawText().ShouldBe("[[false,false],[false,false],[false,false]]");

        // Nowhere to be read.
        output.ShouldNotContain("whsec_");
        foreach (var text in new[] { secret["whsec_".Length..], rotated["whsec_".Length..] })
        {
            foreach (var file in Directory.EnumerateFiles(world.Folder, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "lock"))
            {
                var bytes = await File.ReadAllBytesAsync(file);
                bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)).ShouldBe(-1, file);
                bytes.AsSpan().IndexOf(Convert.FromBase64String(text)).ShouldBe(-1, file);
            }
        }
    }

    [Fact]
    public async Task Two_nodes_on_one_store_tell_each_notice_once()
    {
        const int notices = 40;
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, more: Targets(receiver, "a", "b", "c"));
        foreach (var id in new[] { "a", "b", "c" })
        {
            await NewSecretAsync(world, id);
        }

        var folder = stores.NewFolder();
        File.Copy(Path.Combine(world.Folder, "master.key"), Path.Combine(folder, "master.key"));
        await using var first = await ServerProcess.StartAsync(world.Start());
        await using var second = await ServerProcess.StartAsync(ServerStart.OnPostgres(world.Postgres!, folder));

        await PostAsync(world, notices);
        foreach (var path in new[] { "/a", "/b", "/c" })
        {
            await receiver.WaitAsync(path, notices);
        }

        using var admin = new AdminClient(first.CreateClient(), world.AdminKey);
        for (IReadOnlyList<NoticeDeliveryRecord> left; (left = (await admin.ListNoticeDeliveriesAsync("pending")).Data).Count > 0;)
        {
            await Task.Delay(50);
        }

        receiver.Received.Count.ShouldBe(3 * notices);
        receiver.Received.Select(static item => item.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(3 * notices);
        (await admin.ListNoticeDeliveriesAsync("dead")).Data.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_verbs_say_where_notices_go_what_came_of_them_and_try_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, more: Targets(receiver, "hook", "other"));
        string[] at = ["--data", world.Folder];

        (await DoganaProcess.RunAsync(["notice", "test", "hook", .. at])).Error.ShouldContain("dogana notice secret hook");
        (await DoganaProcess.OkAsync(["notice", "secret", "hook", .. at])).ShouldStartWith("whsec_");
        (await DoganaProcess.OkAsync(["notice", "targets", "--limit", "1", .. at])).ShouldContain("--after hook");
        (await DoganaProcess.OkAsync(["notice", "targets", "--after", "hook", .. at])).ShouldContain("has no secret yet");
        receiver.Script("/hook", 500);
        var (exit, output, _) = await DoganaProcess.RunAsync(["notice", "test", "hook", .. at]);
        (exit, output.Trim()).ShouldBe((1, "hook did not take it: The receiver answered with status 500."));
        (await DoganaProcess.OkAsync(["notice", "test", "hook", .. at])).ShouldContain("hook took it");

        var dead = JsonSerializer.Deserialize<Page<NoticeDeliveryRecord>>(await DoganaProcess.OkAsync(["notice", "list", "--state", "dead", "--json", .. at]), DoganaJson.Options)!.Data.Single();
        (await DoganaProcess.OkAsync(["notice", "retry", dead.Id, .. at])).ShouldStartWith("1 delivery is sent again");
        (await DoganaProcess.OkAsync(["notice", "retry", "--all-dead", .. at])).ShouldStartWith("0 deliveries");
        (await DoganaProcess.RunAsync(["notice", "retry", .. at])).Exit.ShouldBe(2);
        (await DoganaProcess.OkAsync(["notice", "dismiss", dead.Id, .. at])).ShouldContain("is given up");
        (await DoganaProcess.RunAsync(["notice", "dismiss", dead.Id, .. at])).Error.ShouldContain("No delivery has the id");
        (await DoganaProcess.OkAsync(["notice", "disable", "hook", .. at])).ShouldContain("disabled: by an operator");
        (await DoganaProcess.OkAsync(["notice", "enable", "hook", .. at])).ShouldContain("in use");
        (await DoganaProcess.OkAsync(["notice", "secret", "--help"])).ShouldContain("dogana notice secret acme-hook");
        var audit = await DoganaProcess.OkAsync(["audit", "list", .. at]);
        foreach (var action in new[] { "notice_target.secret", "notice_target.test", "notice_target.disable", "notice_target.enable", "notice_delivery.retry", "notice_delivery.dismiss" })
        {
            audit.ShouldContain(action);
        }
    }

    [Fact]
    public async Task The_relay_is_taken_from_the_settings_and_its_want_is_said_at_the_start()
    {
        await using var relay = new ScriptedRelay();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, more: """
            dogana: 1
            notice_targets:
              - { id: ops, organisation: "*", kind: email, address: ops@example.com }
            """);
        await PostAsync(world, 1);
        await using (var without = await ServerProcess.StartAsync(world.Start()))
        {
            using var admin = new AdminClient(without.CreateClient(), world.AdminKey);
            NoticeDeliveryRecord waiting;
            while ((waiting = (await admin.ListNoticeDeliveriesAsync("pending")).Data.Single()).LastError is null)
            {
                await Task.Delay(50);
            }

            waiting.LastError.ShouldContain("Notices:Smtp:Host");
            without.Output.ShouldContain("e-mail targets for notices and no mail relay");
            without.Kill();
        }

        await using var server = await ServerProcess.StartAsync(world.Start(
            "--Notices:Smtp:Host=127.0.0.1", $"--Notices:Smtp:Port={relay.Port}", "--Notices:Smtp:From=notices@dogana.example", "--notices:smtp:starttls=false"));
        using var client = new AdminClient(server.CreateClient(), world.AdminKey);
        await DeliveredAsync(client);
        relay.Taken.ShouldHaveSingleItem().Header("Subject").ShouldBe("Notice 0");
        (await client.TestNoticeTargetAsync("ops")).IsDelivered.ShouldBeTrue();
    }

    [Theory]
    [InlineData("--Notices:Smpt:Host=a", "'Notices:Smpt' is no setting")]
    [InlineData("--Notices:Smtp:Hots=a", "'Notices:Smtp:Hots' is no setting")]
    [InlineData("--Notices:Smtp:From=a@b.example", "'Notices:Smtp:Host' is ''")]
    [InlineData("--Notices:Smtp:Host=mail.example.com", "'Notices:Smtp:From' is ''")]
    [InlineData("--Notices:Smtp:Host=mail.example.com --Notices:Smtp:From=a@b.example --Notices:Smtp:Port=465", "'Notices:Smtp:Port' is '465'")]
    [InlineData("--Notices:Smtp:Host=mail.example.com --Notices:Smtp:From=a@b.example --Notices:Smtp:UserName=u", "'Notices:Smtp:PasswordEnv' names no environment variable")]
    [InlineData("--Notices:Smtp:Host=mail.example.com --Notices:Smtp:From=a@b.example --Notices:Smtp:UserName=u --Notices:Smtp:PasswordEnv=PATH --Notices:Smtp:StartTls=false", "'Notices:Smtp:StartTls' is 'false'. A password never goes in the clear")]
    public async Task A_wrong_setting_ends_the_start_and_is_named(string arguments, string named)
    {
        await using var server = ServerProcess.Launch(ServerStart.OnFolder(stores.NewFolder(), arguments.Split(' ')));

        var ended = await Should.ThrowAsync<InvalidOperationException>(() => server.WaitUntilReadyAsync(TimeSpan.FromSeconds(30)));

        ended.Message.ShouldContain($"dogana: {named}");
    }

    private static string Targets(WebhookReceiver receiver, params string[] ids) => "dogana: 1\nnotice_targets:\n" + string.Concat(
        ids.Select(id => $"  - {{ id: {id}, organisation: acme, kind: webhook, url: \"{receiver.Url("/" + id)}\" }}\n"));

    private static async Task<string> NewSecretAsync(TestWorld world, string id)
    {
        string[] at = world.Postgres is { } postgres ? ["--postgres", postgres, "--data", world.Folder] : ["--data", world.Folder];
        return (await DoganaProcess.OkAsync(["notice", "secret", id, .. at])).Split('\n')[0].Trim();
    }

    private static async Task PostAsync(TestWorld world, int count)
    {
        await using var store = await world.OpenStoreAsync();
        await store.WriteAsync(async session =>
        {
            await NoticeOutbox.PostAsync(
                session, [.. Enumerable.Range(0, count).Select(static i => new Notice("terms.published", "acme", $"Notice {i}", "Text", "{}", $"test/{i}"))], TimeProvider.System.GetUtcNow());
            return 0;
        });
    }

    private static async Task<NoticeDeliveryRecord> DeliveredAsync(AdminClient admin)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if ((await admin.ListNoticeDeliveriesAsync("delivered", cancellation: limit.Token)).Data is [var delivery, ..])
            {
                return delivery;
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
