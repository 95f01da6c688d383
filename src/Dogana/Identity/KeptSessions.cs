using Dogana.Authority;
using Dogana.Identity.Rows;
using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Identity;

/// <summary>Sessions, invitations and failed attempts to sign in that are over; and the users of an organisation, where they are to be erased.</summary>
public sealed class KeptSessions(Store store) : IKeptData, IErasable
{
    /// <inheritdoc/>
    public string Name => "sessions";

    /// <inheritdoc/>
    public string What => "sessions and invitations that ended, failed attempts to sign in";

    /// <inheritdoc/>
    public int DefaultDays => 1;

    /// <inheritdoc/>
    public int DaysMax => 30;

    /// <inheritdoc/>
    public Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation) => store.WriteAsync(
        async session =>
        {
            var over = new { before = before.ToMicros(), idle = (before - SessionRows.Idle).ToMicros(), limit };
            return Math.Min(
                limit,
                await session.ExecuteAsync("delete from user_session where hash in (select hash from user_session where expires_at < @before or used_at < @idle limit @limit)", over)
                + await session.ExecuteAsync("delete from user_invitation where hash in (select hash from user_invitation where expires_at < @before limit @limit)", over)
                + await session.ExecuteAsync("delete from sign_in_failure where id in (select id from sign_in_failure where at < @before limit @limit)", over));
        },
        cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Organisation is not { } organisation)
        {
            return [];
        }

        // Who has a role over something else too is somebody's still: only the role goes.
        var own = new { scope = GrantScope.Organisation(organisation).ToString() };
        var emails = await session.QueryAsync<string>(
            "select u.email from app_user u where exists (select 1 from user_grant g where g.email = u.email and g.scope = @scope) and not exists (select 1 from user_grant g where g.email = u.email and g.scope <> @scope)",
            own);
        var users = new { emails = session.List([.. emails]) };
        var invitations = await session.ExecuteAsync("delete from user_invitation where scope = @scope", own);
        await session.ExecuteAsync("delete from user_grant where scope = @scope", own);
        foreach (var table in (string[])["user_session", "user_invitation", "user_recovery_code", "user_identity", "app_user"])
        {
            await session.ExecuteAsync($"delete from {table} where {session.IsOneOf("email", "emails")}", users);
        }

        return [new ErasedData("users, with their sessions and second factors", emails.Count), new ErasedData("invitations", invitations)];
    }
}
