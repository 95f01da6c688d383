namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold of releases: the life of a model, and to whom it is open from when on.</summary>
internal static class ReleaseShapes
{
    public const string Waves = "release_waves";

    /// <summary>The keys of a model.</summary>
    public static IReadOnlyList<KeyShape> OfModel { get; } = [
        new("released_at", new InstantShape("When its owner released it, as lists of models tell it."), IsRequired: false),
        new("deprecated_at", new InstantShape("From when on answers say that it is going."), IsRequired: false),
        new("retires_at", new InstantShape("The first instant at which it is no longer served."), IsRequired: false),
        new("replacement", new ReferenceShape("The model to use in its place.", WorldShapes.Models), IsRequired: false),
    ];

    /// <summary>A wave.</summary>
    public static ObjectShape Wave { get; } = new("release_wave", "To whom a model is open from an instant on. A model with any wave is open only to whom one covers; a wave covers a call where all its conditions hold.", [
        WorldShapes.Id(),
        new("model", new ReferenceShape("The model that it opens.", WorldShapes.Models)),
        new("from", new InstantShape("The first instant: a date (UTC) or an instant in UTC.")),
        new("channels", new NamesShape("Condition: channel ids, or * alone for all.", WorldShapes.Channels)),
        new("countries", new TextsShape("Condition: every country that a call points to is one of these.",
            new TextShape("ISO 3166-1 alpha-2.", "^[A-Z]{2}$", 2, "Write two capital letters of ISO 3166-1 such as FR.")), IsRequired: false),
        new("organisations", new NamesShape("Condition: who buys, and whom it is for, are of these.", WorldShapes.Organisations), IsRequired: false),
        new("projects", new NamesShape("Condition: project ids.", WorldShapes.Projects), IsRequired: false),
        new("families", new NamesShape("Condition: who buys, and whom it is for, are for certain affiliates of these parties, by the rule of control of the model's owner.", OwnershipShapes.AnyParty), IsRequired: false),
    ]);
}
