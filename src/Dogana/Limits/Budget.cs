using System.Globalization;

namespace Dogana.Limits;

/// <summary>Whose spending a budget is about. Stored by name.</summary>
public enum BudgetScope
{
    /// <summary>An organisation's: all of its projects together.</summary>
    Organisation = 1,

    /// <summary>A project's: all of its keys together.</summary>
    Project = 2,

    /// <summary>One key's.</summary>
    Key = 3,
}

/// <summary>In which time a budget's amount may be spent. Stored by name.</summary>
public enum BudgetPeriod
{
    /// <summary>Anew in each billing month of the organisation.</summary>
    Month = 1,

    /// <summary>Once, for calls that begin from its declaration on: prepaid, with top-ups.</summary>
    Once = 2,
}

/// <summary>What a budget does where it is reached. Stored by name.</summary>
public enum BudgetKind
{
    /// <summary>It is a limit: no call is begun that could go beyond it.</summary>
    Hard = 1,

    /// <summary>It only alerts.</summary>
    Soft = 2,
}

/// <summary>What may be spent, by whom and in which time. It stays with its scope, currency and period: what it has counted is of them.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Scope">What <paramref name="Subject"/> is.</param>
/// <param name="Subject">The id of the organisation or project, or the public id of the key.</param>
/// <param name="Amount">How much, from nothing to <see cref="AmountMax"/>; only charges in its currency count.</param>
public sealed record Budget(string Id, BudgetScope Scope, string Subject, Money Amount)
{
    /// <summary>The largest amount, in the currency's major unit.</summary>
    public const long AmountMax = 1_000_000_000_000;

    /// <summary>How many alerts a budget has at most.</summary>
    public const int AlertsMax = 10;

    /// <summary>May a budget have this id?</summary>
    public static bool IsId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and < 64 && id.All(static sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign is '.' or '-')
            && char.IsAsciiLetterOrDigit(id[0]) && char.IsAsciiLetterOrDigit(id[^1]);
    }

    /// <summary>In which time.</summary>
    public BudgetPeriod Period { get; init; } = BudgetPeriod.Month;

    /// <summary>What it does.</summary>
    public BudgetKind Kind { get; init; } = BudgetKind.Hard;

    /// <summary>Where it is hard: is a call refused, or only counted that it would have been?</summary>
    public LimitMode Mode { get; init; } = LimitMode.Enforce;

    /// <summary>What is told when it is reached, to the organisation.</summary>
    public IReadOnlyList<BudgetAlert> Alerts { get; init; } = [];

    /// <summary>Whose the subject is; found when it is declared.</summary>
    public string Organisation { get; init; } = "";

    /// <summary>What was added to the amount since.</summary>
    public Money TopUps { get; init; } = Money.Zero(Amount.Currency);

    /// <summary>What may be spent in all.</summary>
    public Money Total => Amount + TopUps;

    /// <summary>What nodes lease of. Unlike the id it is never used again: leases end where the budget ceases to refuse for a while.</summary>
    public string LimitId => string.Create(CultureInfo.InvariantCulture, $"budget/{Id}/{EnumWords.Of(Period)}/{Series}");

    /// <summary>Does it refuse?</summary>
    public bool Refuses => Kind == BudgetKind.Hard && Mode == LimitMode.Enforce;

    internal long Series { get; init; }

    /// <summary>Calls that began from then on are counted.</summary>
    internal DateTimeOffset Since { get; init; }

    /// <summary>How a message names whom it is about.</summary>
    internal string ScopeText => $"the {EnumWords.Of(Scope)} '{Subject}'";

    /// <summary>Its windows, in the organisation's time zone.</summary>
    internal LimitPeriod PeriodIn(string zone) => Period == BudgetPeriod.Month ? LimitPeriod.Month(zone) : LimitPeriod.Once;
}

/// <summary>A threshold of a budget: what was spent reaches a share of it, or an amount.</summary>
/// <param name="Value">Per cent of the budget with its top-ups, or an amount in its currency; above zero.</param>
/// <param name="IsPercent">Which of the two.</param>
public sealed record BudgetAlert(decimal Value, bool IsPercent)
{
    private const decimal PercentMax = 1_000m;

    /// <summary>How it is written: <c>80%</c>, or <c>250.50</c>.</summary>
    public const string Pattern = @"^[0-9]{1,13}(\.[0-9]{1,12})?%?$";

    /// <summary>The alert, or how to write it.</summary>
    public static Outcome<BudgetAlert> Parse(string? text)
    {
        var isPercent = text?.EndsWith('%') == true;
        var digits = (isPercent ? text![..^1] : text) ?? "";
        return digits.Length <= 26 && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0
            && value <= (isPercent ? PercentMax : Budget.AmountMax) && decimal.Round(value, isPercent ? 2 : Money.Scale) == value
            ? new BudgetAlert(value, isPercent)
            : new Problem(
                ProblemCode.InvalidRequest,
                $"'{(text is { Length: > 40 } ? text[..40] : text)}' is no alert. Write per cent of the budget such as 80%, above 0 and at most {PercentMax:0}% with 2 digits after the point, or an amount such as 250.50.",
                "alerts");
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("0.############", CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");

    /// <summary>The amount of a budget at which it is told, in parts.</summary>
    internal Int128 In(Budget budget) =>
        Limit.Parts(IsPercent ? budget.Total.BasisPoints((int)(Value * 100)) : new Money(Value, budget.Amount.Currency));
}
