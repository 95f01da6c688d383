using System.Security.Cryptography;

namespace Dogana.Engine;

/// <summary>How an embedded chat model runs.</summary>
public sealed record EmbeddedChatOptions
{
    /// <summary>The default of <see cref="WaitingCallsMax"/>, in calls.</summary>
    public const int WaitingCallsMaxDefault = 64;

    /// <summary>The default of <see cref="ContextTokensMax"/>, in tokens.</summary>
    public const int ContextTokensMaxDefault = 4096;

    /// <summary>
    /// Calls answered at once, each on a thread and with a memory of its own, from 1 to 1024; the number of processors when null.
    /// </summary>
    /// <value>Null.</value>
    public int? Slots { get; init; }

    /// <summary>Calls that may wait for a slot, from 0 to 65,536; one more is refused with <see cref="EngineBusyException"/>.</summary>
    /// <value>64.</value>
    public int WaitingCallsMax { get; init; } = WaitingCallsMaxDefault;

    /// <summary>
    /// The most tokens of prompt and output together, at least 2; less when the model's own context is less. It bounds a slot's memory:
    /// 8 × layers × key-value width bytes a token.
    /// </summary>
    /// <value>4096.</value>
    public int ContextTokensMax { get; init; } = ContextTokensMaxDefault;

    /// <summary>Output tokens of a call that sets no limit, at least 1; null leaves it to the context.</summary>
    /// <value>Null.</value>
    public int? OutputTokensDefault { get; init; }

    /// <summary>The temperature of a call that sets none, from 0 to 100; 0 always takes the likeliest token.</summary>
    /// <value>0.</value>
    public float TemperatureDefault { get; init; }

    /// <summary>The name answers carry; null takes the file's <c>general.name</c>, or the file's own name.</summary>
    public string? ModelName { get; init; }

    /// <summary>How long calls that are under way may go on when the model is disposed; after that they are cancelled.</summary>
    /// <value>5 seconds.</value>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock, for time stamps of answers and templates that write the date.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The seed of a call that sets none.</summary>
    /// <value>A number from the system's random source, another for every call.</value>
    public Func<long> Seed { get; init; } = () => RandomNumberGenerator.GetInt32(int.MaxValue);

    internal void Validate()
    {
        SettingRange.Require(Slots ?? 1, 1, 1024, nameof(Slots));
        SettingRange.Require(WaitingCallsMax, 0, 65_536, nameof(WaitingCallsMax));
        SettingRange.Require(ContextTokensMax, 2, int.MaxValue, nameof(ContextTokensMax));
        SettingRange.Require(OutputTokensDefault ?? 1, 1, int.MaxValue, nameof(OutputTokensDefault));
        SettingRange.Require(TemperatureDefault, 0, 100, nameof(TemperatureDefault));
        SettingRange.Require(DrainTime, TimeSpan.Zero, TimeSpan.FromDays(1), nameof(DrainTime));
    }
}
