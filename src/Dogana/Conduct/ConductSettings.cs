using Dogana.Conduct.Cases;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>How a model owner looks after conduct.</summary>
/// <param name="Owner">The model owner.</param>
public sealed record ConductSettings(string Owner)
{
    /// <summary>Are signals kept, and nobody asked, told or slowed down?</summary>
    public bool IsObserveOnly { get; init; }

    /// <summary>For how many days a signal that comes again is the same one: 1 to 365.</summary>
    public int SignalDays { get; init; } = 30;

    /// <summary>How many days a customer has to say what it uses models for: 1 to 90.</summary>
    public int QuestionDays { get; init; } = 7;

    /// <summary>Within how many hours an officer looks: 1 to 720.</summary>
    public int TriageHours { get; init; } = 72;

    /// <summary>How many days a customer has to put things right: 1 to 365.</summary>
    public int CureDays { get; init; } = 14;

    /// <summary>How many days a customer has to appeal: 1 to 365. Six months are what Art. 20 of the Digital Services Act gives.</summary>
    public int AppealDays { get; init; } = 180;

    /// <summary>Within how many days an appeal is decided before somebody is told that it is late: 1 to 365.</summary>
    public int AppealDecisionDays { get; init; } = 30;

    /// <summary>The most hours for which calls are slowed down before anything is decided: 1 to 168.</summary>
    public int InterimThrottleHours { get; init; } = 24;

    /// <summary>To how many requests a minute a strong signal slows calls down by itself; null: never.</summary>
    public long? InterimRequestsPerMinute { get; init; }

    /// <summary>For how many days after its end the texts of a case are kept: 1 to 3650. The hashes stay.</summary>
    public int RetentionDays { get; init; } = 180;

    /// <summary>An owner's settings; the defaults where none were declared.</summary>
    public static async Task<ConductSettings> ReadAsync(StoreSession session, string owner) =>
        (await SettingRows.ReadAsync(session)).FirstOrDefault(item => item.Owner == owner) ?? new ConductSettings(owner);

    /// <summary>Makes the store hold these settings.</summary>
    public static Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<ConductSettings> wanted) => SettingRows.DeclareAsync(session, wanted);
}
