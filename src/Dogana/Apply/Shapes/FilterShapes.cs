using Dogana.Filtering;

namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold of content filters.</summary>
internal static class FilterShapes
{
    public const string Policies = "filter_policies", BlockLists = "block_lists", Providers = "filter_providers";

    /// <summary>The key of a project and of a deployment.</summary>
    public static KeyShape PolicyKey(string description) => new("filter_policy", new ReferenceShape(description, Policies), IsRequired: false);

    public static ObjectShape Policy() => new("filter_policy", "What is looked for in prompts and answers, and what becomes of them.", [
        WorldShapes.Id(),
        new("mode", new ChoiceShape("buffered: a stream's text leaves once it was looked at; when left out. asynchronous: it leaves at once, and a finding ends the stream.", "buffered", "asynchronous"), IsRequired: false),
        new("on_failure", new ChoiceShape("What cannot be looked at: open lets it pass, and says so; when left out. closed answers 503.", "open", "closed"), IsRequired: false),
        new("annotate", new ChoiceShape("Who is told what was found. azure: clients of Azure's API; when left out. always: those of OpenAI's too, which has no field for it.", "azure", "always"), IsRequired: false),
        new("provider", new ReferenceShape("Who classifies; the classifier in Dogana when left out.", Providers), IsRequired: false),
        new("rules", new ListShape("The categories that are looked for.", new ObjectShape("filter_rule", "A category that is looked for.", [
            new("category", new ChoiceShape("The category.", "hate", "sexual", "violence", "self_harm")),
            new("source", new ChoiceShape("In whose text; in both when left out.", "prompt", "completion"), IsRequired: false),
            new("threshold", new ChoiceShape("From which severity on; medium when left out.", "low", "medium", "high"), IsRequired: false),
            new("blocking", new YesNoShape("Withhold the text? false only annotates and counts. true when left out."), IsRequired: false),
        ])), IsRequired: false),
        new("block_lists", new ListShape("The block lists that are looked for.", new ObjectShape("filter_block_list", "A block list that is looked for.", [
            new("list", new ReferenceShape("The list.", BlockLists)),
            new("source", new ChoiceShape("In whose text; in both when left out.", "prompt", "completion"), IsRequired: false),
            new("blocking", new YesNoShape("Withhold the text? false only annotates and counts. true when left out."), IsRequired: false),
        ])), IsRequired: false),
    ]);

    public static ObjectShape List() => new("block_list", "Words and patterns that nobody is to send or get.", [
        WorldShapes.Id(),
        new("terms", new TextsShape("Exact terms, found as whole words in upper and lower case.", new TextShape("A term.", @"^\S(.*\S)?$", BlockList.TermMax, $"Write 1 to {BlockList.TermMax} characters, with no space at either end.")
        {
            Check = BlockList.FindTermFault,
        }), IsRequired: false),
        new("patterns", new TextsShape("Regular expressions of .NET.", new TextShape("A pattern.", "^.+$", BlockList.PatternMax, "Write a regular expression of .NET, such as (?i)project\\s+falcon.")
        {
            Check = BlockList.FindPatternFault,
        }), IsRequired: false),
    ]);

    public static ObjectShape Provider() => new("filter_provider", "A classifier that is reached over HTTP.", [
        WorldShapes.Id(),
        new("url", new TextShape("Where texts are posted to.", "^https?://[^@?#\\s]+$", 1_024, "Write http:// or https://, a host and a path, and no user, password, query or fragment.")
        {
            Check = static url => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.Host.Length > 0 ? null : "is not an absolute address",
            IsSensitive = true,
        }),
        new("secret_env", new TextShape("The name of the environment variable that holds its bearer token.", "^[A-Za-z_][A-Za-z0-9_]{0,127}$", 128, "Write the variable's name, such as FILTER_KEY, never the token itself.") { IsSensitive = true }, IsRequired: false),
        new("time_limit_ms", new WholeNumberShape("The longest wait for an answer in milliseconds; 2000 when left out.", 100, 60_000), IsRequired: false),
    ]);
}
