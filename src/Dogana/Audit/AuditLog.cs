using Dogana.Storage;

namespace Dogana.Audit;

/// <summary>One change, by whom and to what.</summary>
/// <param name="Sequence">Rises without a gap.</param>
/// <param name="At">When.</param>
/// <param name="Actor">The admin key's id, <c>user/EMAIL</c>, or <c>operator</c> for a verb on the store itself.</param>
/// <param name="Action">Noun and verb: <c>key.create</c>, <c>measure.suspend</c>, <c>world.apply</c>, <c>period.close</c>.</param>
/// <param name="Subject">What was changed.</param>
/// <param name="Detail">For a person; no secrets, no prompt text.</param>
public sealed record AuditEvent(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string Detail);

/// <summary>Who did what: a row for every change, written in the transaction of the change.</summary>
public static class AuditLog
{
    /// <summary>Writes a row.</summary>
    public static async Task WriteAsync(StoreSession session, DateTimeOffset at, string actor, string action, string subject, string detail = "")
    {
        ArgumentNullException.ThrowIfNull(session);
        var sequence = await session.NextAsync("audit");
        await session.ExecuteAsync(
            "insert into audit_event(sequence, at, actor, action, subject, detail) values(@sequence, @at, @actor, @action, @subject, @detail)",
            new { sequence, at = at.ToMicros(), actor, action, subject, detail });
    }

    /// <summary>At most <paramref name="limit"/> rows, newest first.</summary>
    public static async Task<IReadOnlyList<AuditEvent>> ReadAsync(StoreSession session, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            "select sequence as Sequence, at as At, actor as Actor, action as Action, subject as Subject, detail as Detail "
            + "from audit_event order by sequence desc limit @limit", new { limit });
        return [.. rows.Select(static row => new AuditEvent(row.Sequence, StoredTime.FromMicros(row.At), row.Actor, row.Action, row.Subject, row.Detail))];
    }

    private sealed record Row(long Sequence, long At, string Actor, string Action, string Subject, string Detail);
}
