namespace Dogana.Client;

/// <summary>A role over a scope.</summary>
/// <param name="Role">Such as <c>developer</c>; <c>GET /admin/v1/roles</c> lists them.</param>
/// <param name="Scope"><c>platform</c>, <c>organisation:ID</c> or <c>channel:ID</c>.</param>
public sealed record GrantRecord(string Role, string Scope = "platform");

/// <summary>A role and what it permits.</summary>
/// <param name="Role">Its word.</param>
/// <param name="Scopes">Over what it may be given: <c>platform</c>, <c>organisation</c>, <c>channel</c>.</param>
/// <param name="NeedsSecondFactor">Must a person with it show a second factor?</param>
/// <param name="Permissions">What it permits over the platform.</param>
/// <param name="TenantPermissions">What it permits over an organisation or a channel.</param>
public sealed record RoleRecord(
    string Role, IReadOnlyList<string> Scopes, bool NeedsSecondFactor, IReadOnlyList<string> Permissions, IReadOnlyList<string> TenantPermissions);

/// <summary>A user, as far as the caller's reach goes.</summary>
/// <param name="Email">The e-mail address, in lower case: the user's name.</param>
/// <param name="State"><c>invited</c>, <c>active</c> or <c>disabled</c>.</param>
/// <param name="HasSecondFactor">Has the user enrolled one?</param>
/// <param name="Grants">The user's roles within the caller's reach; those of an invitation too.</param>
/// <param name="CreatedAt">When the user was first invited.</param>
public sealed record UserRecord(string Email, string State, bool HasSecondFactor, IReadOnlyList<GrantRecord> Grants, DateTimeOffset CreatedAt);

/// <summary>Invites somebody to a role.</summary>
/// <param name="Email">The e-mail address.</param>
/// <param name="Role">The role.</param>
/// <param name="Scope">Over what; the platform when left out.</param>
public sealed record InviteRequest(string Email, string Role, string Scope = "platform");

/// <summary>An invitation that was just made.</summary>
/// <param name="Email">For whom.</param>
/// <param name="Text">What the person signs up with. Shown this once; the server keeps only its hash.</param>
/// <param name="ExpiresAt">Until when it can be accepted.</param>
public sealed record InvitationRecord(string Email, string Text, DateTimeOffset ExpiresAt);

/// <summary>Accepts an invitation.</summary>
/// <param name="Invitation">Its text.</param>
/// <param name="Password">The password from now on, 12 to 128 characters; of somebody who has one already, that one.</param>
/// <param name="Code">The code of the second factor, of somebody who has one already.</param>
public sealed record SignUpRequest(string Invitation, string Password, string? Code = null);

/// <summary>Signs in.</summary>
/// <param name="Email">The e-mail address.</param>
/// <param name="Password">The password.</param>
/// <param name="Code">The code of the second factor, or a recovery code, where the user has enrolled one.</param>
public sealed record SignInRequest(string Email, string Password, string? Code = null);

/// <summary>A session that was just begun.</summary>
/// <param name="Session">Its text, for <c>Authorization: Bearer</c>; also set as the cookie <c>__Host-dogana</c>. Shown this once.</param>
/// <param name="User">The user.</param>
/// <param name="ExpiresAt">When it ends at the latest.</param>
/// <param name="LacksSecondFactor">Must a second factor be enrolled or confirmed before anything else?</param>
public sealed record SignInRecord(string Session, string User, DateTimeOffset ExpiresAt, bool LacksSecondFactor);

/// <summary>A live session.</summary>
/// <param name="Id">Its id, which opens nothing.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="UsedAt">When it was last used, to a minute.</param>
/// <param name="ExpiresAt">When it ends at the latest.</param>
/// <param name="IsCurrent">Is it the one that asks?</param>
public sealed record SessionRecord(string Id, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, DateTimeOffset ExpiresAt, bool IsCurrent);

/// <summary>Who asks.</summary>
/// <param name="Actor">As audit rows name them.</param>
/// <param name="User">The user, or null for a key that no user made and for the operator.</param>
/// <param name="LacksSecondFactor">Must a second factor be enrolled or confirmed before anything else?</param>
/// <param name="Grants">Their roles.</param>
public sealed record MeRecord(string Actor, string? User, bool LacksSecondFactor, IReadOnlyList<GrantRecord> Grants);

/// <summary>A second factor that is not confirmed yet.</summary>
/// <param name="Secret">For an authenticator app, in base 32. Shown this once.</param>
/// <param name="Uri">The same as an <c>otpauth:</c> address, for a QR code.</param>
public sealed record TotpRecord(string Secret, string Uri);

/// <summary>A code of the second factor.</summary>
/// <param name="Code">Six digits.</param>
public sealed record TotpConfirmRequest(string Code);

/// <summary>A second factor that was confirmed.</summary>
/// <param name="RecoveryCodes">Ten codes, each for one sign-in without the app, where it was just enrolled. Shown this once.</param>
public sealed record TotpConfirmedRecord(IReadOnlyList<string> RecoveryCodes);

/// <summary>What was ended.</summary>
/// <param name="Ended">How many sessions.</param>
public sealed record SessionsEndedRecord(int Ended);
