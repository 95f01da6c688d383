using Dogana.Access;
using Dogana.Apply.Shapes;

namespace Dogana.Apply.Reading;

/// <summary>Makes token issuers of what was read.</summary>
internal static class AccessBuilder
{
    public static IReadOnlyList<Declared<TokenIssuer>> Issuers(ReadItem root, FaultCollector faults) =>
        [.. root.Items(AccessShapes.Issuers).Where(static item => item.IsWhole).Select(item => new Declared<TokenIssuer>(Issuer(item, faults), item))];

    private static TokenIssuer Issuer(ReadItem item, FaultCollector faults)
    {
        if (item.Has("jwks_url") && item.Has("discovery"))
        {
            faults.Add(item.PlaceOf("discovery"), "The keys' address is given: no discovery document is asked.", "Delete one of jwks_url and discovery.");
        }

        return new TokenIssuer(
            item.Get<string>("id"), item.Get<string>("issuer"), item.Get<string>("audience"), item.FindText("jwks_url"), item.FindText("discovery"),
            item.Find<long>("clock_skew_seconds") ?? TokenIssuer.ClockSkewDefault,
            [.. item.Items("projects").Where(static project => project.IsWhole).Select(static project => new TokenProject(project.Get<string>("claim"), project.Get<string>("value"), project.Get<string>("project")))]);
    }
}
