using System.Globalization;
using Dogana.Catalog;

namespace Dogana.Rating;

/// <summary>What is wrong with a price, and how to mend it.</summary>
/// <param name="Key">The key of the world file that it is about.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record PriceFault(string Key, string Message, string Remedy);

/// <summary>What a price must be, so that every cost of it is exact.</summary>
public static class PriceRules
{
    /// <summary>Said of a prompt band that has no price below it.</summary>
    public static PriceFault BandWithoutBase { get; } = new(
        "prompt_above", "there is no price for shorter prompts in the same service tier.", "Add one without prompt_above: a call's prompt may prove to be short.");

    /// <summary>The first price for long prompts without one for short prompts of the same model, meter and service tier; or null.</summary>
    public static Price? FindBandWithoutBase(IReadOnlyList<Price> prices)
    {
        var bases = prices.Where(static price => price.PromptAbove == 0).Select(static price => (price.Model, price.Meter, price.ServiceTier)).ToHashSet();
        return prices.FirstOrDefault(price => price.PromptAbove > 0 && !bases.Contains((price.Model, price.Meter, price.ServiceTier)));
    }

    /// <summary>The first fault of a price, or null.</summary>
    public static PriceFault? FaultOf(Price price)
    {
        ArgumentNullException.ThrowIfNull(price);
        var isTiered = price.Kind is PriceKind.Graduated or PriceKind.Volume;
        return price.Per is < 1 or > Price.PerMax ? new("per", $"per is {price.Per}; it must be 1 to {Price.PerMax}.", "Write a power of ten such as 1000000.")
            : price.Kind == PriceKind.Flat && price.Per != 1 ? new("per", "a flat price is for any number of units.", "Delete per.")
            : price.PromptAbove < 0 ? new("prompt_above", $"prompt_above is {price.PromptAbove}.", "Write 1 or more, or delete it.")
            : price.PromptAbove > 0 && !IsOfCalls(price.Meter) ? new("prompt_above", $"{price.Meter.ToName()} have no prompt.", "Delete prompt_above.")
            : isTiered != price.Tiers.Count > 0 ? isTiered
                ? new("tiers", $"a {EnumWords.Of(price.Kind)} price has tiers.", "Add tiers.")
                : new("tiers", $"a {EnumWords.Of(price.Kind)} price has no tiers.", "Delete tiers, or write kind: graduated or kind: volume.")
            : isTiered && price.Amount != 0 ? new("amount", "the tiers say the amounts.", "Delete amount.")
            : isTiered ? FaultOfTiers(price)
            : FaultOfAmount("amount", price.Amount, price.IsLinear ? price.Per : 1);
    }

    private static bool IsOfCalls(Meter meter) =>
        meter == Meter.InputTokens || meter == Meter.CachedInputTokens || meter == Meter.CacheWriteTokens || meter == Meter.OutputTokens;

    private static PriceFault? FaultOfTiers(Price price)
    {
        if (price.Tiers.Count > Price.TiersMax)
        {
            return new("tiers", $"there are {price.Tiers.Count} tiers.", $"Keep at most {Price.TiersMax}.");
        }

        var start = 0L;
        for (var index = 0; index < price.Tiers.Count; index++)
        {
            var (tier, isLast) = (price.Tiers[index], index == price.Tiers.Count - 1);
            if (isLast != tier.UpTo is null)
            {
                return new("tiers", isLast ? "the last tier ends." : $"tier {index + 1} has no end.", "Give every tier but the last an up_to.");
            }

            if (tier.UpTo <= start)
            {
                return new("tiers", $"tier {index + 1} ends at {tier.UpTo}, where it begins or before.", "Order tiers by a rising up_to.");
            }

            if ((FaultOfAmount("tiers", tier.Amount, price.Per) ?? FaultOfAmount("tiers", tier.Flat, 1)) is { } fault)
            {
                return fault with { Message = $"tier {index + 1}: {fault.Message}" };
            }

            start = tier.UpTo ?? start;
        }

        return null;
    }

    private static PriceFault? FaultOfAmount(string key, decimal amount, long per)
    {
        var text = amount.ToString(CultureInfo.InvariantCulture);
        var unit = amount / per;
        return amount is < 0 or > Price.AmountMax ? new(key, $"the amount is {text}; it must be 0 to 1000000000.", "Write an amount in that range.")
            : decimal.Round(unit, Money.Scale) != unit || unit * per != amount
                ? new(key, per == 1 ? $"{text} has digits beyond 10^-{Money.Scale}." : $"{text} per {per} gives no exact price of one unit at 10^-{Money.Scale}.",
                    per == 1 ? "Write fewer digits." : "Choose a per that is a power of ten, or an amount with fewer digits.")
            : null;
    }
}
