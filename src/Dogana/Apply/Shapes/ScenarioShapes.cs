using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dogana.Apply.Reading;
using Dogana.Insight;

namespace Dogana.Apply.Shapes;

/// <summary>A scenario's keys.</summary>
internal static class ScenarioShapes
{
    public const string Pools = InsightShapes.Pools, Agreements = WorldShapes.Shares;

    private const int ChangesMax = 50;

    private static readonly KeyShape Family = new("family", new ReferenceShape("A party of the family: all under common control with it.", OwnershipShapes.AnyParty), IsRequired: false);
    private static readonly KeyShape Organisation = new("organisation", new ReferenceShape("One customer alone.", WorldShapes.Organisations), IsRequired: false);

    private static readonly ObjectShape Change = new("change", "Something that happens; one of its keys.", [
        Of("leaves", "A customer stops using what it buys, and ends its contracts as early as they can be ended.", Family, Organisation, Instant("on", "The first instant without it.")),
        Of("banned", "A model owner suspends a customer: its own models, on every channel that its measures reach.", Family, Organisation,
            new("by", new ReferenceShape("The model owner.", WorldShapes.Organisations)), Instant("on", "The first instant without it.")),
        Of("declines", "A customer uses less.", Family, Organisation, Part("percent", "By how much in the end."),
            new("months", new WholeNumberShape("In how many equal steps of a month.", 1, ForecastReports.StepsMax)), Instant("from", "In whose month the first step is taken.")),
        Of("moves", "A customer moves a part of its calls to another model.", Family, Organisation, Part("percent", "The part of its calls."), Instant("from", "The first instant."),
            new("to", new TextShape("own: a model of its own, that is not sold here. Or a model.", ReferenceShape.IdPattern, 63, "Write own, or the id of a model."))),
        Of("channel_ends", "A channel sells nothing any more.", new("channel", new ReferenceShape("The channel.", WorldShapes.Channels)), Instant("on", "The first instant without it.")),
        Of("price", "Prices change; of a model, a meter, a channel, or what they have in common.", new("model", new ReferenceShape("The model.", WorldShapes.Models), IsRequired: false),
            new("meter", new TextShape("The meter's name, such as output_tokens.", "^[a-z0-9][a-z0-9_.-]{0,62}$", 63, "Write a meter's name, such as output_tokens."), IsRequired: false),
            new("channel", new ReferenceShape("The channel.", WorldShapes.Channels), IsRequired: false),
            new("percent", new SignedPercentShape("By how much: -20 for a fifth less.")), Instant("from", "The first instant with the new price.")),
        Of("share", "A leg of a share agreement gives another rate of what is sold from then on.", new("agreement", new ReferenceShape("The share agreement.", Agreements)),
            new("leg", new TextShape("The leg's id in it.", ReferenceShape.IdPattern, 63, "Write the id of one of the agreement's legs.")), Part("rate", "The rate in per cent."), Instant("from", "The first instant with it.")),
        Of("market_closes", "Nothing is sold to a country any more.", WorldShapes.Country("The country."), Instant("on", "The first instant without it.")),
        Of("capacity", "What of a pool is freed is placed elsewhere after a while.", new("pool", new ReferenceShape("The capacity pool.", Pools)),
            new("months", new WholeNumberShape("For how many months it stands idle first.", 0, ForecastReports.StepsMax)), Part("percent", "At what part of what it brought before.")),
    ]);

    /// <summary>The whole file.</summary>
    public static ObjectShape Scenario { get; } = new("scenario", "What happens, for 'dogana insight what-if'.", [
        WorldShapes.Named("Its name."),
        new("months", new WholeNumberShape("How many months ahead it looks.", 1, ForecastReports.StepsMax)),
        new("changes", new ListShape("What happens; [] where nothing does.", Change)),
    ]);

    /// <summary>The kinds of changes.</summary>
    public static IEnumerable<string> Kinds => Change.Keys.Select(static key => key.Name);

    /// <summary>The most changes of a scenario.</summary>
    public static int Max => ChangesMax;

    private static KeyShape Of(string name, string description, params KeyShape[] keys) => new(name, new ItemShape(new ObjectShape(name, description, keys)), IsRequired: false);

    private static KeyShape Instant(string name, string description) => new(name, new InstantShape(description + " A date (UTC) or an instant in UTC."));

    private static KeyShape Part(string name, string description) => new(name, new DecimalShape(description + " 0 to 100, with or without quotes.", 100, 4));
}

/// <summary>A change in per cent, with a sign where it is less; read from its digits.</summary>
internal sealed record SignedPercentShape(string Description) : ScalarShape(Description)
{
    private const string Pattern = @"^[+-]?[0-9]{1,4}(\.[0-9]{1,4})?$";
    private const decimal Least = -100, Most = 1_000;

    public override object? Read(YamlText text, Place place, FaultCollector faults)
    {
        if (!text.Value.EndsWith('\n') && Regex.IsMatch(text.Value, Pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            && decimal.TryParse(text.Value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is >= Least and <= Most)
        {
            return number;
        }

        faults.Add(place, $"'{Shown.Text(text.Value)}' is not a change in per cent in the range.", "Write -100 to 1000 with at most 4 digits after the point, such as -20 or 2.5.");
        return null;
    }

    public override void Describe(JsonObject schema) => schema["anyOf"] = new JsonArray(
        new JsonObject { ["type"] = "number", ["minimum"] = Least, ["maximum"] = Most }, new JsonObject { ["type"] = "string", ["pattern"] = Pattern });
}
