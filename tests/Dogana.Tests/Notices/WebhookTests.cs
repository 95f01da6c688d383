using Dogana.Audit;
using Dogana.Notices;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Http;

namespace Dogana.Tests.Notices;

/// <summary>Webhooks against a real receiver, on both stores, with a clock of their own.</summary>
[Trait("Category", "slow")]
public sealed class WebhookTests(StoreFixture stores)
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(8), TimeSpan.FromHours(24),
    ];

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_notice_is_told_signed_to_the_targets_that_hear_of_it_and_to_no_other_organisation(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        var secret = await world.AddWebhookAsync("acme-hook", "acme", "measure.*", "terms.published");
        var everything = await world.AddWebhookAsync("operator", "*");
        await world.AddWebhookAsync("lumen-hook", "lumen");

        await world.PostAsync("acme", "terms.published", "Grüße \"an\" alle", "Zeile 1\nZeile 2", "k1");
        await world.PostAsync("acme", "terms.published", "Never told twice", key: "k1");
        await world.PostAsync("acme", "measure.started", "A measure");
        await world.PostAsync("acme", "measured.badly", "Not a measure");
        await world.PostAsync("nobody", "measure.started", "For somebody else");
        (await world.SendAsync()).ShouldBe(6);

        world.Receiver.At("/acme-hook").Select(item => item.Subject).ShouldBe(["Grüße \"an\" alle", "A measure"], ignoreOrder: true);
        world.Receiver.At("/operator").Select(item => item.Subject).ShouldBe(["Grüße \"an\" alle", "A measure", "Not a measure", "For somebody else"], ignoreOrder: true);
        world.Receiver.At("/lumen-hook").ShouldBeEmpty();
        world.Receiver.At("/acme-hook").ShouldAllBe(item => item.IsSignedBy(secret) && !item.IsSignedBy(everything));
        var first = world.Receiver.At("/acme-hook").Single(item => item.Subject.StartsWith('G'));
        (first.Json.GetProperty("type").GetString(), first.Json.GetProperty("timestamp").GetDateTimeOffset(), first.Json.GetProperty("organisation").GetString(),
            first.Json.GetProperty("text").GetString(), first.Json.GetProperty("data").GetProperty("version").GetInt32())
            .ShouldBe(("terms.published", world.Clock.GetUtcNow(), "acme", "Zeile 1\nZeile 2", 3));
        first.Timestamp.ShouldBe($"{world.Clock.GetUtcNow().ToUnixTimeSeconds()}");
        world.Receiver.Received.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(6);
        (await world.ListAsync()).ShouldAllBe(item => item.State == NoticeDeliveryState.Delivered && item.Attempts == 1 && item.LastError == null && item.DeliveredAt == world.Clock.GetUtcNow());
        (await world.SendAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Notices_that_are_posted_together_go_each_to_its_own_organisation(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        string[] organisations = ["acme", "acme-retail", "lumen"];
        foreach (var organisation in organisations)
        {
            await world.AddWebhookAsync(organisation + "-hook", organisation);
        }

        await world.Store.WriteAsync(async session =>
        {
            await NoticeOutbox.PostAsync(
                session, [.. organisations.Select(organisation => new Notice("measure.started", organisation, "For " + organisation, "", "{}", organisation))], world.Clock.GetUtcNow());
            return 0;
        });
        await world.SendAsync();

        world.Receiver.Received.Select(item => (item.Path, item.Subject)).ShouldBe(organisations.Select(organisation => ($"/{organisation}-hook", $"For {organisation}")), ignoreOrder: true);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_fails_is_tried_again_by_the_table_then_dead_and_told_when_a_person_retries(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");
        world.Receiver.Script("/hook", 500, 404, 400, 302, 401, 500, 502, 500, 500);
        await world.PostAsync("acme");

        for (var failures = 1; failures <= Waits.Length; failures++)
        {
            (await world.SendAsync()).ShouldBe(1, $"try {failures}");
            var waiting = (await world.ListAsync(NoticeDeliveryState.Pending)).Single();
            waiting.Attempts.ShouldBe(failures);
            waiting.LastError!.ShouldContain("answered with status");
            var (wait, planned) = (waiting.NextAttemptAt!.Value - world.Clock.GetUtcNow(), Waits[failures - 1]);
            wait.ShouldBeInRange(planned * 0.9, planned * 1.1);
            world.Clock.Move(wait - TimeSpan.FromMilliseconds(1));
            (await world.SendAsync()).ShouldBe(0, "not before its time");
            world.Clock.Move(TimeSpan.FromMilliseconds(1));
        }

        (await world.SendAsync()).ShouldBe(1);
        var dead = (await world.ListAsync(NoticeDeliveryState.Dead)).Single();
        (dead.Attempts, dead.NextAttemptAt).ShouldBe((9, null));
        world.Clock.Move(TimeSpan.FromDays(30));
        (await world.SendAsync()).ShouldBe(0);
        world.Receiver.Received.Select(item => item.Id).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem("a repeat bears the same id").ShouldBe(dead.Id);

        (await world.Store.WriteAsync(session => NoticeDeliveries.RetryAsync(session, dead.Id, "me", world.Clock.GetUtcNow()))).Value.Attempts.ShouldBe(0);
        (await world.SendAsync()).ShouldBe(1);
        (await world.ListAsync()).Single().State.ShouldBe(NoticeDeliveryState.Delivered);
        (await world.Store.WriteAsync(session => NoticeDeliveries.RetryAsync(session, dead.Id, "me", world.Clock.GetUtcNow()))).Problem!.Message.ShouldContain("is delivered");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_receiver_that_is_gone_is_told_nothing_more_until_it_is_enabled(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");
        world.Receiver.Script("/hook", 410);
        await world.PostAsync("acme", subject: "one");
        await world.PostAsync("acme", subject: "two");

        (await world.SendAsync()).ShouldBe(1);
        await world.PostAsync("acme", subject: "three");
        (await world.SendAsync()).ShouldBe(0);

        var target = (await world.Store.ReadAsync(session => NoticeTargets.FindAsync(session, "hook"))).Value;
        target.DisabledBecause!.ShouldContain("410");
        var dead = await world.ListAsync(NoticeDeliveryState.Dead);
        dead.Select(item => item.Subject).ShouldBe(["one", "two"], ignoreOrder: true);
        (await world.Store.WriteAsync(session => NoticeDeliveries.RetryAsync(session, dead[0].Id, "me", world.Clock.GetUtcNow()))).Problem!.Message.ShouldContain("dogana notice enable hook");
        (await world.Store.WriteAsync(session => NoticeDeliveries.RetryDeadAsync(session, "me", world.Clock.GetUtcNow()))).ShouldBe(0);
        await world.Store.WriteAsync(session => NoticeTargets.EnableAsync(session, "hook", "me", world.Clock.GetUtcNow()));
        (await world.Store.WriteAsync(session => NoticeDeliveries.RetryDeadAsync(session, "me", world.Clock.GetUtcNow()))).ShouldBe(2);
        (await world.SendAsync()).ShouldBe(2);
        (await world.Store.ReadAsync(session => AuditLog.ReadAsync(session, 100))).Select(row => row.Action)
            .ShouldBe(["notice_delivery.retry", "notice_target.enable", "notice_target.disable", "notice_target.secret"]);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var world = await NoticeWorld.CreateAsync(stores, StoreKind.Sqlite);
        await world.AddWebhookAsync("hook", "acme");
        world.Receiver.Script("/hook", (_, http) =>
        {
            http.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await world.PostAsync("acme");

        await world.SendAsync();

        world.Receiver.At("/elsewhere").ShouldBeEmpty();
        (await world.ListAsync()).Single().LastError!.ShouldContain("307. Redirects are never followed");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_slow_receiver_holds_up_nobody_else_and_is_given_up_in_time(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("slow", "acme");
        await world.AddWebhookAsync("quick", "acme");
        var release = new TaskCompletionSource();
        world.Receiver.Script("/slow", (_, _) => release.Task);
        for (var i = 0; i < 3; i++)
        {
            await world.PostAsync("acme");
        }

        var sending = world.SendAsync();
        await world.Receiver.WaitAsync("/quick", 3);

        sending.IsCompleted.ShouldBeFalse("the first one to the slow receiver is still under way");
        await sending; // each try ends with its time limit of 2 s; the others wait for their turn
        release.SetResult();
        (await world.ListAsync(NoticeDeliveryState.Pending)).ShouldAllBe(item => item.Target == "slow" && item.LastError == "No answer within 2 s.");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, 429)]
    [InlineData(StoreKind.Postgres, 503)]
    public async Task A_receiver_that_says_when_to_come_again_is_left_alone_until_then(StoreKind kind, int status)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");
        world.Receiver.Script("/hook", WebhookReceiver.Resting(status, 90));
        await world.PostAsync("acme");
        await world.PostAsync("acme");

        (await world.SendAsync()).ShouldBe(1, "the second one rests too");
        world.Clock.Move(TimeSpan.FromSeconds(89));
        (await world.SendAsync()).ShouldBe(0);
        world.Clock.Move(TimeSpan.FromSeconds(1));
        (await world.SendAsync()).ShouldBe(2);

        world.Receiver.Script("/hook", WebhookReceiver.Resting(status, int.MaxValue));
        await world.PostAsync("acme");
        await world.SendAsync();
        (await world.ListAsync(NoticeDeliveryState.Pending)).Single().NextAttemptAt.ShouldBe(world.Clock.GetUtcNow() + TimeSpan.FromHours(24));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task After_a_rotation_both_secrets_sign_for_a_day(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.DeclareAsync(new NoticeTarget("hook", "acme", NoticeTargetKind.Webhook, world.Receiver.Url("/hook"), ["*"]));
        await world.PostAsync("acme");
        (await world.SendAsync()).ShouldBe(0);
        (await world.ListAsync()).Single().LastError!.ShouldContain("dogana notice secret hook");

        var first = await world.NewSecretAsync("hook");
        (await world.SendAsync()).ShouldBe(1, "what waited for a secret is sent");
        var second = await world.NewSecretAsync("hook");
        await world.PostAsync("acme");
        world.Clock.Move(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await world.SendAsync();
        world.Clock.Move(TimeSpan.FromSeconds(1));
        await world.PostAsync("acme");
        await world.SendAsync();

        world.Receiver.Received.Select(item => (item.IsSignedBy(first), item.IsSignedBy(second), item.Signature.Split(' ').Length))
            .ShouldBe([(true, false, 1), (true, true, 2), (false, true, 1)]);
        var stored = await world.Store.ReadAsync(session => session.QueryAsync<string>("select secret || ' ' || coalesce(previous_secret, '') from notice_target"));
        var (one, two) = (first["whsec_".Length..], second["whsec_".Length..]);
        stored.ShouldAllBe(text => !text.Contains(one) && !text.Contains(two));
    }

    [Fact]
    public async Task A_secret_that_was_moved_to_another_target_does_not_sign()
    {
        await using var world = await NoticeWorld.CreateAsync(stores, StoreKind.Sqlite);
        await world.AddWebhookAsync("hook", "acme");
        await world.AddWebhookAsync("other", "lumen");
        await world.Store.WriteAsync(session => session.ExecuteAsync("update notice_target set secret = (select secret from notice_target where id = 'other') where id = 'hook'"));
        await world.PostAsync("acme");

        await world.SendAsync();

        world.Receiver.Received.ShouldBeEmpty();
        (await world.ListAsync()).Single().LastError!.ShouldContain("cannot be decrypted");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_test_is_tried_once_whatever_the_target_hears(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme", "nothing.at.all");
        await world.AddWebhookAsync("operator", "*");
        world.Receiver.Script("/hook", 500);

        var failed = (await world.Sender.TestAsync("hook", "me", CancellationToken.None)).Value;
        var taken = (await world.Sender.TestAsync("hook", "me", CancellationToken.None)).Value;

        (failed.State, failed.Attempts, taken.State, taken.Topic).ShouldBe((NoticeDeliveryState.Dead, 1, NoticeDeliveryState.Delivered, "notice.test"));
        world.Receiver.At("/operator").ShouldBeEmpty();
        (await world.Sender.TestAsync("nobody", "me", CancellationToken.None)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
    }
}
