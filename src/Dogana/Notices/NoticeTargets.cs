using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Notices.Sending;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Notices;

/// <summary>Where organisations hear of notices. Declared by world files; never deleted, only disabled.</summary>
public static class NoticeTargets
{
    /// <summary>How long a secret signs beside its successor.</summary>
    public static readonly TimeSpan SecretOverlap = TimeSpan.FromHours(24);

    private const string Columns = """
        id as Id, organisation as Organisation, kind as Kind, address as Address, topics as Topics, secret as Secret,
            is_disabled as IsDisabled, disabled_because as DisabledBecause, created_at as CreatedAt, created_by as CreatedBy
        """;

    /// <summary>Adds targets or changes them. A target stays with its organisation: what waits for one must not go to another.</summary>
    /// <exception cref="ProblemException">A target would move; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<NoticeTarget> wanted, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.Count == 0)
        {
            return [];
        }

        var present = (await session.QueryAsync<Row>($"select {Columns} from notice_target order by id")).Select(static row => row.ToTarget().Target).ToArray();
        foreach (var target in wanted)
        {
            if (present.FirstOrDefault(other => other.Id == target.Id) is { } before && before.Organisation != target.Organisation)
            {
                throw new ProblemException(new Problem(
                    ProblemCode.Conflict, $"The notice target '{target.Id}' belongs to '{before.Organisation}', and stays there. Declare a new target with another id."));
            }
        }

        return await session.DeclareAsync("notice_target", present, wanted, static target => target.Id, """
            insert into notice_target(id, organisation, kind, address, topics, is_disabled, created_at, created_by)
            values(@Id, @Organisation, @Kind, @Address, @Topics, 0, @CreatedAt, @CreatedBy)
            on conflict(id) do update set kind = excluded.kind, address = excluded.address, topics = excluded.topics
            """, target => new Row(
                target.Id, target.Organisation, target.Kind.ToString(), target.Address, string.Join(' ', target.Topics), Secret: null, IsDisabled: 0, DisabledBecause: null, now.ToMicros(), actor));
    }

    /// <summary>At most <paramref name="limit"/> targets after an id, by id; of a reach only, where one is given.</summary>
    public static async Task<IReadOnlyList<StoredNoticeTarget>> ListAsync(StoreSession session, string after, int limit, Reach? reach = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>($"select {Columns} from notice_target where id > @after and {(reach ?? Reach.All).Condition(session, "organisation")} order by id limit @limit",
            new { after, limit, Organisations = reach?.Organisations(session) });
        return [.. rows.Select(static row => row.ToTarget())];
    }

    /// <summary>The target, or a problem that says where to look; outside of a reach, where one is given, it is not there.</summary>
    public static async Task<Outcome<StoredNoticeTarget>> FindAsync(StoreSession session, string id, Reach? reach = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = await session.FindAsync<Row>($"select {Columns} from notice_target where id = @id", new { id });
        return row is null || reach?.HasOrganisation(row.Organisation) == false ? new Problem(ProblemCode.NotFound, $"No notice target has the id '{id}'. 'dogana notice targets' shows them.", "id") : row.ToTarget();
    }

    /// <summary>Gives a webhook a new signing secret. The one before signs beside it for <see cref="SecretOverlap"/>; one older than that no longer does.</summary>
    public static async Task<Outcome<NewNoticeSecret>> NewSecretAsync(
        StoreSession session, KeyRing ring, string id, RandomNumberGenerator random, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(random);
        if (!(await FindAsync(session, id)).TryGet(out var target, out var problem))
        {
            return problem;
        }

        if (target.Target.Kind != NoticeTargetKind.Webhook)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The notice target '{id}' is an e-mail address: it has no signing secret.", "id");
        }

        var secret = new byte[SigningSecret.Length];
        random.GetBytes(secret);
        if (!SigningSecret.Protect(ring, id, secret).TryGet(out var ciphertext, out var closed))
        {
            return closed;
        }

        DateTimeOffset? until = target.HasSecret ? now + SecretOverlap : null;
        await session.ExecuteAsync(
            "update notice_target set previous_secret = secret, previous_until = @Until, secret = @Ciphertext where id = @Id",
            new { Until = until?.ToMicros(), Ciphertext = ciphertext, Id = id });
        await AuditLog.WriteAsync(session, now, actor, "notice_target.secret", id);
        return new NewNoticeSecret(id, SigningSecret.Show(secret), until);
    }

    /// <summary>Sends to the target again, from the next notice on; what died meanwhile can be retried.</summary>
    public static async Task<Outcome<StoredNoticeTarget>> EnableAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        if (!(await FindAsync(session, id)).TryGet(out var target, out var problem))
        {
            return problem;
        }

        if (target.DisabledBecause is not null)
        {
            await session.ExecuteAsync("update notice_target set is_disabled = 0, disabled_because = null where id = @id", new { id });
            await AuditLog.WriteAsync(session, now, actor, "notice_target.enable", id);
        }

        return target with { DisabledBecause = null };
    }

    /// <summary>Sends nothing to the target any more: what waits for it is dead, what is posted from now on is not told to it.</summary>
    public static async Task<Outcome<StoredNoticeTarget>> DisableAsync(StoreSession session, string id, string because, string actor, DateTimeOffset now)
    {
        if (!(await FindAsync(session, id)).TryGet(out var target, out var problem))
        {
            return problem;
        }

        if (target.DisabledBecause is null)
        {
            await session.ExecuteAsync("update notice_target set is_disabled = 1, disabled_because = @because where id = @id", new { because, id });
            await session.ExecuteAsync(
                "update notice_delivery set state = @Dead, next_attempt_at = @Now, leased_until = null, leased_by = null, last_error = @Error where target = @Id and state = @Pending",
                new { Dead = nameof(NoticeDeliveryState.Dead), Now = now.ToMicros(), Error = $"The target was disabled: {because}.", Id = id, Pending = nameof(NoticeDeliveryState.Pending) });
            await AuditLog.WriteAsync(session, now, actor, "notice_target.disable", id, because);
        }

        return target with { DisabledBecause = target.DisabledBecause ?? because };
    }

    /// <summary>The targets in use of some organisations, and those that hear everything.</summary>
    internal static async Task<IReadOnlyList<NoticeTarget>> ReadHearingAsync(StoreSession session, string[] organisations)
    {
        var rows = await session.QueryAsync<Row>(
            $"select {Columns} from notice_target where is_disabled = 0 and {session.IsOneOf("organisation", "Organisations")} order by id",
            new { Organisations = session.List([.. organisations, NoticeTarget.All]) });
        return [.. rows.Select(static row => row.ToTarget().Target)];
    }

    private sealed record Row(
        string Id, string Organisation, string Kind, string Address, string Topics, string? Secret, long IsDisabled, string? DisabledBecause, long CreatedAt, string CreatedBy)
    {
        public StoredNoticeTarget ToTarget() => new(
            new NoticeTarget(Id, Organisation, Enum.Parse<NoticeTargetKind>(Kind), Address, Topics.Split(' ')),
            Secret is not null, IsDisabled == 1 ? DisabledBecause ?? "" : null, StoredTime.FromMicros(CreatedAt), CreatedBy);
    }
}
