namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold of usage terms.</summary>
internal static class TermsShapes
{
    private static readonly TextShape Line = new("For people, on one line.", @"^\S(.*\S)?$", 500, "Write 1 to 500 characters on one line, with no space at either end.");

    private static readonly ObjectShape Version = new("terms_version", "A version of the terms; never changes once published.", [
        new("version", new TextShape("Its name, such as 2026-01.", "^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$", 63, "Letters, digits, '.', '_' and '-', at most 63; in quotes where it is only digits.")),
        new("effective_from", new InstantShape("The first instant it is in force: a date (UTC) or an instant in UTC.")),
        new("accept_by", new InstantShape("The first instant at which who has not accepted is refused; nobody need accept it when left out."), IsRequired: false),
        new("text_url", new TextShape("Where the text is; this or text_sha256.", @"^https?://[^@\s]+$", 1_024, "Write an absolute http or https address without user and password."), IsRequired: false),
        new("text_sha256", new TextShape("SHA-256 of the text's bytes.", "^[0-9a-f]{64}$", 64, "Write 64 lower-case hexadecimal digits, in quotes."), IsRequired: false),
        new("serve", new YesNoShape("May the models be called?")),
        new("log", new YesNoShape("May prompts and answers be kept or traced?")),
        new("evaluate", new YesNoShape("May models be evaluated with them?")),
        new("train", new YesNoShape("May models be trained with outputs?")),
        new("competing_models", new ChoiceShape("Also models that compete with the owner's?", "prohibited", "allowed")),
        new("note", Line, IsRequired: false),
    ]);

    /// <summary>Terms.</summary>
    public static ObjectShape Terms { get; } = new("terms", "What a model owner asks of those who use its models.", [
        WorldShapes.Id(),
        new("name", Line with { Description = "For people." }),
        new("owner", new ReferenceShape("The model owner; never changes.", WorldShapes.Organisations)),
        new("models", new NamesShape("The owner's models that they cover, or * alone for all; all when left out.", WorldShapes.Models), IsRequired: false),
        new("channels", new NamesShape("The channels on which they hold, or * alone for all; all when left out.", WorldShapes.Channels), IsRequired: false),
        new("versions", new ListShape("The versions.", Version, ["version"], ["effective_from"]) { ItemsMin = 1 }),
    ]);

    /// <summary>A licence exception.</summary>
    public static ObjectShape Exception { get; } = new("licence_exception", "What an owner granted one organisation beyond its terms.", [
        WorldShapes.Id(),
        new("organisation", new ReferenceShape("Whom; its affiliates not.", WorldShapes.Organisations)),
        new("terms", new ReferenceShape("Beyond which terms.", WorldShapes.Terms)),
        new("grants", new ChoicesShape("What it may: evaluate, train, train competing models.", "evaluate", "train", "compete")),
        new("from", new InstantShape("The first instant it holds.")),
        new("to", new InstantShape("The first instant it no longer does; without an end when left out."), IsRequired: false),
        new("approved_by", Line with { Description = "Who approved it." }),
        new("reason", Line with { Description = "Why it was granted." }),
    ]);

    /// <summary>A declared use.</summary>
    public static ObjectShape Use { get; } = new("declared_use", "What a project uses models for.", [
        new("project", new ReferenceShape("The project.", WorldShapes.Projects)),
        new("use", new ChoiceShape("evaluation, training and distillation need what the terms or an exception grant.", Dogana.Terms.UseWords.All)),
        new("monthly_tokens", new WholeNumberShape("How much, in tokens of a month.", 0, 1_000_000_000_000_000)),
        new("description", Line with { Description = "In a sentence." }),
        new("to", new InstantShape("The first instant it no longer holds; without an end when left out."), IsRequired: false),
    ]);
}
