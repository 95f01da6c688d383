using Dogana.Conduct;

namespace Dogana.Apply.Shapes;

/// <summary>Measures in the world file.</summary>
internal static class MeasureShapes
{
    public const string Section = "measures";

    private const string Person = "^[A-Za-z0-9][A-Za-z0-9._@/-]{0,63}$";
    private const string PersonRemedy = "Write a name of letters, digits and . _ - @ /, at most 64.";

    /// <summary>A measure. Made by a method: <see cref="WorldShapes"/> needs it while it is being made itself.</summary>
    public static ObjectShape Measure() => new("measure", "What a model owner decided against an organisation and its family. Applied once; after that it can only be lifted.", [
        WorldShapes.Id(),
        new("organisation", new ReferenceShape("The organisation that it is taken against; its affiliates share it.", WorldShapes.Organisations)),
        new("owner", new ReferenceShape("The model owner.", WorldShapes.Organisations)),
        new("level", new ChoiceShape(
            "warn: served, and told. throttle, limit: so many requests a minute, tokens a day. suspend: not served. terminate: not served any more.",
            [.. Enum.GetValues<MeasureLevel>().Select(MeasureNames.Of)])),
        new("models", new NamesShape("The owner's models that it is about; * alone, or nothing, for all.", WorldShapes.Models), IsRequired: false),
        new("channels", new NamesShape("The channels that it is about; * alone, or nothing, for all.", WorldShapes.Channels), IsRequired: false),
        new("requests_per_minute", new WholeNumberShape("For throttle: the most requests of the family in a minute.", 1, 1_000_000_000), IsRequired: false),
        new("tokens_per_day", new WholeNumberShape("For limit: the most tokens of the family in a day.", 1, 1_000_000_000_000_000), IsRequired: false),
        new("from", new InstantShape("The first instant in force: a date (UTC) or an instant in UTC; when the file is applied, where left out or earlier."), IsRequired: false),
        new("to", new InstantShape("The first instant no longer in force; until it is lifted when left out."), IsRequired: false),
        new("reason", Line("For the customer, who reads it.")),
        new("proposed_by", new TextShape("Who proposed it.", Person, 64, PersonRemedy)),
        new("approved_by", new TextShape("Who approved it: another person, unless there is an urgency.", Person, 64, PersonRemedy)),
        new("urgency", Line("Why one person alone put it in force; then proposed_by and approved_by are the same."), IsRequired: false),
        new("lifted", new YesNoShape("Is it lifted? false when left out."), IsRequired: false),
        new("lift_reason", Line("Why it was lifted."), IsRequired: false),
    ])
    {
        Conditions =
        [
            new("level", "throttle", ["requests_per_minute"], ["tokens_per_day"]), new("level", "limit", ["tokens_per_day"], ["requests_per_minute"]),
            new("level", "warn", [], ["requests_per_minute", "tokens_per_day"]), new("level", "suspend", [], ["requests_per_minute", "tokens_per_day"]),
            new("level", "terminate", [], ["requests_per_minute", "tokens_per_day"]),
        ],
    };

    private static TextShape Line(string description) => new(description, @"^\S(.*\S)?$", 500, "Write 1 to 500 characters on one line, with no space at either end.");
}
