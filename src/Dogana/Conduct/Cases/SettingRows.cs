using Dogana.Storage;

namespace Dogana.Conduct.Cases;

/// <summary>The settings of owners as rows.</summary>
internal static class SettingRows
{
    public static async Task<IReadOnlyList<ConductSettings>> ReadAsync(StoreSession session) =>
        [.. (await session.QueryAsync<Row>(
            """
            select owner as Owner, observe_only as ObserveOnly, signal_days as SignalDays, question_days as QuestionDays, triage_hours as TriageHours, cure_days as CureDays,
                appeal_days as AppealDays, appeal_decision_days as AppealDecisionDays, interim_throttle_hours as InterimThrottleHours, interim_requests_per_minute as InterimRequestsPerMinute, retention_days as RetentionDays
            from conduct_setting order by owner
            """)).Select(static row => row.ToSettings())];

    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<ConductSettings> wanted) => await session.DeclareAsync(
        "conduct", await ReadAsync(session), wanted, static item => item.Owner,
        """
        insert into conduct_setting(owner, observe_only, signal_days, question_days, triage_hours, cure_days, appeal_days, appeal_decision_days, interim_throttle_hours,
            interim_requests_per_minute, retention_days)
        values(@Owner, @ObserveOnly, @SignalDays, @QuestionDays, @TriageHours, @CureDays, @AppealDays, @AppealDecisionDays, @InterimThrottleHours, @InterimRequestsPerMinute, @RetentionDays)
        on conflict(owner) do update set observe_only = excluded.observe_only, signal_days = excluded.signal_days, question_days = excluded.question_days,
            triage_hours = excluded.triage_hours, cure_days = excluded.cure_days, appeal_days = excluded.appeal_days, appeal_decision_days = excluded.appeal_decision_days, interim_throttle_hours = excluded.interim_throttle_hours,
            interim_requests_per_minute = excluded.interim_requests_per_minute, retention_days = excluded.retention_days
        """,
        static item => new Row(
            item.Owner, item.IsObserveOnly ? 1 : 0, item.SignalDays, item.QuestionDays, item.TriageHours, item.CureDays, item.AppealDays, item.AppealDecisionDays, item.InterimThrottleHours,
            item.InterimRequestsPerMinute, item.RetentionDays));

    private sealed record Row(
        string Owner, long ObserveOnly, long SignalDays, long QuestionDays, long TriageHours, long CureDays, long AppealDays, long AppealDecisionDays, long InterimThrottleHours, long? InterimRequestsPerMinute,
        long RetentionDays)
    {
        public ConductSettings ToSettings() => new(Owner)
        {
            IsObserveOnly = ObserveOnly != 0,
            SignalDays = (int)SignalDays,
            QuestionDays = (int)QuestionDays,
            TriageHours = (int)TriageHours,
            CureDays = (int)CureDays,
            AppealDays = (int)AppealDays,
            AppealDecisionDays = (int)AppealDecisionDays,
            InterimThrottleHours = (int)InterimThrottleHours,
            InterimRequestsPerMinute = InterimRequestsPerMinute,
            RetentionDays = (int)RetentionDays,
        };
    }
}
