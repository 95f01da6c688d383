namespace Dogana.Limits;

/// <summary>What a call may use at most, or did use, in each unit; in parts (<see cref="Limit.PartsPerUnit"/>).</summary>
/// <param name="Requests">Calls: one.</param>
/// <param name="Tokens">Prompt and output tokens.</param>
/// <param name="Throughput">Weighted tokens of provisioned capacity.</param>
/// <param name="Money">Money.</param>
public readonly record struct Demand(Int128 Requests, Int128 Tokens, Int128 Throughput, Int128 Money)
{
    /// <summary>Which call it is, for the record of refusals.</summary>
    public LimitedCall By { get; init; }

    /// <summary>One call.</summary>
    /// <param name="tokens">Prompt and output tokens.</param>
    /// <param name="throughput">Weighted tokens.</param>
    /// <param name="money">What it costs.</param>
    public static Demand OfCall(long tokens, long throughput, Money money) =>
        new(Limit.Parts(1), Limit.Parts(tokens), Limit.Parts(throughput), Limit.Parts(money));

    /// <summary>How much of a unit.</summary>
    public Int128 Of(LimitUnit unit) => unit switch
    {
        LimitUnit.Requests => Requests,
        LimitUnit.Tokens => Tokens,
        LimitUnit.Throughput => Throughput,
        _ => Money,
    };
}
