using Dogana.Storage;

namespace Dogana.Authority;

/// <summary>Who is behind an actor. A user's session and the keys that the user made are one person: what takes two people is not done with two of these.</summary>
public interface IPersons
{
    /// <summary>The person behind an actor of an audit row: <c>user/EMAIL</c> for a user and for a user's key; the actor itself where no user is known.</summary>
    Task<string> BehindAsync(StoreSession session, string actor);
}
