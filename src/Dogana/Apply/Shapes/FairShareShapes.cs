namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold of service tiers, and of how places at an upstream are shared.</summary>
internal static class FairShareShapes
{
    /// <summary>The keys of an organisation.</summary>
    public static IReadOnlyList<KeyShape> OfOrganisation { get; } = [
        new("weight", new WholeNumberShape("Its share where calls wait for places at an upstream: one with 2 is let in twice as often as one with 1; 1 when left out.", 1, 1_000), IsRequired: false),
    ];

    /// <summary>The keys of a project.</summary>
    public static IReadOnlyList<KeyShape> OfProject { get; } = [
        new("service_tier", new ChoiceShape("The tier of its calls that ask for none; standard when left out.", "batch", "standard", "priority"), IsRequired: false),
        new("priority", new YesNoShape("May its calls be served in the tier priority? Those that ask for it are served as standard otherwise. false when left out."), IsRequired: false),
    ];

    /// <summary>The keys of an upstream.</summary>
    public static IReadOnlyList<KeyShape> OfUpstream { get; } = [
        new("open_calls_max", new WholeNumberShape("How many calls may be open here from one node; further ones wait. No bound when left out.", 1, 100_000), IsRequired: false),
        new("queue_max", new WholeNumberShape("How many calls may wait on one node, of one organisation half as many; 256 when left out.", 1, 100_000), IsRequired: false),
        new("queue_seconds", new WholeNumberShape("How long a call waits at most; 30 when left out.", 1, 600), IsRequired: false),
        new("forwards_service_tier", new YesNoShape("Tell it the tier of each call: OpenAI and Azure OpenAI bill by it. false when left out: the field is taken out."), IsRequired: false),
    ];

    /// <summary>The keys of an upstream that the embedded engine, which has a queue of its own, does not have.</summary>
    public static IReadOnlyList<string> NotEmbedded { get; } = ["open_calls_max", "queue_max", "queue_seconds", "forwards_service_tier"];
}
