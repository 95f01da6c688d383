using System.Security.Cryptography;
using Dogana.Notices;
using Dogana.Protection;
using Dogana.Server.Hosting;
using Dogana.Tests.Notices;
using Dogana.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.ServerTests.Notices;

public sealed class NoticeSendingTests(StoreFixture stores)
{
    [Fact]
    public async Task What_is_old_is_cleared_away_while_something_is_on_its_way()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var ring = await KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(stores.NewFolder(), MasterKey.FileName), MayCreate: true), TimeProvider.System);
        using var random = RandomNumberGenerator.Create();
        await store.WriteAsync(async session =>
        {
            await NoticeTargets.DeclareAsync(session, [new NoticeTarget("hook", "acme", NoticeTargetKind.Webhook, receiver.Url("/hook"), ["*"])], "me", now);
            await NoticeTargets.NewSecretAsync(session, ring, "hook", random, "me", now);
            await NoticeOutbox.PostAsync(session, [new Notice("a.b", "acme", "Old", "b", "{}", "old")], now - NoticeSender.KeptFor - TimeSpan.FromDays(1));
            await session.ExecuteAsync("update notice_delivery set state = 'Delivered', delivered_at = next_attempt_at");
            await NoticeOutbox.PostAsync(session, [new Notice("a.b", "acme", "New", "b", "{}", "new")], now);
            return 0;
        });
        var release = new TaskCompletionSource();
        receiver.Script("/hook", (_, _) => release.Task);
        using var sender = new NoticeSender(store, ring, TimeProvider.System, new NoticeSenderOptions("n1", 1, null) { WebhookTimeout = TimeSpan.FromMinutes(10) });
        using var sending = new NoticeSending(sender, NullLogger<NoticeSending>.Instance);

        await sending.StartAsync(CancellationToken.None);
        await receiver.WaitAsync("/hook", 1);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await store.ReadAsync(static session => NoticeDeliveries.ListAsync(session, null, null, 10), limit.Token)).Count > 1)
        {
            await Task.Delay(20, limit.Token);
        }

        release.SetResult();
        await sending.StopAsync(CancellationToken.None);
    }
}
