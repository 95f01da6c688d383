using Dogana.Catalog;

namespace Dogana.Apply.Shapes;

/// <summary>Meters in the world file. Made by methods: <see cref="WorldShapes"/> needs them while it is being made itself.</summary>
internal static class MeterShapes
{
    public const string Section = "meters";

    private const string Name = "^[a-z][a-z0-9_]{0,62}$", Remedy = "Small letters, digits and '_', a letter first, at most 63.";

    /// <summary>What a price is of.</summary>
    public static KeyShape Priced() => new("meter", new TextShape(
        "What is counted: input_tokens, cached_input_tokens, cache_write_tokens, audio_input_tokens, output_tokens (no token is counted by two meters); generated_images, or those of a size, or of a size and quality, as generated_images_1024x1792_hd; transcribed_seconds; speech_characters; provisioned_unit_minutes, reserved_unit_minutes; or a meter of your own.",
        Name, Catalog.Meter.NameLengthMax, Remedy)
    {
        Check = static name => Catalog.Meter.Find(name) is null ? "names no size of images, as generated_images_1024x1024 or generated_images_1024x1024_hd (standard, hd, low, medium, high)" : null,
    });

    public static ObjectShape Meter() => new("meter", "Something of your own that is counted: by events that are sent to POST /admin/v1/usage. Never changes once there was one.", [
        new("id", new TextShape("As prices and invoices name it.", Name, Catalog.Meter.NameLengthMax, Remedy)
        {
            Check = static name => Catalog.Meter.Find(name) is not { IsBuiltIn: false } ? "is what Dogana counts itself" : null,
        }),
        new("unit", new TextShape("What one of it is, for people, such as image.", @"^\S(.*\S)?$", 40, "Write 1 to 40 characters on one line, with no space at either end.")),
        new("aggregation", new ChoiceShape(
            "How events make its quantity. sum: of their values. count: how many there were. max, last, unique (how many different values): in each window, for each project, model and dimensions.",
            [.. Enum.GetValues<MeterAggregation>().Select(EnumWords.Of)])),
        new("event_type", new TextShape("The type of the CloudEvents that it counts.", "^[!-~]{1,200}$", 200, "Write it without spaces, at most 200 characters.")
        {
            Check = static type => type == Meters.VoidEventType ? "is the type of events that take others back" : null,
        }),
        new("value_field", new TextShape("The key in an event's data that holds its value; value when left out. Not for count.", "^[A-Za-z][A-Za-z0-9_]{0,62}$", 63, "Letters, digits and '_', at most 63.")
        {
            Check = static key => key is "model" or "dimensions" or "organisation" or "channel" ? "means something else in an event's data" : null,
        }, IsRequired: false),
        new("dimensions", new TextsShape("What an event may say further, in data.dimensions: kept as tags.", new TextShape(
            "A dimension's name.", "^[a-z0-9_.-]{1,40}$", 40, "Small letters, digits, '_', '.' and '-', at most 40.")), IsRequired: false),
        new("window", new ChoiceShape("In what time max, last and unique are taken, in the customer's time zone; month when left out.", [.. Enum.GetValues<MeterWindow>().Select(EnumWords.Of)]), IsRequired: false),
    ])
    {
        Conditions = [new("aggregation", "count", [], ["value_field", "window"]), new("aggregation", "sum", [], ["window"])],
    };
}
