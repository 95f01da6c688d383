namespace Dogana.Engine;

/// <summary>How an embedded sentence encoder runs.</summary>
public sealed record UniversalSentenceEncoderOptions
{
    /// <summary>Texts that are encoded at once, from 1 to 1024; the number of processors when null.</summary>
    /// <value>Null.</value>
    public int? Slots { get; init; }

    /// <summary>Calls that may wait, from 0 to 65,536; one more is refused with <see cref="EngineBusyException"/>.</summary>
    /// <value>64.</value>
    public int WaitingCallsMax { get; init; } = 64;

    internal void Validate()
    {
        SettingRange.Require(Slots ?? 1, 1, 1024, nameof(Slots));
        SettingRange.Require(WaitingCallsMax, 0, 65_536, nameof(WaitingCallsMax));
    }
}
