using Dogana.Authority;
using Dogana.Identity;

namespace Dogana.Apply.Reading;

/// <summary>Makes identity providers of what was read.</summary>
internal static class IdentityBuilder
{
    public static IdentityProvider Provider(ReadItem item, FaultCollector faults) => new(item.Get<string>("id"), item.Get<string>("issuer"), item.Get<string>("client_id"))
    {
        SecretEnv = item.FindText("secret_env"),
        PublicUrl = item.FindText("public_url"),
        AllowedDomains = item.Has("allowed_domains") ? item.Get<IReadOnlyList<string>>("allowed_domains") : [],
        Grants = [.. item.Items("grants").Where(static grant => grant.IsWhole).Select(grant => Claim(grant, faults)).OfType<ClaimGrant>()],
    };

    private static ClaimGrant? Claim(ReadItem item, FaultCollector faults)
    {
        if (Grant.Of(item.Get<string>("role"), item.FindText("scope")).TryGet(out var grant, out var problem))
        {
            return new ClaimGrant(item.Get<string>("claim"), item.Get<string>("value"), grant);
        }

        faults.Add(item.PlaceOf("scope"), problem.Message, "Write another scope or role.");
        return null;
    }
}
