using Dogana.Catalog;
using Dogana.Rating;

namespace Dogana.Apply.Shapes;

/// <summary>Price books and exchange rates in the world file. Made by methods: <see cref="WorldShapes"/> needs them while it is being made itself.</summary>
internal static class PriceShapes
{
    public const string Rates = "exchange_rates";

    public static ObjectShape Book() => new("price_book", "A list of prices in one currency.", [
        WorldShapes.Id(),
        WorldShapes.Named("For people."),
        WorldShapes.Currency(),
        new("kind", new ChoiceShape("sale: what customers pay; when left out. cost: what upstreams charge.", Words<PriceBookKind>()), IsRequired: false),
        new("versions", new ListShape("Its versions.", Version(), ["effective_from"]) { ItemsMin = 1 }),
    ]);

    public static ObjectShape Rate() => new("exchange_rate", "What a unit of one currency is in another, until the next rate of the two. Never changes once published; the other way round only if it is declared so.", [
        CurrencyOf("base", "The currency of an amount."),
        CurrencyOf("quote", "The currency that it is wanted in."),
        new("from", new InstantShape("The first instant it is in force: a date (UTC) or an instant in UTC.")),
        new("rate", new DecimalShape("Units of quote for one unit of base. Read exactly, with or without quotes.", 1_000_000_000, Money.Scale)),
        new("source", new TextShape("Who says so, such as ECB.", @"^\S(.*\S)?$", 200, "Write 1 to 200 characters on one line, with no space at either end.")),
    ]);

    /// <summary>By which prices an upstream charges.</summary>
    public static KeyShape CostBook() => new("cost_book", new ReferenceShape("The price book, of kind cost, by which it charges what it serves; what it serves costs nothing that is known when left out.", WorldShapes.Books), IsRequired: false);

    private static ObjectShape Version() => new("price_book_version", "A book's prices until its next version. Never changes once published.", [
        new("effective_from", new InstantShape("The first instant it is in force: a date (UTC) or an instant in UTC.")),
        new("retroactive", new YesNoShape("May effective_from be past, in a cost book that has versions? false when left out."), IsRequired: false),
        new("prices", new ListShape("What is not listed has no price: it is refused, never free.", Price()) { ItemsMin = 1 }),
    ]);

    private static ObjectShape Price() => new("price", "What a number of units costs.", [
        new("model", new ReferenceShape("The model; not for reserved_unit_minutes, and left out for meters of your own whose events name none.", WorldShapes.Models), IsRequired: false),
        CapacityShapes.PricedType(),
        MeterShapes.Priced(),
        new("kind", new ChoiceShape(
            "unit: each unit costs the same; when left out. package: every started package of 'per' units costs the amount. graduated: the units in each tier cost what it says. "
                + "volume: all units cost what the tier says into which their total falls. flat: the amount once. Totals are those of a contract in a billing period.", Words<PriceKind>()), IsRequired: false),
        new("amount", new DecimalShape("In the book's currency, for 'per' units. Read exactly, with or without quotes.", 1_000_000_000, Money.Scale), IsRequired: false),
        new("per", new WholeNumberShape("Units that the amount is for, such as 1000000; 60 for unit minutes at the price of an hour.", 1, Rating.Price.PerMax), IsRequired: false),
        new("tiers", new ListShape("By a rising up_to, the last one without.", Tier()) { ItemsMin = 1 }, IsRequired: false),
        new("service_tier", new ChoiceShape("For calls that are served in this tier; standard when left out. A tier without a price costs what standard costs.", Words<ServiceTier>()), IsRequired: false),
        new("prompt_above", new WholeNumberShape("For calls whose whole prompt has more tokens than this, beside a price for any.", 1, 1_000_000_000), IsRequired: false),
    ])
    {
        Conditions =
        [
            .. Meter.BuiltIn.Select(static meter => meter == Meter.ReservedUnitMinutes
                ? new Condition("meter", meter.ToName(), ["type"], ["model"])
                : new Condition("meter", meter.ToName(), ["model"], ["type"])),
            new("kind", null, ["amount", "per"], ["tiers"]), new("kind", "unit", ["amount", "per"], ["tiers"]), new("kind", "package", ["amount", "per"], ["tiers"]),
            new("kind", "flat", ["amount"], ["per", "tiers"]), new("kind", "graduated", ["tiers", "per"], ["amount"]), new("kind", "volume", ["tiers", "per"], ["amount"]),
        ],
    };

    private static ObjectShape Tier() => new("price_tier", "A step of a graduated or volume price.", [
        new("up_to", new WholeNumberShape("The last unit that belongs to it; left out in the last tier.", 1, long.MaxValue), IsRequired: false),
        new("amount", new DecimalShape("In the book's currency, for 'per' units. Read exactly, with or without quotes.", 1_000_000_000, Money.Scale)),
        new("flat", new DecimalShape("Once, when the total reaches the tier (graduated) or falls into it (volume); 0 when left out.", 1_000_000_000, Money.Scale), IsRequired: false),
    ]);

    /// <summary>A currency under another key.</summary>
    public static KeyShape CurrencyOf(string name, string description) =>
        WorldShapes.Currency() is { Value: TextShape shape } currency ? currency with { Name = name, Value = shape with { Description = description + " ISO 4217 code." } }
        : throw new InvalidOperationException("A currency is a text.");

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(EnumWords.Of)];
}
