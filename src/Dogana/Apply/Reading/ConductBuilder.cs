using Dogana.Conduct;

namespace Dogana.Apply.Reading;

/// <summary>Makes the settings of conduct of what was read.</summary>
internal static class ConductBuilder
{
    public static ConductSettings Settings(ReadItem item)
    {
        var otherwise = new ConductSettings(item.Get<string>("owner"));
        return otherwise with
        {
            IsObserveOnly = item.Find<bool>("observe_only") ?? false,
            SignalDays = Number("signal_days", otherwise.SignalDays),
            QuestionDays = Number("question_days", otherwise.QuestionDays),
            TriageHours = Number("triage_hours", otherwise.TriageHours),
            CureDays = Number("cure_days", otherwise.CureDays),
            AppealDays = Number("appeal_days", otherwise.AppealDays),
            AppealDecisionDays = Number("appeal_decision_days", otherwise.AppealDecisionDays),
            InterimThrottleHours = Number("interim_throttle_hours", otherwise.InterimThrottleHours),
            InterimRequestsPerMinute = item.Find<long>("interim_requests_per_minute"),
            RetentionDays = Number("retention_days", otherwise.RetentionDays),
        };

        int Number(string key, int otherwise) => (int)(item.Find<long>(key) ?? otherwise);
    }
}
