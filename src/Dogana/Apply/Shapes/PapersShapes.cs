using Dogana.Billing;
using Dogana.Notices;

namespace Dogana.Apply.Shapes;

/// <summary>Taxes, addresses and dunning in the world file. Made by methods: <see cref="WorldShapes"/> needs them while it is being made itself.</summary>
internal static class PapersShapes
{
    public const string TaxRules = "tax_rules", Dunning = "dunning";

    /// <summary>An organisation's keys for its papers.</summary>
    public static KeyShape[] OfOrganisation() =>
    [
        new("tax_id", new TextShape(
            "Its number for value added tax or the like, with the country's prefix.", "^[A-Z]{2}[A-Z0-9+*.-]{2,28}$", 30, "Write the country's prefix and the number without spaces, such as DE123456789."), IsRequired: false),
        new("street", Line("Street and number, as on an invoice."), IsRequired: false),
        new("postal_code", new TextShape("Postal code.", "^[A-Za-z0-9]([A-Za-z0-9 -]{0,14}[A-Za-z0-9])?$", 16, "Write it in quotes, such as \"20095\"."), IsRequired: false),
        new("city", Line("City, as on an invoice."), IsRequired: false),
        new("invoice_email", new TextShape(
            "Where its invoices, credit notes and reminders are sent.", NoticeAddress.EmailPattern, NoticeAddress.EmailLengthMax, "Write a plain address such as accounts@example.com.")
        {
            Check = NoticeAddress.FindEmailFault,
        }, IsRequired: false),
    ];

    /// <summary>A tax rule.</summary>
    public static ObjectShape TaxRule() => new("tax_rule", "What tax a seller in one country charges a customer; the most exact rule that is in force counts. Never changes once in force.", [
        WorldShapes.Id(),
        new("seller_country", new TextShape("The seller's country, ISO 3166-1 alpha-2.", "^[A-Z]{2}$", 2, "Write two capital letters of ISO 3166-1 such as FR.")),
        new("customer_country", new TextShape("The customer's country, or * for every other one.", @"^(\*|[A-Z]{2})$", 2, "Write two capital letters of ISO 3166-1 such as FR, or \"*\" for all.")),
        new("customer_has_tax_id", new YesNoShape("Only for customers with (true) or without (false) a tax_id; for all when left out."), IsRequired: false),
        new("category", new ChoiceShape(
            "UNTDID 5305. S: standard rate. Z: zero rate. E: exempt. AE: the customer owes the tax (reverse charge). G: export. O: outside of the tax's scope.", [.. TaxCategory.All])),
        new("percent", new DecimalShape("The rate, with S only.", 100, Billing.TaxRule.PercentDigits), IsRequired: false),
        new("reason", Line("Why none is charged, as the law wants it said on the invoice; not with S and Z."), IsRequired: false),
        new("from", new InstantShape("The first instant it is in force, until a later rule for the same customers.")),
    ])
    {
        Conditions =
        [
            new("category", TaxCategory.Standard, ["percent"], ["reason"]), new("category", TaxCategory.Zero, [], ["percent", "reason"]),
            new("category", TaxCategory.Exempt, ["reason"], ["percent"]), new("category", TaxCategory.ReverseCharge, ["reason"], ["percent"]),
            new("category", TaxCategory.Export, ["reason"], ["percent"]), new("category", TaxCategory.Outside, ["reason"], ["percent"]),
        ],
    };

    /// <summary>A dunning policy.</summary>
    public static ObjectShape DunningPolicy() => new("dunning_policy", "When a seller reminds of invoices that are overdue; one for a seller.", [
        new("seller", new ReferenceShape("The seller.", WorldShapes.Organisations)),
        new("steps", new ListShape("The reminders.", new ObjectShape("dunning_step", "A reminder.", [
            new("after_days", new WholeNumberShape("So many days after the due date.", 1, 3_650)),
            new("text", Line("What it says, on one line.")),
        ]), ["after_days"]) { ItemsMin = 1 }),
    ]);

    private static TextShape Line(string description) => new(description, @"^\S(.*\S)?$", 500, "Write 1 to 500 characters on one line, with no space at either end.");
}
