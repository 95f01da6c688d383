using Dogana.Parties;

namespace Dogana.Apply.Shapes;

/// <summary>Who stands behind whom, and what counts as control.</summary>
internal static class OwnershipShapes
{
    public const string Statements = "ownership", Rules = "control_rules", Parties = "ownership_parties";

    /// <summary>What a statement may be about: not a section of its own, but either of two.</summary>
    public const string AnyParty = "organisations or ownership_parties";

    /// <summary>A Legal Entity Identifier.</summary>
    public static KeyShape Lei { get; } = new("lei", new TextShape(
        "Its Legal Entity Identifier (ISO 17442), by which imports of ownership know it.", "^[A-Z0-9]{18}[0-9]{2}$", 20, "Write its 20 letters and digits, the check digits last.")
    {
        Check = static lei => LegalEntityIdentifier.IsValid(lei) ? null : "has check digits that do not fit",
    }, IsRequired: false);

    public static ObjectShape Party { get; } = new("ownership_party", "A party that is known from statements about ownership only: no customer, seller or model owner.", [
        WorldShapes.Id(),
        WorldShapes.Named("For people."),
        new("kind", new ChoiceShape("entity: a legal entity or a trust. person: a natural person.", "entity", "person")),
        WorldShapes.Country("Where it is.") with { IsRequired = false },
        Lei,
    ]);

    public static ObjectShape Statement { get; } = new("ownership_statement", "What one party is to another, and since when. A statement that was wrong is declared anew under its id.", [
        WorldShapes.Id(),
        new("subject", new ReferenceShape("Whom it is about: an organisation or an ownership party.", AnyParty)),
        new("interested_party", new ReferenceShape("Who holds the interest: an organisation or an ownership party.", AnyParty), IsRequired: false),
        new("unknown_party", new YesNoShape("true instead of an interested_party: somebody unknown holds it."), IsRequired: false),
        new("interest", new ChoiceShape(
            "shareholding, voting_rights: a share. control: it appoints the board, controls by contract or consolidates the accounts. agent: the subject acts for it. "
            + "reseller_of_record: it resells to the subject. end_customer_of: the subject is its end customer.",
            "shareholding", "voting_rights", "control", "agent", "reseller_of_record", "end_customer_of")),
        Percent("share", "The share in percent, where it is known exactly."),
        Percent("share_min", "At least this, in percent; 0 when left out beside share_max."),
        Percent("share_max", "At most this, in percent; 100 when left out beside share_min."),
        new("exclusive_min", new YesNoShape("More than share_min, not share_min itself. false when left out."), IsRequired: false),
        new("exclusive_max", new YesNoShape("Less than share_max, not share_max itself. false when left out."), IsRequired: false),
        .. FromTo(),
        new("source", new TextShape("Where it comes from, for people: a register, a filing, a contract.", @"^\S(.*\S)?$", 200, "Write 1 to 200 characters on one line, with no space at either end.")),
    ])
    {
        Conditions = [.. new[] { "control", "agent", "reseller_of_record", "end_customer_of" }
            .Select(static link => new Condition("interest", link, [], ["share", "share_min", "share_max", "exclusive_min", "exclusive_max"]))],
    };

    public static ObjectShape Rule { get; } = new("control_rule", "When one party controls another. The rule of a model owner, or the one for all that have none.", [
        WorldShapes.Id(),
        new("owner", new ReferenceShape("The model owner whose measures reach families by it; for all that have no rule of their own when left out.", WorldShapes.Organisations), IsRequired: false),
        new("threshold", new DecimalShape("The share that decides, in percent: above 0, at most 100. Read exactly.", 100, 4)),
        new("inclusive", new YesNoShape("true: the threshold itself is enough (50 % or more). false: more than it (more than 50 %).")),
        new("aggregate", new YesNoShape("Are the shares of several controlled parties, and several chains, added up?")),
        new("chain", new ChoiceShape("cascade: what a controlled party holds counts fully. product: shares are multiplied along each chain.", "cascade", "product")),
        new("unknown", new ChoiceShape("Where shares are not known well enough to decide. include: it counts as control. exclude: it does not. review: it stays undecided.", "include", "exclude", "review")),
        new("links", new ChoicesShape("Which links carry control as if the whole were held; none when left out.", "control", "agent", "reseller_of_record", "end_customer_of"), IsRequired: false),
        .. FromTo(),
    ]);

    private static KeyShape Percent(string name, string description) => new(name, new DecimalShape(description + " Read exactly.", 100, 4), IsRequired: false);

    private static KeyShape[] FromTo() => [
        new("from", new InstantShape("The first instant it holds: a date (UTC) or an instant in UTC; always when left out."), IsRequired: false),
        new("to", new InstantShape("The first instant it no longer holds; without an end when left out."), IsRequired: false),
    ];
}
