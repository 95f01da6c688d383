using Dogana.Catalog;

namespace Dogana.Apply.Shapes;

/// <summary>Provisioned capacity in the world file. Made by methods: <see cref="WorldShapes"/> needs them while it is being made itself.</summary>
internal static class CapacityShapes
{
    public const string Quotas = "unit_quotas", Reservations = "reservations";

    private const long UnitsMax = 100_000; // as Azure OpenAI's

    /// <summary>What a model offers.</summary>
    public static KeyShape Offers() => new("provisioned", new ListShape("As which types it may be deployed with capacity of its own, and what a unit can do.", new ObjectShape(
        "provisioned_offer", "What a unit of a type can do, and how many a deployment may have.", [
            Type(),
            new("minimum", new WholeNumberShape("The fewest units of a deployment.", 1, UnitsMax)),
            new("increment", new WholeNumberShape("Units are the minimum and whole steps of this above it.", 1, UnitsMax)),
            new("input_tokens_per_minute_per_unit", new WholeNumberShape("What one unit takes in a minute, in prompt tokens that no cache served.", 1, 1_000_000_000)),
            new("output_ratio", new DecimalShape("How many prompt tokens a generated one weighs, such as 8.", 1_000, 6)),
        ]), ["type"]), IsRequired: false);

    /// <summary>What makes a deployment a provisioned one.</summary>
    public static IReadOnlyList<KeyShape> DeploymentKeys(string namePattern) => [
        new("sku", new ChoiceShape("standard: by the token; when left out. The others: units of its own, charged by the minute, used or not.", [.. Enum.GetValues<DeploymentType>().Select(EnumWords.Of)]), IsRequired: false),
        new("units", new WholeNumberShape("How many units it has; not for standard.", 1, UnitsMax), IsRequired: false),
        new("project", new ReferenceShape("Whose capacity it is: for others the deployment does not exist. Not for standard.", WorldShapes.Projects), IsRequired: false),
        new("spillover", new TextShape("The standard deployment of the same model that serves what this one has no room for. Not for standard.", namePattern, 64, "Write a deployment's name."), IsRequired: false),
    ];

    /// <summary>What a price is for in the place of a model.</summary>
    public static KeyShape PricedType() => new("type", TypeShape("The type of deployment, for reserved_unit_minutes: in the place of a model."), IsRequired: false);

    public static ObjectShape Quota() => new("unit_quota", "The most units that an organisation may have deployed of a type in a region, all models together; no bound where none is declared.", [
        new("organisation", new ReferenceShape("Whose.", WorldShapes.Organisations)),
        Type(),
        Region(),
        new("units", new WholeNumberShape("How many.", 0, 1_000_000_000)),
    ]);

    public static ObjectShape Reservation() => new("reservation", "Units that an organisation pays for a month or a year, used or not, at a price of their own.", [
        WorldShapes.Id(),
        new("organisation", new ReferenceShape("Who pays.", WorldShapes.Organisations)),
        new("channel", new ReferenceShape("On which channel; its seller invoices.", WorldShapes.Channels)),
        Type(),
        Region(),
        new("units", new WholeNumberShape("How many.", 1, UnitsMax)),
        new("from", new InstantShape("The first instant, in the future: a date (UTC) or an instant in UTC.")),
        new("to", new InstantShape("The first instant after it: a calendar month or year of UTC later.")),
    ]);

    private static KeyShape Type() => new("type", TypeShape("The type of deployment."));

    private static KeyShape Region() => new("region", WorldShapes.RegionShape("As the deployments say it, such as global."));

    private static ChoiceShape TypeShape(string description) => new(description, [.. Enum.GetValues<DeploymentType>().Where(static type => type != DeploymentType.Standard).Select(EnumWords.Of)]);
}
