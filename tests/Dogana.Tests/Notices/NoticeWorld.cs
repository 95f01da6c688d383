using System.Security.Cryptography;
using Dogana.Notices;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Tests.Gateway.Routing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Notices;

/// <summary>A store with targets, a clock that stands until it is moved, a sender and a receiver.</summary>
internal sealed class NoticeWorld : IAsyncDisposable
{
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private int _posted;

    private NoticeWorld(Store store, KeyRing ring, WebhookReceiver receiver) => (Store, Ring, Receiver) = (store, ring, receiver);

    public Store Store { get; }

    public KeyRing Ring { get; }

    public WebhookReceiver Receiver { get; }

    public ManualClock Clock { get; } = new();

    public NoticeSender Sender { get; private set; } = null!;

    public static async Task<NoticeWorld> CreateAsync(StoreFixture stores, StoreKind kind, SmtpSettings? smtp = null)
    {
        var store = await stores.OpenAsync(kind);
        var ring = await KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(stores.NewFolder(), MasterKey.FileName), MayCreate: true), TimeProvider.System);
        var world = new NoticeWorld(store, ring, await WebhookReceiver.StartAsync());
        world.Sender = world.NewSender("n1", smtp);
        return world;
    }

    public NoticeSender NewSender(string node, SmtpSettings? smtp = null) => new(Store, Ring, Clock, new NoticeSenderOptions(node, 1, smtp)
    {
        WebhookTimeout = TimeSpan.FromSeconds(2),
        EmailTimeout = TimeSpan.FromSeconds(5),
    });

    /// <summary>Declares a webhook at the receiver's path of its own id, with a secret, which it gives.</summary>
    public async Task<string> AddWebhookAsync(string id, string organisation, params string[] topics)
    {
        await DeclareAsync(new NoticeTarget(id, organisation, NoticeTargetKind.Webhook, Receiver.Url("/" + id), topics.Length == 0 ? ["*"] : topics));
        return await NewSecretAsync(id);
    }

    public Task DeclareAsync(params NoticeTarget[] targets) => Store.WriteAsync(session => NoticeTargets.DeclareAsync(session, targets, "me", Clock.GetUtcNow()));

    public async Task<string> NewSecretAsync(string id) =>
        (await Store.WriteAsync(session => NoticeTargets.NewSecretAsync(session, Ring, id, _random, "me", Clock.GetUtcNow()))).Value.Text;

    public Task PostAsync(string organisation, string topic = "terms.published", string subject = "New terms", string body = "They are here.\n", string? key = null) =>
        Store.WriteAsync(async session =>
        {
            await NoticeOutbox.PostAsync(
                session, [new Notice(topic, organisation, subject, body, """{"version":3}""", key ?? $"{topic}/{Interlocked.Increment(ref _posted)}")], Clock.GetUtcNow());
            return 0;
        });

    public Task<int> SendAsync() => Sender.SendDueAsync(CancellationToken.None);

    public Task<IReadOnlyList<NoticeDelivery>> ListAsync(NoticeDeliveryState? state = null) =>
        Store.ReadAsync(session => NoticeDeliveries.ListAsync(session, state, null, 1_000));

    public async ValueTask DisposeAsync()
    {
        Sender.Dispose();
        _random.Dispose();
        await Receiver.DisposeAsync();
        await Store.DisposeAsync();
    }
}
