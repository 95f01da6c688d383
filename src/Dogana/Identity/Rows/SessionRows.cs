using System.Security.Cryptography;
using Dogana.Authority;
using Dogana.Identity.Secrets;
using Dogana.Storage;

namespace Dogana.Identity.Rows;

/// <summary>A session as the store keeps one.</summary>
internal sealed record SessionRow(string Id, string Email, long CreatedAt, long UsedAt, long ExpiresAt, long HasSecondFactor, string Grants)
{
    public Session ToSession() => new(Id, StoredTime.FromMicros(CreatedAt), StoredTime.FromMicros(UsedAt), StoredTime.FromMicros(ExpiresAt));
}

/// <summary>The table of sessions, by the hash of their texts.</summary>
internal static class SessionRows
{
    public const int LiveMax = 20;

    public static readonly TimeSpan Life = TimeSpan.FromHours(12);
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private const string Select = """
        select id as Id, email as Email, created_at as CreatedAt, used_at as UsedAt, expires_at as ExpiresAt, has_second_factor as HasSecondFactor, grants as Grants
        from user_session
        """;

    private const string IsLive = "expires_at > @now and used_at > @idle";

    /// <summary>Begins one. Of a user's sessions the oldest make room for it; what is over anywhere goes too.</summary>
    public static async Task<NewSession> CreateAsync(
        StoreSession session, string email, bool hasSecondFactor, IReadOnlyList<Grant> grants, RandomNumberGenerator random, DateTimeOffset now)
    {
        await session.ExecuteAsync("delete from user_session where expires_at <= @now or used_at <= @idle", Times(now));
        await session.ExecuteAsync(
            "delete from user_session where email = @email and id not in (select id from user_session where email = @email order by created_at desc, id desc limit @kept)",
            new { email, kept = LiveMax - 1 });
        var (text, hash) = SecretText.Create(SecretText.Session, random);
        await session.ExecuteAsync(
            """
            insert into user_session(hash, id, email, created_at, used_at, expires_at, has_second_factor, grants)
            values(@hash, @id, @email, @at, @at, @expires, @factor, @grants)
            """,
            new
            {
                hash,
                id = Guid.CreateVersion7(now).ToString(),
                email,
                at = now.ToMicros(),
                expires = (now + Life).ToMicros(),
                factor = hasSecondFactor ? 1 : 0,
                grants = Grant.Text(grants),
            });
        var all = (await UserRows.HeldAsync(session, email)).Concat(grants);
        return new NewSession(text, email, now + Life, !hasSecondFactor && all.Any(static grant => RoleMatrix.NeedsSecondFactor(grant.Role)));
    }

    public static Task<SessionRow?> FindLiveAsync(StoreSession session, string text, DateTimeOffset now) => session.FindAsync<SessionRow>(
        $"{Select} where hash = @hash and {IsLive}", new { hash = SecretText.Hash(text), now = now.ToMicros(), idle = (now - Idle).ToMicros() });

    public static Task<IReadOnlyList<SessionRow>> ListLiveAsync(StoreSession session, string email, DateTimeOffset now) => session.QueryAsync<SessionRow>(
        $"{Select} where email = @email and {IsLive} order by id", new { email, now = now.ToMicros(), idle = (now - Idle).ToMicros() });

    public static Task<int> TouchAsync(StoreSession session, string id, DateTimeOffset now) =>
        session.ExecuteAsync("update user_session set used_at = @now where id = @id", new { id, now = now.ToMicros() });

    public static Task<int> ConfirmAsync(StoreSession session, string id) =>
        session.ExecuteAsync("update user_session set has_second_factor = 1 where id = @id", new { id });

    public static Task<int> DeleteAsync(StoreSession session, string email) => session.ExecuteAsync("delete from user_session where email = @email", new { email });

    public static Task<int> DeleteAsync(StoreSession session, string email, string id) =>
        session.ExecuteAsync("delete from user_session where email = @email and id = @id", new { email, id });

    private static object Times(DateTimeOffset now) => new { now = now.ToMicros(), idle = (now - Idle).ToMicros() };
}
