using Dogana.Limits;

namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold of quotas.</summary>
internal static class QuotaShapes
{
    public const string Section = "quotas";

    private static readonly WholeNumberShape Tokens = new("How many tokens a minute.", 0, Quota.TokensMax);

    private static readonly ObjectShape Allotment = new("quota_allotment", "A part of a quota that is kept for a deployment.", [
        new("deployment", new TextShape("A deployment of the quota's model, in its region.", "^[A-Za-z0-9._-]{1,64}$", 64, "Letters, digits, '.', '_' and '-', at most 64.")),
        new("project", new ReferenceShape("For this project of the organisation only; for all when left out.", WorldShapes.Projects), IsRequired: false),
        new("tokens_per_minute", Tokens),
    ]);

    public static ObjectShape Shape { get; } = new("quota", "An organisation's tokens and requests a minute of a model in a region, for all its projects together.", [
        WorldShapes.Id(),
        new("organisation", new ReferenceShape("Whose it is; never changes.", WorldShapes.Organisations)),
        new("model", new ReferenceShape("Of which model; never changes.", WorldShapes.Models)),
        new("region", new TextShape("In which region, as deployments name it; global when left out. Never changes.", "^[A-Za-z0-9._-]{1,64}$", 64, "Write a name such as westeurope."), IsRequired: false),
        new("tokens_per_minute", Tokens with { Description = "How many tokens a minute. Requests a minute follow by the model's requests_per_thousand_tokens." }),
        new("window", new ChoiceShape("minute: counted anew with each minute of the clock; when left out. sliding: over the last 60 seconds at every instant.", "minute", "sliding"), IsRequired: false),
        new("request_slice_seconds", new WholeNumberShape("In slices of how many seconds requests are checked: 1, 10 or 60; 10 when left out.", 1, 60), IsRequired: false),
        new("mode", new ChoiceShape("enforce: a call beyond it is refused; when left out. observe: it is served, counted and shown.", "enforce", "observe"), IsRequired: false),
        new("allotments", new ListShape("How it is cut; what is not allotted is for everybody who has no allotment.", Allotment), IsRequired: false),
    ]);
}
