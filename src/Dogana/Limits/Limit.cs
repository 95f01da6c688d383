namespace Dogana.Limits;

/// <summary>The most that may be used in a time, of one unit, by everybody whom it is about together and on all nodes together.</summary>
/// <param name="Id">Unique and lasting: what nodes hold leases of. For example <c>deployment/gpt-5/acme-shop/tokens</c>.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Amount">How much, in parts (<see cref="PartsPerUnit"/>) of the unit; for money in 10⁻¹² of the currency's major unit.</param>
/// <param name="Period">In which time.</param>
/// <param name="Code">What a refusal is.</param>
/// <param name="Subject">How a refusal names it to the caller: <c>'gpt-5' in the project acme-shop</c>.</param>
public sealed record Limit(string Id, LimitUnit Unit, Int128 Amount, LimitPeriod Period, ProblemCode Code, string Subject)
{
    /// <summary>Amounts are kept in millionths of a token or request, and of a micro-unit of money: what drains in a moment is less than one token.</summary>
    public const long PartsPerUnit = 1_000_000;

    /// <summary>What happens where it is reached.</summary>
    public LimitMode Mode { get; init; } = LimitMode.Enforce;

    /// <summary>The currency of a limit of money.</summary>
    public Currency? Currency { get; init; }

    /// <summary>For money: calls that were opened before it do not count.</summary>
    public DateTimeOffset CountsFrom { get; init; } = DateTimeOffset.MinValue;

    /// <summary>What a refusal says in the place of the figures; null for those.</summary>
    public string? Explanation { get; init; }

    /// <summary>What answers' headers say in the place of the amount, in whole units: vendors tell requests in a minute, whatever slice they are checked in. Null for the amount.</summary>
    public long? ShownAmount { get; init; }

    /// <summary>What sort of limit it is, by how its id begins: <c>quota</c>, <c>deployment</c>, <c>measure</c>. There are few.</summary>
    public string Kind => Id[..Id.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>A whole number of units in parts.</summary>
    public static Int128 Parts(long units) => (Int128)units * PartsPerUnit;

    /// <summary>An amount of money in parts: 10⁻¹².</summary>
    public static Int128 Parts(Money money) => Parts(money.Micro) + money.Pico;

    /// <summary>Parts in whole units, what is left of one counted as one.</summary>
    public static long UnitsUp(Int128 parts) => checked((long)((parts + (parts > 0 ? PartsPerUnit - 1 : 0)) / PartsPerUnit));

    /// <summary>Parts in whole units, what is left of one not counted.</summary>
    public static long UnitsDown(Int128 parts) => checked((long)(parts / PartsPerUnit));
}
