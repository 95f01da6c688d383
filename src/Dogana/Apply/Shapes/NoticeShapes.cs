using Dogana.Notices;

namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold about notices.</summary>
internal static class NoticeShapes
{
    public const string Targets = "notice_targets";

    public static ObjectShape Target { get; } = new("notice_target", "Where an organisation hears of what it must be told. It stays with its organisation.", [
        WorldShapes.Id(),
        new("organisation", new TextShape("Whose notices it hears, or * for every organisation's: the operator's own.", NamesShape.Entry.Pattern, NamesShape.Entry.LengthMax, "Write the organisation's id, or \"*\" for all.")),
        new("kind", new ChoiceShape("email: by e-mail. webhook: by a request that is signed as Standard Webhooks has it; dogana notice secret makes its secret.", "email", "webhook")),
        new("address", new TextShape("The e-mail address.", NoticeAddress.EmailPattern, NoticeAddress.EmailLengthMax, "Write a plain address such as ops@example.com.")
        {
            Check = NoticeAddress.FindEmailFault,
        }, IsRequired: false),
        new("url", new TextShape("The webhook's address.", NoticeAddress.UrlPattern, NoticeAddress.UrlLengthMax, "Write https://, a host and a path, and no user, password or fragment.")
        {
            Check = NoticeAddress.FindUrlFault,
            IsSensitive = true,
        }, IsRequired: false),
        new("topics", new TextsShape("What it hears; all when left out.", new TextShape(
            "A topic, a prefix with .* at its end, or * for all.", @"^(\*|[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?)$", 100, "Write a topic such as terms.published, a prefix such as \"measure.*\", or \"*\" for all.")), IsRequired: false),
        new("allow_http", new YesNoShape("Let a webhook be called without TLS on another machine. false when left out."), IsRequired: false),
    ])
    {
        Conditions = [new("kind", "email", ["address"], ["url", "allow_http"]), new("kind", "webhook", ["url"], ["address"])],
    };
}
