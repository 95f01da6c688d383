namespace Dogana.Catalog;

/// <summary>What is counted of a call. The kinds do not overlap: a token is counted by one meter. Stored by name (<see cref="MeterNames"/>).</summary>
public enum Meter
{
    /// <summary>Prompt tokens that no cache served and that were not written to one.</summary>
    InputTokens = 1,

    /// <summary>Prompt tokens that the upstream's cache served.</summary>
    CachedInputTokens = 2,

    /// <summary>Generated tokens, reasoning included.</summary>
    OutputTokens = 3,

    /// <summary>Minutes in which a provisioned unit was kept, used or not.</summary>
    ProvisionedUnitMinutes = 4,

    /// <summary>Minutes of units that were reserved for a month or a year, used or not. Priced for a type of deployment, not for a model.</summary>
    ReservedUnitMinutes = 5,

    /// <summary>Prompt tokens that the upstream wrote to its cache; they were not in it.</summary>
    CacheWriteTokens = 6,
}

/// <summary>The meters' names in files, stores and documents.</summary>
public static class MeterNames
{
    /// <summary>The name: <c>input_tokens</c>, <c>cached_input_tokens</c>, <c>output_tokens</c>, <c>provisioned_unit_minutes</c>, <c>reserved_unit_minutes</c> or <c>cache_write_tokens</c>.</summary>
    public static string ToName(this Meter meter) => meter switch
    {
        Meter.InputTokens => "input_tokens",
        Meter.CachedInputTokens => "cached_input_tokens",
        Meter.OutputTokens => "output_tokens",
        Meter.ProvisionedUnitMinutes => "provisioned_unit_minutes",
        Meter.ReservedUnitMinutes => "reserved_unit_minutes",
        Meter.CacheWriteTokens => "cache_write_tokens",
        _ => throw new ArgumentOutOfRangeException(nameof(meter), meter, null),
    };

    /// <summary>The meter with this name, or null.</summary>
    public static Meter? Find(string name) => name switch
    {
        "input_tokens" => Meter.InputTokens,
        "cached_input_tokens" => Meter.CachedInputTokens,
        "output_tokens" => Meter.OutputTokens,
        "provisioned_unit_minutes" => Meter.ProvisionedUnitMinutes,
        "reserved_unit_minutes" => Meter.ReservedUnitMinutes,
        "cache_write_tokens" => Meter.CacheWriteTokens,
        _ => null,
    };
}
