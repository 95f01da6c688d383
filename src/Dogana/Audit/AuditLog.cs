using Dogana.Audit.Tree;
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

/// <summary>Which rows are wanted: those that agree with all that is given.</summary>
/// <param name="Actor">By whom, exactly.</param>
/// <param name="Action">What, exactly.</param>
/// <param name="Subject">To what, exactly.</param>
/// <param name="From">Not before this instant.</param>
/// <param name="To">Before this instant.</param>
public sealed record AuditFilter(string? Actor = null, string? Action = null, string? Subject = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>Who did what: a row for every change, written in the transaction of the change, and a leaf of the <see cref="AuditTree"/>.</summary>
public static class AuditLog
{
    private const string Select = "select sequence as Sequence, at as At, actor as Actor, action as Action, subject as Subject, detail as Detail from audit_event";

    /// <summary>Writes a row.</summary>
    public static async Task WriteAsync(StoreSession session, DateTimeOffset at, string actor, string action, string subject, string detail = "")
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = new AuditRow(await session.NextAsync(TreeRows.Counter), at.ToMicros(), actor, action, subject, detail);
        await session.ExecuteAsync(
            "insert into audit_event(sequence, at, actor, action, subject, detail, hashes) values(@Sequence, @At, @Actor, @Action, @Subject, @Detail, @hashes)",
            new { row.Sequence, row.At, row.Actor, row.Action, row.Subject, row.Detail, hashes = await TreeRows.CompleteAsync(session, row) });
    }

    /// <summary>At most <paramref name="limit"/> rows, newest first: those that are wanted, before the number <paramref name="before"/> where one is given.</summary>
    public static async Task<IReadOnlyList<AuditEvent>> ReadAsync(StoreSession session, int limit, AuditFilter? filter = null, long? before = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var wanted = filter ?? new AuditFilter();
        var (from, to) = (wanted.From?.ToMicros(), wanted.To?.ToMicros());
        (string Condition, bool IsAsked)[] conditions =
        [
            ("sequence < @before", before is not null), ("actor = @Actor", wanted.Actor is not null), ("action = @Action", wanted.Action is not null), ("subject = @Subject", wanted.Subject is not null),
            ("at >= @from", from is not null), ("at < @to", to is not null),
        ];
        string[] asked = [.. conditions.Where(static item => item.IsAsked).Select(static item => item.Condition)];
        var rows = await session.QueryAsync<AuditRow>(
            $"{Select}{(asked.Length == 0 ? "" : " where " + string.Join(" and ", asked))} order by sequence desc limit @limit",
            new { limit, before, wanted.Actor, wanted.Action, wanted.Subject, from, to });
        return [.. rows.Select(static row => row.ToEvent())];
    }

    /// <summary>The row of a number; null where there is none.</summary>
    internal static async Task<AuditEvent?> FindAsync(StoreSession session, long sequence) =>
        (await session.FindAsync<AuditRow>(Select + " where sequence = @sequence", new { sequence }))?.ToEvent();
}
