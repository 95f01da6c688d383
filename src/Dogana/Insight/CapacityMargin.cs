using Dogana.Insight.Arithmetic;

namespace Dogana.Insight;

/// <summary>What capacity brought and cost over a span, such as a month of a model or an upstream.</summary>
/// <param name="Revenue">What it brought.</param>
/// <param name="CapitalCost">The span's part of the capital, see <see cref="Payback.StraightLine"/>.</param>
/// <param name="RunningCost">What keeping it running cost.</param>
/// <param name="Tokens">How many tokens it served, zero or more.</param>
public sealed record CapacityMargin(Money Revenue, Money CapitalCost, Money RunningCost, long Tokens)
{
    private const long Million = 1_000_000;

    /// <summary>Capital and running cost.</summary>
    public Money Cost => CapitalCost + RunningCost;

    /// <summary>Revenue less all cost.</summary>
    public Money Margin => Revenue - Cost;

    /// <summary>Revenue less running cost: does what comes in cover at least the computing?</summary>
    public Money MarginBeforeCapital => Revenue - RunningCost;

    /// <summary><see cref="Margin"/> over revenue: at most 1, below zero at a loss; null without revenue.</summary>
    public double? MarginRate => ExactRatio.Of(Margin, Revenue);

    /// <summary>Cost of a million tokens, to 10⁻¹², half away from zero; null where there were none.</summary>
    public Money? CostPerMillionTokens => PerMillion(Cost);

    /// <summary>Revenue of a million tokens, likewise.</summary>
    public Money? RevenuePerMillionTokens => PerMillion(Revenue);

    // Divided before it is multiplied: in this order nothing that Money can hold is beyond a decimal.
    private Money? PerMillion(Money amount) => Tokens <= 0
        ? null
        : new Money(decimal.Round(amount.Amount / ((decimal)Tokens / Million), Money.Scale, MidpointRounding.AwayFromZero), amount.Currency);
}
