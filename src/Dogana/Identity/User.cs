using Dogana.Authority;

namespace Dogana.Identity;

/// <summary>Where a user stands.</summary>
public enum UserState
{
    /// <summary>Has not accepted the invitation.</summary>
    Invited = 1,

    /// <summary>Can sign in.</summary>
    Active = 2,

    /// <summary>Cannot, until enabled again.</summary>
    Disabled = 3,
}

/// <summary>A person who can sign in, as far as the asker's reach goes: who asks for one tenant learns nothing of the user's roles elsewhere.</summary>
/// <param name="Email">The e-mail address in lower case: the user's name for ever.</param>
/// <param name="State">Where the user stands.</param>
/// <param name="HasSecondFactor">Has the user enrolled one?</param>
/// <param name="Grants">The roles, those of open invitations too.</param>
/// <param name="CreatedAt">When the user was first invited.</param>
public sealed record User(string Email, UserState State, bool HasSecondFactor, IReadOnlyList<Grant> Grants, DateTimeOffset CreatedAt);

/// <summary>An invitation that was just made: the only time its text can be read.</summary>
/// <param name="Email">For whom.</param>
/// <param name="Text">What the person signs up with. Never stored, never logged.</param>
/// <param name="ExpiresAt">Until when it can be accepted: 7 days.</param>
public sealed record NewInvitation(string Email, string Text, DateTimeOffset ExpiresAt);

/// <summary>A session that was just begun: the only time its text can be read.</summary>
/// <param name="Text">What the client sends. Never stored, never logged.</param>
/// <param name="Email">The user.</param>
/// <param name="ExpiresAt">When it ends at the latest.</param>
/// <param name="LacksSecondFactor">Does a role of the user need a second factor that was not shown?</param>
public sealed record NewSession(string Text, string Email, DateTimeOffset ExpiresAt, bool LacksSecondFactor);

/// <summary>A live session.</summary>
/// <param name="Id">Its id, which opens nothing.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="UsedAt">When it was last used, to a minute.</param>
/// <param name="ExpiresAt">When it ends at the latest.</param>
public sealed record Session(string Id, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, DateTimeOffset ExpiresAt);
