using Dogana.Insight;

namespace Dogana.Apply.Shapes;

/// <summary>Capacity pools and alerts of reports in the world file. Made by methods: <see cref="WorldShapes"/> needs them while it is being made itself.</summary>
internal static class InsightShapes
{
    public const string Pools = "capacity_pools", Alerts = "insight_alerts";

    private const long AmountMax = 1_000_000_000_000;

    public static ObjectShape Pool() => new("capacity_pool", "Capacity that somebody paid for, for reports on margin and payback; nothing is charged by it.", [
        WorldShapes.Id(),
        WorldShapes.Currency(),
        new("capital", Amount("What it cost to have.")),
        new("residual", Amount("What it is worth at the end of its life; 0 when left out."), IsRequired: false),
        new("life_months", new WholeNumberShape("Over how many months the capital is borne in equal parts: 180 for 15 years.", 1, 600)),
        new("running_cost", Amount("What a month costs besides: power, rent, people; 0 when left out."), IsRequired: false),
        new("tokens_month", new WholeNumberShape("How many tokens it can serve in a month; not known when left out.", 1, 1_000_000_000_000_000), IsRequired: false),
        new("from", new InstantShape("From when on it is there: a date (UTC) or an instant in UTC.")),
        new("upstreams", new TextsShape("Which upstreams run on it; all of its models' use when left out.", new ReferenceShape("An upstream.", WorldShapes.Upstreams)), IsRequired: false),
        new("models", new TextsShape("Which models; all that its upstreams serve when left out.", new ReferenceShape("A model.", WorldShapes.Models)), IsRequired: false),
    ]);

    public static ObjectShape Alert() => new("insight_alert", "Who is told when a measure of the reports crosses a threshold: once, and again only after it went back.", [
        WorldShapes.Id(),
        new("measure", new ChoiceShape("What it looks at.", Words<AlertMeasure>())),
        new("comparison", new ChoiceShape("On which side of the threshold it tells.", Words<AlertComparison>())),
        new("threshold", new DecimalShape("In the measure's own unit: 0.25 for a share of 25 %. Read exactly, with or without quotes.", 1_000_000, Money.Scale)),
        new("tells", new ReferenceShape("The organisation whose notice targets hear of it.", WorldShapes.Organisations)),
        new("axis", new ChoiceShape("Who counts as one; family when left out.", Words<InsightAxis>()), IsRequired: false),
        new("months", new WholeNumberShape("Of how many months; 3 when left out.", 1, ReportScope.MonthsMax), IsRequired: false),
        WorldShapes.Currency() with { IsRequired = false },
        new("seller", new ReferenceShape("Only this seller's documents; all channels' sellers when left out.", WorldShapes.Organisations), IsRequired: false),
        new("channel", new ReferenceShape("Only this channel.", WorldShapes.Channels), IsRequired: false),
        new("owner", new ReferenceShape("Only this owner's models.", WorldShapes.Organisations), IsRequired: false),
        new("series", new TextShape("Which series, for guidance_to_meet; the total when left out.", "^[a-z]+(/[a-z0-9.-]{1,63})?$", 80, "Write total, or a kind and an id such as channel/direct or imported/cloud."), IsRequired: false),
    ]);

    private static DecimalShape Amount(string description) => new(description + " In the currency's major unit. Read exactly, with or without quotes.", AmountMax, Money.Scale);

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(EnumWords.Of)];
}
