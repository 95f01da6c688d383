using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Protection;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Notices;

/// <summary>Notice targets and what became of notices in the admin API.</summary>
public static class NoticeEndpoints
{
    private const int PageRows = 100;

    /// <summary>Maps <c>/notice-targets</c> and <c>/notice-deliveries</c>.</summary>
    public static RouteGroupBuilder MapNotices(this RouteGroupBuilder admin)
    {
        admin.MapGet("/notice-targets", ListTargetsAsync).Produces<Page<NoticeTargetRecord>>().WithSummary("The notice targets, by id, without their secrets").NeedsInReach(Permission.NoticeRead);
        admin.MapPost("/notice-targets/{id}/secret", NewSecretAsync).Produces<NoticeSecretRecord>().WithSummary("Gives a webhook a new signing secret and shows it, this once; the one before signs beside it for 24 hours").NeedsInReach(Permission.NoticeWrite);
        admin.MapPost("/notice-targets/{id}/test", TestAsync).Produces<NoticeTestRecord>().WithSummary("Sends a notice.test at once and says what came of it").NeedsInReach(Permission.NoticeWrite);
        admin.MapPost("/notice-targets/{id}/enable", EnableAsync).Produces<NoticeTargetRecord>().WithSummary("Sends to a disabled target again").NeedsInReach(Permission.NoticeWrite);
        admin.MapPost("/notice-targets/{id}/disable", DisableAsync).Produces<NoticeTargetRecord>().WithSummary("Sends nothing to a target any more").NeedsInReach(Permission.NoticeWrite);
        admin.MapGet("/notice-deliveries", ListDeliveriesAsync).Produces<Page<NoticeDeliveryRecord>>().WithSummary("What became of the notices, newest first; ?state=pending|delivered|dead").NeedsInReach(Permission.NoticeRead);
        admin.MapPost("/notice-deliveries/retry-dead", RetryDeadAsync).Produces<NoticeRetryRecord>().WithSummary("Sends everything that is dead again, but for disabled targets").Needs(Permission.NoticeWrite);
        admin.MapPost("/notice-deliveries/{id}/retry", RetryAsync).Produces<NoticeDeliveryRecord>().WithSummary("Sends a delivery again, at once").NeedsInReach(Permission.NoticeWrite);
        admin.MapDelete("/notice-deliveries/{id}", DismissAsync).Produces<NoticeDeliveryRecord>().WithSummary("Gives a delivery up").NeedsInReach(Permission.NoticeWrite);
        return admin;
    }

    private static async Task<IResult> ListTargetsAsync(Store store, HttpContext http, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, PageRows).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var targets = await store.ReadAsync(session => NoticeTargets.ListAsync(session, after ?? "", rows, http.GetReach()), cancellation);
        return Results.Json(new Page<NoticeTargetRecord>([.. targets.Select(ToRecord)], targets.Count == rows ? targets[^1].Target.Id : null));
    }

    private static async Task<IResult> NewSecretAsync(
        Store store, KeyRing ring, RandomNumberGenerator random, TimeProvider time, HttpContext http, string id, CancellationToken cancellation)
    {
        var made = await WriteAsync(store, http, FindTargetAsync, id, session => NoticeTargets.NewSecretAsync(session, ring, id, random, http.GetActor(), time.GetUtcNow()), cancellation);
        return made.TryGet(out var secret, out var problem) ? Results.Json(new NoticeSecretRecord(secret.Target, secret.Text, secret.PreviousUntil)) : problem.ToHttp();
    }

    private static async Task<IResult> TestAsync(Store store, NoticeSender sender, HttpContext http, string id, CancellationToken cancellation)
    {
        if (await store.ReadAsync(session => FindTargetAsync(session, id, http.GetReach()), cancellation) is { } missing)
        {
            return missing.ToHttp();
        }

        var tested = await sender.TestAsync(id, http.GetActor(), cancellation);
        return tested.TryGet(out var delivery, out var problem)
            ? Results.Json(new NoticeTestRecord(delivery.State == NoticeDeliveryState.Delivered, ToRecord(delivery)))
            : problem.ToHttp();
    }

    private static async Task<IResult> EnableAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        Answer(await WriteAsync(store, http, FindTargetAsync, id, session => NoticeTargets.EnableAsync(session, id, http.GetActor(), time.GetUtcNow()), cancellation));

    private static async Task<IResult> DisableAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        Answer(await WriteAsync(store, http, FindTargetAsync, id, session => NoticeTargets.DisableAsync(session, id, "by an operator", http.GetActor(), time.GetUtcNow()), cancellation));

    private static async Task<IResult> ListDeliveriesAsync(Store store, HttpContext http, string? state, int? limit, string? after, CancellationToken cancellation)
    {
        NoticeDeliveryState? wanted = state switch
        {
            "pending" => NoticeDeliveryState.Pending,
            "delivered" => NoticeDeliveryState.Delivered,
            "dead" => NoticeDeliveryState.Dead,
            _ => null,
        };
        if (state is not null && wanted is null)
        {
            return new Problem(ProblemCode.InvalidRequest, "The state is pending, delivered or dead.", "state").ToHttp();
        }

        if (!PageLimit.Of(limit, PageRows).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var deliveries = await store.ReadAsync(session => NoticeDeliveries.ListAsync(session, wanted, after, rows, http.GetReach()), cancellation);
        return Results.Json(new Page<NoticeDeliveryRecord>([.. deliveries.Select(ToRecord)], deliveries.Count == rows ? deliveries[^1].Id : null));
    }

    private static async Task<IResult> RetryDeadAsync(Store store, TimeProvider time, HttpContext http, CancellationToken cancellation) =>
        Results.Json(new NoticeRetryRecord(await store.WriteAsync(session => NoticeDeliveries.RetryDeadAsync(session, http.GetActor(), time.GetUtcNow()), cancellation)));

    private static async Task<IResult> RetryAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        Answer(await WriteAsync(store, http, FindDeliveryAsync, id, session => NoticeDeliveries.RetryAsync(session, id, http.GetActor(), time.GetUtcNow()), cancellation));

    private static async Task<IResult> DismissAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        Answer(await WriteAsync(store, http, FindDeliveryAsync, id, session => NoticeDeliveries.DismissAsync(session, id, http.GetActor(), time.GetUtcNow()), cancellation));

    // Whatever is done to a thing, it must be in the caller's reach in the very transaction.
    private static Task<Outcome<T>> WriteAsync<T>(
        Store store, HttpContext http, Func<StoreSession, string, Reach, Task<Problem?>> find, string id, Func<StoreSession, Task<Outcome<T>>> write, CancellationToken cancellation) =>
        store.WriteAsync(async session => await find(session, id, http.GetReach()) is { } missing ? missing : await write(session), cancellation);

    private static async Task<Problem?> FindTargetAsync(StoreSession session, string id, Reach reach) => (await NoticeTargets.FindAsync(session, id, reach)).Problem;

    private static async Task<Problem?> FindDeliveryAsync(StoreSession session, string id, Reach reach) => (await NoticeDeliveries.FindAsync(session, id, reach)).Problem;

    private static IResult Answer(Outcome<StoredNoticeTarget> outcome) => outcome.TryGet(out var target, out var problem) ? Results.Json(ToRecord(target)) : problem.ToHttp();

    private static IResult Answer(Outcome<NoticeDelivery> outcome) => outcome.TryGet(out var delivery, out var problem) ? Results.Json(ToRecord(delivery)) : problem.ToHttp();

    private static NoticeTargetRecord ToRecord(StoredNoticeTarget stored) => new(
        stored.Target.Id, stored.Target.Organisation, stored.Target.Kind == NoticeTargetKind.Email ? "email" : "webhook", stored.Target.Address, stored.Target.Topics,
        stored.HasSecret, stored.DisabledBecause, stored.CreatedAt, stored.CreatedBy);

    private static NoticeDeliveryRecord ToRecord(NoticeDelivery delivery) => new(
        delivery.Id, delivery.Notice, delivery.Topic, delivery.Organisation, delivery.Subject, delivery.Target,
        delivery.State switch { NoticeDeliveryState.Pending => "pending", NoticeDeliveryState.Delivered => "delivered", _ => "dead" },
        delivery.Attempts, delivery.CreatedAt, delivery.NextAttemptAt, delivery.LastError, delivery.DeliveredAt);
}
