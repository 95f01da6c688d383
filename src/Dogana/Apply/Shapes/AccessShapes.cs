using System.Globalization;
using Dogana.Access;

namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold about who is let in.</summary>
internal static class AccessShapes
{
    public const string Issuers = "token_issuers";

    private const string UrlRemedy = "Write https:// (or http:// for this machine), a host and a path, and no user or fragment.";

    private static readonly ObjectShape Project = new("token_project", "Which tokens call for a project.", [
        new("claim", new TextShape("The claim's name, such as oid, azp, appid or roles.", "^[A-Za-z0-9_.:/-]{1,200}$", 200, "Write the claim's name as the token has it.")),
        new("value", new TextShape("Its value, letter by letter; one of its values where it is a list.", @"^\S(.*\S)?$", 200, "Write the value as the token has it, 1 to 200 characters.")),
        new("project", new ReferenceShape("The project.", WorldShapes.Projects)),
    ]);

    public static ObjectShape Issuer { get; } = new("token_issuer", "Whose tokens (JWT) open projects in the place of keys, as Entra ID issues them.", [
        WorldShapes.Id(),
        new("issuer", Url("The claim iss of its tokens, letter by letter.")),
        new("audience", new TextShape("What the claim aud of its tokens has: this server's name there.", "^[!-~]{1,200}$", 200, "Write the audience without spaces, at most 200 characters.")),
        new("jwks_url", Url("Where its keys are, if not where its discovery document says."), IsRequired: false),
        new("discovery", Url("Where its discovery document is; issuer/.well-known/openid-configuration when left out."), IsRequired: false),
        new("clock_skew_seconds", new WholeNumberShape(
            string.Create(CultureInfo.InvariantCulture, $"By how much its clock and this one may differ; {TokenIssuer.ClockSkewDefault} when left out."), 0, TokenIssuer.ClockSkewMax), IsRequired: false),
        new("projects", new ListShape("Which project a token calls for. A token must name one; none are let in where the list is empty.", Project, ["claim", "value"])),
    ]);

    private static TextShape Url(string description) => new(description, "^https?://[^@#\\s]+$", 1_024, UrlRemedy) { Check = TokenIssuer.FindUrlFault };
}
