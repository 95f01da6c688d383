using Dogana.Authority;
using Dogana.Identity;

namespace Dogana.Apply.Shapes;

/// <summary>What a world file may hold about signing in.</summary>
internal static class IdentityShapes
{
    public const string Providers = "identity_providers";

    private static readonly ObjectShape ClaimGrant = new("claim_grant", "A role that a session has where the provider says something of the user.", [
        new("claim", new TextShape("The claim of the ID token, such as groups.", @"^\S{1,200}$", 200, "Write the claim's name.")),
        new("value", new TextShape("Its value, or one of its values.", @"^\S(.*\S)?$", 500, "Write the value on one line, with no space at either end.")),
        new("role", new ChoiceShape("The role.", [.. Enum.GetValues<Role>().Select(EnumWords.Of)])),
        new("scope", new TextShape("Over what; the platform when left out.", "^(platform|(organisation|channel):[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?)$", 80, "Write platform, organisation:ID or channel:ID."), IsRequired: false),
    ]);

    /// <summary>An OpenID provider.</summary>
    public static ObjectShape Provider { get; } = new("identity_provider", "Where users may sign in instead of by a password: an OpenID provider.", [
        WorldShapes.Id(),
        new("issuer", Address("Its issuer identifier, exactly as its discovery document has it.")),
        new("client_id", new TextShape("As which client Dogana is registered there.", @"^\S{1,200}$", 200, "Write the client's id.")),
        new("secret_env", new TextShape("The environment variable that holds the client's secret; left out for a public client.", "^[A-Z_][A-Z0-9_]{0,62}$", 63, "Write a variable's name such as SSO_SECRET, never the secret.") { IsSensitive = true }, IsRequired: false),
        new("public_url", Address("Dogana's own address as browsers see it; what the request says when left out."), IsRequired: false),
        new("allowed_domains", new TextsShape("Whose e-mail addresses are taken; any when left out.", new TextShape("A domain.", @"^[a-z0-9-]+(\.[a-z0-9-]+)+$", 253, "Write a domain in lower case such as example.com.")), IsRequired: false),
        new("grants", new ListShape("What a session has besides the user's own roles.", ClaimGrant, ["claim", "value", "role", "scope"]), IsRequired: false),
    ]);

    private static TextShape Address(string description) => new(description, @"^https?://[^\s?#@]+$", 500, "Write an https address without user, query and fragment; http is for this machine alone.")
    {
        Check = IdentityProvider.FindAddressFault,
    };
}
