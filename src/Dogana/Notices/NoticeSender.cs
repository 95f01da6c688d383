using Dogana.Audit;
using Dogana.Notices.Sending;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Notices;

/// <summary>What a node sends notices with.</summary>
/// <param name="Node">The node's name: its leases bear it.</param>
/// <param name="Seed">Seeds the jitter of retries.</param>
/// <param name="Smtp">The mail relay; null where there is none: e-mails wait then.</param>
public sealed record NoticeSenderOptions(string Node, int Seed, SmtpSettings? Smtp)
{
    /// <summary>The most time that a webhook may take to answer: 10 s.</summary>
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most time that a mail relay may take for an e-mail: 20 s.</summary>
    public TimeSpan EmailTimeout { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>
/// Sends what is due: at least once, in no promised order, at most 8 at a time. Each is leased to one node while it is sent. Its clock decides what is due;
/// how long an answer may take is measured by the machine's.
/// </summary>
public sealed class NoticeSender(Store store, KeyRing ring, TimeProvider time, NoticeSenderOptions options) : IDisposable
{
    /// <summary>What is delivered is kept so long, and what is dead and nobody retries.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    // A mail relay that hangs holds up no webhook, nor the other way round.
    private const int WebhooksMax = 6;
    private const int EmailsMax = 2;
    private const int SweptRowsMax = 500;
    private const int SweepsMax = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly WebhookSending _webhooks = new(ring, time, options.WebhookTimeout);
    private readonly EmailSending? _emails = options.Smtp is { } smtp ? new EmailSending(smtp, options.EmailTimeout) : null;
    private readonly RetryPlan _plan = new(new Random(options.Seed));
    private readonly List<(NoticeTargetKind Kind, Task Task)> _sending = [];

    /// <summary>Are there e-mail targets, and no mail relay?</summary>
    public Task<bool> MissesRelayAsync(CancellationToken cancellation) => _emails is not null
        ? Task.FromResult(false)
        : store.ReadAsync(static async session => await session.ScalarAsync<long>("select count(*) from notice_target where kind = 'Email' and is_disabled = 0") > 0, cancellation);

    /// <summary>Takes back what an earlier process of this node was sending when it died. Once, before anything is sent.</summary>
    public Task RecoverAsync(CancellationToken cancellation) => store.WriteAsync(session => DueDeliveries.ReleaseAsync(session, options.Node), cancellation);

    /// <summary>Sends until nothing is due and all that was begun has ended; gives how many that were. One run at a time.</summary>
    public async Task<int> SendDueAsync(CancellationToken cancellation)
    {
        var count = 0;
        try
        {
            while (true)
            {
                var taken = await TakeAsync(cancellation);
                count += taken.Count;
                _sending.AddRange(taken.Select(delivery => (delivery.Kind, Task.Run(() => SendAsync(delivery, cancellation), cancellation))));
                if (_sending.Count == 0)
                {
                    return count;
                }

                // What becomes due meanwhile, for another target, does not wait for the slowest.
                await Task.WhenAny([.. _sending.Select(static sending => sending.Task), Task.Delay(Interval, cancellation)]);
                cancellation.ThrowIfCancellationRequested();
                _sending.RemoveAll(static sending => sending.Task.IsCompleted);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Task.WhenAll(_sending.Select(static sending => sending.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Posts a <c>notice.test</c> to one target, sends it at once, once, and gives what came of it.</summary>
    public async Task<Outcome<NoticeDelivery>> TestAsync(string target, string actor, CancellationToken cancellation)
    {
        if (!(await store.WriteAsync(session => PostTestAsync(session, target, actor), cancellation)).TryGet(out var delivery, out var problem))
        {
            return problem;
        }

        var outcome = await TrySendAsync(delivery, cancellation);
        return await store.WriteAsync(
            async session =>
            {
                await DueDeliveries.EndAsync(session, delivery, options.Node, outcome, wait: null, time.GetUtcNow());
                return await NoticeDeliveries.FindAsync(session, delivery.Id);
            },
            cancellation);
    }

    /// <summary>Deletes what was delivered, or died, long ago, in small writes. May run while something is sent.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - KeptFor;
        for (var run = 0; run < SweepsMax && await store.WriteAsync(session => DueDeliveries.SweepAsync(session, before, SweptRowsMax), cancellation) > 0; run++)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _webhooks.Dispose();

    private async Task<IReadOnlyList<DueDelivery>> TakeAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var webhooks = WebhooksMax - _sending.Count(static sending => sending.Kind == NoticeTargetKind.Webhook);
        var emails = _emails is null ? 0 : EmailsMax - _sending.Count(static sending => sending.Kind == NoticeTargetKind.Email);
        if (!await store.ReadAsync(session => DueDeliveries.AnyAsync(session, webhooks, emails, _emails is not null, now), cancellation))
        {
            return [];
        }

        return await store.WriteAsync<IReadOnlyList<DueDelivery>>(
            async session =>
            {
                await DueDeliveries.MarkMuteAsync(session, _emails is not null);
                return
                [
                    .. await DueDeliveries.TakeAsync(session, NoticeTargetKind.Webhook, webhooks, options.Node, now),
                    .. await DueDeliveries.TakeAsync(session, NoticeTargetKind.Email, emails, options.Node, now),
                ];
            },
            cancellation);
    }

    private async Task SendAsync(DueDelivery delivery, CancellationToken cancellation)
    {
        var outcome = await TrySendAsync(delivery, cancellation);
        var wait = _plan.After(delivery.Attempts + 1);
        while (true)
        {
            try
            {
                await store.WriteAsync(
                    async session =>
                    {
                        await DueDeliveries.EndAsync(session, delivery, options.Node, outcome, wait, time.GetUtcNow());
                        return 0;
                    },
                    cancellation);
                return;
            }
#pragma warning disable CA1031 // a store that is away is waited for: what was delivered must not be sent again for want of a row
            catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
            {
                await Task.Delay(Interval, cancellation);
            }
        }
    }

    private async Task<SendOutcome> TrySendAsync(DueDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            return delivery.Kind == NoticeTargetKind.Webhook ? await _webhooks.SendAsync(delivery, cancellation) : await _emails!.SendAsync(delivery, cancellation);
        }
#pragma warning disable CA1031 // one delivery that cannot be sent, whatever it holds, must not keep others from being sent
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new SendOutcome($"It cannot be sent: {fault.Message}");
        }
    }

    private async Task<Outcome<DueDelivery>> PostTestAsync(StoreSession session, string id, string actor)
    {
        if (!(await NoticeTargets.FindAsync(session, id)).TryGet(out var target, out var problem))
        {
            return problem;
        }

        if (target.Target.Kind == NoticeTargetKind.Webhook ? !target.HasSecret : _emails is null)
        {
            return new Problem(ProblemCode.Conflict, target.Target.Kind == NoticeTargetKind.Webhook
                ? $"The notice target '{id}' has no signing secret yet. Make one: dogana notice secret {id}"
                : "There is no mail relay. Set Notices:Smtp:Host and Notices:Smtp:From (in the environment Notices__Smtp__Host and Notices__Smtp__From).", "id");
        }

        var now = time.GetUtcNow();
        var (notice, delivery) = (Guid.CreateVersion7(now).ToString(), Guid.CreateVersion7(now).ToString());
        await NoticeOutbox.InsertAsync(
            session,
            [(notice, new Notice("notice.test", target.Target.Organisation, $"A test of {id}", $"This is a test: Dogana can tell {id} what it must be told.\n", "{}", $"notice.test/{notice}"))],
            now);
        await session.ExecuteAsync(
            """
            insert into notice_delivery(id, notice, target, state, attempts, next_attempt_at, leased_until, leased_by)
            values(@Delivery, @Notice, @Target, 'Pending', 0, @Now, @Until, @Node)
            """,
            new { Delivery = delivery, Notice = notice, Target = id, Now = now.ToMicros(), Until = (now + DueDeliveries.Lease).ToMicros(), options.Node });
        await AuditLog.WriteAsync(session, now, actor, "notice_target.test", id);
        return (await DueDeliveries.ReadAsync(session, delivery))!;
    }
}
