using Dogana.Billing;

namespace Dogana.Apply.Shapes;

/// <summary>What a contract says beside its price book, in the world file.</summary>
internal static class ContractShapes
{
    private const long AmountMax = 1_000_000_000_000;

    /// <summary>The keys of a contract's terms. Made by a method: <see cref="WorldShapes"/> needs it while it is being made itself.</summary>
    public static KeyShape[] Terms() => [
        new("overrides", new ReferenceShape("Another price book of the same currency: what it lists goes before the contract's book.", WorldShapes.Books), IsRequired: false),
        new("seller", new ReferenceShape("Who sells, where it is not the channel's seller: an organisation that resells to its end customers.", WorldShapes.Organisations), IsRequired: false),
        PriceShapes.CurrencyOf("billing_currency", "The currency that documents are in and paid in, converted at the rate in force at the end of their period; the price book's when left out.") with { IsRequired = false },
        new("periods", new ChoiceShape("calendar: with calendar months, when left out. anniversary: on the day of the month on which the contract begins.", Words<PeriodAnchor>()), IsRequired: false),
        new("period_months", new WholeNumberShape("Months in a billing period: 1 when left out, 2, 3, 4, 6 or 12.", 1, 12), IsRequired: false),
        new("time_zone", new TextShape("IANA name of the zone whose days periods are made of; the customer's of the day of the declaration when left out.", "^[A-Za-z0-9_+/-]{1,64}$", 64, "Write an IANA name such as Europe/Rome."), IsRequired: false),
        new("payment_days", new WholeNumberShape("Days until an invoice is to be paid; 30 when left out.", 0, 365), IsRequired: false),
        new("term_months", new WholeNumberShape("Months for which a minimum of the term holds.", 1, 120), IsRequired: false),
        new("fees", new ListShape("Fixed amounts in each billing period.", Fee(), ["id"]), IsRequired: false),
        new("discounts", new ListShape("Taken off what is used.", Discount(), ["id"]), IsRequired: false),
        new("minimums", new ListShape("To be spent at least; what is left of it is charged.", Minimum(), ["id"], ["cadence"]), IsRequired: false),
        new("prepayments", new ListShape("Credit that is bought or given, and that documents are paid with. May be added to a contract that has begun.", Prepayment(), ["id"]), IsRequired: false),
    ];

    private static ObjectShape Fee() => new("fee", "A fixed amount in each billing period, whatever is used.", [
        WorldShapes.Id(),
        WorldShapes.Named("As on an invoice."),
        Amount("In the price book's currency, in whole minor units."),
        new("prorated", new YesNoShape("Is it less in a period that the contract covers in part, by the time covered? no when left out."), IsRequired: false),
    ]);

    private static ObjectShape Discount() => new("discount", "A part of what is used that is not charged.", [
        WorldShapes.Id(),
        WorldShapes.Named("As on an invoice."),
        new("percent", new DecimalShape("Of the exact amount. Read exactly, with or without quotes.", 100, 2)),
        new("models", new NamesShape("The models that it is given on; all when left out.", WorldShapes.Models), IsRequired: false),
    ]);

    private static ObjectShape Minimum() => new("minimum", "What is to be spent at least, without tax and after discounts.", [
        WorldShapes.Id(),
        Amount("In the price book's currency, in whole minor units."),
        new("cadence", new ChoiceShape("period: in each billing period. term: in the term_months from the contract's beginning.", Words<MinimumCadence>())),
        new("early_end", new ChoiceShape("When the contract ends before its time: full, the whole of it is owed; prorated, by the time that went by. full when left out.", Words<EarlyEnd>()), IsRequired: false),
    ]);

    private static ObjectShape Prepayment() => new("prepayment", "Credit that later documents are paid with.", [
        WorldShapes.Id(),
        WorldShapes.Named("As on an invoice."),
        Amount("In the price book's currency, in whole minor units."),
        new("from", new InstantShape("From when on it can be used; it is charged on the first document after it.")),
        new("expires", new InstantShape("From when on it can no longer be used; without an end when left out."), IsRequired: false),
        new("priority", new WholeNumberShape("The lower, the earlier it is drawn on; 100 when left out.", 0, 1_000), IsRequired: false),
        new("promotional", new YesNoShape("Is it given, not bought? no when left out."), IsRequired: false),
    ]);

    private static KeyShape Amount(string description) => new("amount", new DecimalShape(description, AmountMax, 3));

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(EnumWords.Of)];
}
