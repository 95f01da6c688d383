using Dogana.Catalog;
using Dogana.Settlement;

namespace Dogana.Apply.Shapes;

/// <summary>Shares, rents and channel exports in the world file. Made by methods: <see cref="WorldShapes"/> needs them while it is being made itself.</summary>
internal static class SettlementShapes
{
    public const string Rents = "rent_agreements", Exports = "channel_exports";

    private const long AmountMax = 1_000_000_000_000;

    public static ObjectShape Share() => new("share_agreement", "Who owes whom a share of what is invoiced: by legs, or in the short form of one rate on one channel.", [
        WorldShapes.Id(),
        new("payer", new ReferenceShape("Short form: who owes the share.", WorldShapes.Organisations), IsRequired: false),
        new("payee", new ReferenceShape("Short form: whom it is owed to.", WorldShapes.Organisations), IsRequired: false),
        new("channel", new ReferenceShape("Short form: the channel whose invoices are shared.", WorldShapes.Channels), IsRequired: false),
        new("percent", Percent("Short form: of the net amount."), IsRequired: false),
        new("from", new InstantShape("Short form: the first instant it is in force: a date (UTC) or an instant in UTC."), IsRequired: false),
        new("to", new InstantShape("Short form: the first instant it no longer is; without an end when left out."), IsRequired: false),
        new("legs", new ListShape("Its directions, scopes and rates; instead of the short form.", Leg(), ["id"]) { ItemsMin = 1 }, IsRequired: false),
    ]);

    public static ObjectShape Rent() => new("rent_agreement", "Servers that one company rents from another.", [
        WorldShapes.Id(),
        new("lessor", new ReferenceShape("Who lets.", WorldShapes.Organisations)),
        new("lessee", new ReferenceShape("Who rents.", WorldShapes.Organisations)),
        WorldShapes.Currency(),
        new("upstreams", new TextsShape("Upstreams whose provisioned deployments use what is rented; any when left out.", new ReferenceShape("An upstream.", WorldShapes.Upstreams)), IsRequired: false),
        new("type", new ChoiceShape("The type of deployments that use what is rented; any when left out.",
            [.. Enum.GetValues<DeploymentType>().Where(static type => type != DeploymentType.Standard).Select(EnumWords.Of)]), IsRequired: false),
        new("versions", new ListShape("Its terms; the first ones hold from its beginning on.", new ObjectShape("rent_version", "Terms from an instant on. Those of the past never change.", [
            new("from", new InstantShape("The first instant they hold: a date (UTC) or an instant in UTC.")),
            new("unit_hour", Amount("The price of a unit for an hour."), IsRequired: false),
            new("month", Amount("A fixed price of a month."), IsRequired: false),
            new("minimum", Amount("The least that a month is charged."), IsRequired: false),
        ]), ["from"]) { ItemsMin = 1 }),
        new("units", new ListShape("What is rented, used or not; what customers use is charged when left out.", new ObjectShape("rented_units", "Units rented in a window.", [
            new("from", new InstantShape("The first instant.")),
            new("to", new InstantShape("The first instant after it; without an end when left out."), IsRequired: false),
            new("units", new WholeNumberShape("How many.", 1, 1_000_000_000)),
        ])), IsRequired: false),
        .. FromTo(),
    ]);

    public static ObjectShape Export() => new("channel_export", "How a channel's usage is reported to the marketplace that bills for it.", [
        WorldShapes.Id(),
        new("channel", new ReferenceShape("The channel.", WorldShapes.Channels)),
        new("format", new ChoiceShape("aws: BatchMeterUsage. azure: batchUsageEvent.", "aws", "azure")),
        new("resource", Word("What the marketplace sold: Azure's resource id, AWS's licence ARN.")),
        new("organisation", new ReferenceShape("Whose usage; all of the channel's when left out.", WorldShapes.Organisations), IsRequired: false),
        new("product", Word("AWS's product code, where the product needs one."), IsRequired: false),
        new("customer", Word("AWS's account of the customer."), IsRequired: false),
        new("plan", Word("Azure's plan."), IsRequired: false),
        new("settle_minutes", new WholeNumberShape("How long after its end an hour is closed; 30 when left out.", 0, 240), IsRequired: false),
        new("dimensions", new ListShape("What the marketplace counts.", new ObjectShape("export_dimension", "What a marketplace counts, and of what it is made.", [
            new("dimension", Word("The marketplace's name.")),
            new("models", new TextsShape("Which models' usage; all when left out.", new ReferenceShape("A model.", WorldShapes.Models)), IsRequired: false),
            new("meters", new ChoicesShape("What is added up.", [.. Meter.BuiltIn.Where(static meter => meter != Meter.ReservedUnitMinutes).Select(MeterNames.ToName)])),
            new("units_per_quantity", new WholeNumberShape("How many units the marketplace counts as one.", 1, 1_000_000_000_000)),
            new("included", new WholeNumberShape("How many of these a month's fixed fee pays for; 0 when left out.", 0, 1_000_000), IsRequired: false),
        ]), ["dimension"]) { ItemsMin = 1 }),
        .. FromTo(),
    ])
    {
        Conditions = [new("format", "aws", ["customer"], ["plan"]), new("format", "azure", ["plan"], ["customer", "product"])],
    };

    private static ObjectShape Leg() => new("share_leg", "One direction of a share agreement.", [
        WorldShapes.Id(),
        new("payer", new ReferenceShape("Who owes the share.", WorldShapes.Organisations)),
        new("payee", new ReferenceShape("Whom it is owed to.", WorldShapes.Organisations)),
        new("channel", new ReferenceShape("The channel whose documents are shared; all that the payer invoices when left out.", WorldShapes.Channels), IsRequired: false),
        new("owner", new ReferenceShape("Only this owner's models; all lines when owner and models are left out.", WorldShapes.Organisations), IsRequired: false),
        new("models", new TextsShape("Only these models.", new ReferenceShape("A model.", WorldShapes.Models)), IsRequired: false),
        new("percent", Percent("Of the basis, where there are no tiers."), IsRequired: false),
        new("tiers", new ListShape("Rates by the leg's cumulative basis, instead of percent.", new ObjectShape("share_tier", "A rate.", [
            new("up_to", Amount("Where it ends; left out on the last one."), IsRequired: false),
            new("percent", Percent("Of this part of the basis.")),
        ])) { ItemsMin = 1 }, IsRequired: false),
        new("basis", new ChoiceShape("net: without tax, less credit notes; when left out. gross: with tax. collected: net, as customers pay.", [.. Enum.GetValues<ShareBasis>().Select(EnumWords.Of)]), IsRequired: false),
        WorldShapes.Currency() with { IsRequired = false },
        new("cap", Amount("The most that it gives in its life."), IsRequired: false),
        new("minimum", Amount("The least that it gives in a period."), IsRequired: false),
        new("minimum_period", new ChoiceShape("How long the period of the minimum is; month when left out.", [.. Enum.GetValues<GuaranteePeriod>().Select(EnumWords.Of)]), IsRequired: false),
        .. FromTo(),
    ]);

    private static DecimalShape Percent(string description) => new(description + " Read exactly, with or without quotes.", 100, 2);

    private static DecimalShape Amount(string description) => new(description + " In the currency's major unit. Read exactly, with or without quotes.", AmountMax, Money.Scale);

    private static TextShape Word(string description) => new(description, "^[!-{}~]{1,200}$", 200, "Write it without spaces and |, at most 200 characters.");

    private static KeyShape[] FromTo() => [
        new("from", new InstantShape("The first instant it is in force: a date (UTC) or an instant in UTC.")),
        new("to", new InstantShape("The first instant it no longer is; without an end when left out."), IsRequired: false),
    ];
}
