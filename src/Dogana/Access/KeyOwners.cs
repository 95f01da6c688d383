using Dogana.Audit;
using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Access;

/// <summary>Whose an admin key is: the user who made it.</summary>
public sealed class KeyOwners : IPersons
{
    /// <inheritdoc/>
    public async Task<string> BehindAsync(StoreSession session, string actor)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await session.ScalarAsync<string>("select owner_user from api_key where id = @actor", new { actor }) is { } user ? Actor.OfUser(user) : actor;
    }
}
