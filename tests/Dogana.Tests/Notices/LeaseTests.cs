using System.Data.Common;
using Dogana.Notices;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Notices;

/// <summary>Several nodes and several lives of one node: at least once, and once where nothing dies.</summary>
[Trait("Category", "slow")]
public sealed class LeaseTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Senders_at_once_tell_each_notice_once(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        using var other = world.NewSender("n2");
        foreach (var id in new[] { "a", "b", "c" })
        {
            await world.AddWebhookAsync(id, "acme");
        }

        for (var i = 0; i < 15; i++)
        {
            await world.PostAsync("acme", subject: $"{i}");
        }

        var counts = await Task.WhenAll(world.SendAsync(), other.SendDueAsync(CancellationToken.None));

        counts.Sum().ShouldBe(45);
        world.Receiver.Received.Select(item => (item.Path, item.Subject)).Distinct().Count().ShouldBe(45);
        world.Receiver.Received.Count.ShouldBe(45);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_a_dead_node_was_sending_is_sent_by_another_when_its_lease_ends_and_by_its_next_life_at_once(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");
        using var other = world.NewSender("n2");
        await world.PostAsync("acme");
        await DieAsync();

        (await other.SendDueAsync(CancellationToken.None)).ShouldBe(0, "the lease holds");
        world.Clock.Move(TimeSpan.FromMinutes(1));
        (await other.SendDueAsync(CancellationToken.None)).ShouldBe(1);

        await world.PostAsync("acme");
        await DieAsync();
        await other.RecoverAsync(CancellationToken.None);
        (await other.SendDueAsync(CancellationToken.None)).ShouldBe(0, "another node's lease is not given up");
        using var again = world.NewSender("n1");
        await again.RecoverAsync(CancellationToken.None);
        (await again.SendDueAsync(CancellationToken.None)).ShouldBe(1);
        (await world.ListAsync()).ShouldAllBe(item => item.State == NoticeDeliveryState.Delivered);
        world.Receiver.Received.GroupBy(item => item.Id, StringComparer.Ordinal).Select(told => told.Count()).ShouldBe([2, 2], "at least once: each was told to a receiver that nobody heard");

        // It dies after the receiver has it, before the outcome is written.
        async Task DieAsync()
        {
            using var death = new CancellationTokenSource();
            world.Receiver.Script("/hook", async (_, http) =>
            {
                await death.CancelAsync();
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
            await Should.ThrowAsync<OperationCanceledException>(() => world.Sender.SendDueAsync(death.Token));
            world.Receiver.Script("/hook");
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Who_lost_the_lease_does_not_overwrite_what_came_of_it(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");
        using var other = world.NewSender("n2");
        var release = new TaskCompletionSource();
        world.Receiver.Script("/hook", async (index, http) =>
        {
            if (index == 0)
            {
                await release.Task;
                http.Response.StatusCode = 410;
            }
        });
        await world.PostAsync("acme");

        var slow = world.SendAsync();
        await world.Receiver.WaitAsync("/hook", 1);
        world.Clock.Move(TimeSpan.FromMinutes(1));
        (await other.SendDueAsync(CancellationToken.None)).ShouldBe(1);
        release.SetResult();
        (await slow).ShouldBe(1);

        var delivery = (await world.ListAsync()).Single();
        (delivery.State, delivery.Attempts).ShouldBe((NoticeDeliveryState.Delivered, 1));
        (await world.Store.ReadAsync(session => NoticeTargets.FindAsync(session, "hook"))).Value.DisabledBecause.ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_store_that_is_away_is_waited_for_and_what_was_taken_meanwhile_is_not_told_again(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");
        world.Receiver.Script("/hook", async (_, _) => await world.Store.WriteAsync(session => session.ExecuteAsync("alter table notice_delivery rename to away")));
        await world.PostAsync("acme");

        await Should.ThrowAsync<DbException>(world.SendAsync);
        await world.Store.WriteAsync(session => session.ExecuteAsync("alter table away rename to notice_delivery"));
        (await world.SendAsync()).ShouldBe(0);

        (await world.ListAsync()).Single().State.ShouldBe(NoticeDeliveryState.Delivered);
        world.Receiver.Received.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_was_delivered_or_died_long_ago_is_cleared_and_its_key_stays(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");
        await world.AddWebhookAsync("gone", "lumen");
        world.Receiver.Script("/gone", 410);
        await world.PostAsync("acme", body: "Of long ago", key: "k");
        await world.PostAsync("lumen", body: "Dead");
        await world.SendAsync();
        world.Clock.Move(NoticeSender.KeptFor);
        await world.Sender.SweepAsync(CancellationToken.None);
        (await world.ListAsync()).Count.ShouldBe(2);

        world.Clock.Move(TimeSpan.FromSeconds(1));
        await world.Sender.SweepAsync(CancellationToken.None);

        (await world.ListAsync()).ShouldBeEmpty();
        (await world.Store.ReadAsync(session => session.QueryAsync<string>("select body from notice"))).ShouldBe(["", ""]);
        await world.PostAsync("acme", key: "k");
        (await world.SendAsync()).ShouldBe(0, "the same key is never told twice");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_died_is_kept_as_long_from_its_last_try_on(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");
        await world.DeclareAsync(new NoticeTarget("mute", "acme", NoticeTargetKind.Webhook, world.Receiver.Url("/mute"), ["*"])); // has no secret: it waits
        world.Receiver.Script("/hook", 410);
        await world.PostAsync("acme");
        await world.SendAsync();
        world.Clock.Move(NoticeSender.KeptFor);
        await world.Store.WriteAsync(async session =>
        {
            await NoticeTargets.DisableAsync(session, "mute", "by an operator", "me", world.Clock.GetUtcNow());
            await NoticeTargets.EnableAsync(session, "hook", "me", world.Clock.GetUtcNow());
            return await NoticeDeliveries.RetryDeadAsync(session, "me", world.Clock.GetUtcNow());
        });
        world.Receiver.Script("/hook", 410);
        await world.SendAsync();

        world.Clock.Move(TimeSpan.FromDays(1));
        await world.Sender.SweepAsync(CancellationToken.None);
        (await world.ListAsync(NoticeDeliveryState.Dead)).Count.ShouldBe(2, "one died again, the other when its target was disabled");
        world.Clock.Move(NoticeSender.KeptFor);
        await world.Sender.SweepAsync(CancellationToken.None);
        (await world.ListAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Thousands_are_posted_at_once_each_key_once_and_each_to_its_own(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.DeclareAsync(
            new NoticeTarget("all", NoticeTarget.All, NoticeTargetKind.Webhook, world.Receiver.Url("/all"), ["*"]),
            new NoticeTarget("of-7", "org-7", NoticeTargetKind.Webhook, world.Receiver.Url("/7"), ["a.*"]),
            new NoticeTarget("deaf", "org-7", NoticeTargetKind.Webhook, world.Receiver.Url("/deaf"), ["b.*"]));
        await PostAsync(10);
        await PostAsync(5_000);
        await PostAsync(5_000);

        var counts = await world.Store.ReadAsync(session => session.QueryAsync<string>("select target || ' ' || count(*) from notice_delivery group by target order by target"));

        counts.ShouldBe(["all 5000", "of-7 1"]);
        (await world.Store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from notice"))).ShouldBe(5_000);

        Task<int> PostAsync(int count) => world.Store.WriteAsync(async session =>
        {
            Notice[] notices = [.. Enumerable.Range(0, count).Select(static i => new Notice("a.b", $"org-{i}", "s", "b", "{}", $"a.b/{i}"))];
            await NoticeOutbox.PostAsync(session, [.. notices, notices[0]], world.Clock.GetUtcNow());
            return 0;
        });
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_not_committed_is_not_told(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        await world.AddWebhookAsync("hook", "acme");

        await Should.ThrowAsync<InvalidOperationException>(() => world.Store.WriteAsync<int>(async session =>
        {
            await NoticeOutbox.PostAsync(session, [new Notice("a.b", "acme", "s", "b", "{}", "k")], world.Clock.GetUtcNow());
            throw new InvalidOperationException("no");
        }));

        (await world.SendAsync()).ShouldBe(0);
        (await world.ListAsync()).ShouldBeEmpty();
    }
}
