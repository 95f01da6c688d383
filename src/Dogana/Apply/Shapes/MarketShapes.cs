namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold of market rules.</summary>
internal static class MarketShapes
{
    private static readonly TextShape CountryOrAll = new("ISO 3166-1 alpha-2, or * for all.", @"^(\*|[A-Z]{2})$", 2, "Write two capital letters of ISO 3166-1 such as FR, or \"*\" for all.");

    private static readonly TextShape Sentence = new(
        "For people, on one line.", @"^\S(.*\S)?$", 500, "Write 1 to 500 characters on one line, with no space at either end.");

    /// <summary>A rule.</summary>
    public static ObjectShape Rule { get; } = new("market_rule", "A dated rule about what may be sold to whom; it matches where all its conditions do, and each that is left out does.", [
        WorldShapes.Id(),
        new("effect", new ChoiceShape("allow: it opens the market. deny: it closes it, whatever is allowed. require: what is served must meet the obligations.", "allow", "deny", "require")),
        new("countries", new TextsShape("Condition: the customers' countries, or * alone for all.", CountryOrAll), IsRequired: false),
        new("models", new NamesShape("Condition: model ids, or * alone for all.", WorldShapes.Models), IsRequired: false),
        new("owners", new NamesShape("Condition: model owners, or * alone for all.", WorldShapes.Organisations), IsRequired: false),
        new("channels", new NamesShape("Condition: channel ids, or * alone for all.", WorldShapes.Channels), IsRequired: false),
        new("uses", new TextsShape("Condition: declared uses, or * alone for all. To allow, all that a project declared must be here; to deny or require, one.",
            new ChoiceShape("A declared use, or * for all.", ["*", .. Terms.UseWords.All])), IsRequired: false),
        new("owned_from", new TextsShape("Condition: organisations of these countries, together, control the customer.",
            new TextShape("ISO 3166-1 alpha-2.", "^[A-Z]{2}$", 2, "Write two capital letters of ISO 3166-1 such as FR.")), IsRequired: false),
        new("control_rule", new TextShape("By which rule of control; more than 50 % when left out.", ReferenceShape.IdPattern, 63, "Write the id of a control rule, or default."), IsRequired: false),
        new("own_model", new YesNoShape("Condition: the model's owner is (true) or is not (false) an affiliate of the customer."), IsRequired: false),
        new("upstream_regions", new TextsShape("Obligation: it must run on an upstream of one of these regions.",
            new TextShape("A region as upstreams name it.", "^[A-Za-z0-9 ._-]{1,64}$", 64, "Write a name such as westeurope.")), IsRequired: false),
        new("labels", new ChoicesShape("Obligation: marks that the output must carry.", "ai_generated"), IsRequired: false),
        new("reason", Sentence with { Description = "Why, in a sentence for the customer." }, IsRequired: false),
        new("source", Sentence with { Description = "For people: the law and its date." }, IsRequired: false),
        new("from", new InstantShape("The first instant it is in force; always when left out."), IsRequired: false),
        new("to", new InstantShape("The first instant it no longer is; without an end when left out."), IsRequired: false),
    ])
    {
        Conditions = [new("effect", "deny", ["reason"], ["upstream_regions", "labels"])],
    };
}
