namespace Dogana.Limits;

/// <summary>What a limit counts. Stored by name.</summary>
public enum LimitUnit
{
    /// <summary>Calls.</summary>
    Requests = 1,

    /// <summary>Tokens, prompt and output together.</summary>
    Tokens = 2,

    /// <summary>Weighted tokens of provisioned capacity: prompt tokens that no cache served, and output tokens by the model's ratio.</summary>
    Throughput = 3,

    /// <summary>Money, in the limit's currency.</summary>
    Money = 4,
}

/// <summary>What happens where a limit is reached. Stored by name.</summary>
public enum LimitMode
{
    /// <summary>The call is refused.</summary>
    Enforce = 1,

    /// <summary>The call is served; that it would have been refused is counted and shown.</summary>
    Observe = 2,
}
