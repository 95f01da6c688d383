using Dogana.Terms;

namespace Dogana.Apply.Reading;

/// <summary>Terms with the places of their versions.</summary>
internal sealed record DeclaredTerms(UsageTerms Terms, IReadOnlyList<Declared<TermsVersion>> Versions);

/// <summary>Makes usage terms, licence exceptions and declared uses of what was read.</summary>
internal sealed class TermsBuilder(FaultCollector faults)
{
    public DeclaredTerms Terms(ReadItem item)
    {
        var id = item.Get<string>("id");
        Declared<TermsVersion>[] versions = [.. item.Items("versions").Where(static version => version.IsWhole).Select(version => new Declared<TermsVersion>(Version(id, version), version))];
        return new DeclaredTerms(
            new UsageTerms(id, item.Get<string>("name"), item.Get<string>("owner"), Names(item, "models"), Names(item, "channels"), [.. versions.Select(static version => version.Value)]),
            versions);
    }

    public LicenceGrant Exception(ReadItem item)
    {
        var (from, to) = (item.Get<DateTimeOffset>("from"), item.Find<DateTimeOffset>("to"));
        if (to <= from)
        {
            faults.Add(item.PlaceOf("to"), "It ends before it begins.", "Write a 'to' after 'from', or delete it: then there is no end.");
        }

        var grants = item.Get<IReadOnlyList<string>>("grants").Aggregate(
            LicenceScope.None, static (all, word) => all | word switch { "evaluate" => LicenceScope.Evaluate, "train" => LicenceScope.Train, _ => LicenceScope.Compete });
        return new LicenceGrant(
            item.Get<string>("id"), item.Get<string>("organisation"), item.Get<string>("terms"), grants, from, to, item.Get<string>("approved_by"), item.Get<string>("reason"));
    }

    public static DeclaredUse Use(ReadItem item) => new(
        item.Get<string>("project"), item.Get<string>("use"), item.Get<long>("monthly_tokens"), item.Get<string>("description"), item.Find<DateTimeOffset>("to"));

    private TermsVersion Version(string terms, ReadItem item)
    {
        var version = new TermsVersion(
            terms, item.Get<string>("version"), item.Get<DateTimeOffset>("effective_from"), item.Find<DateTimeOffset>("accept_by"), item.Get<bool>("serve"),
            item.Get<bool>("log"), item.Get<bool>("evaluate"), item.Get<bool>("train"), item.Get<string>("competing_models") == "allowed")
        {
            TextUrl = item.FindText("text_url"),
            TextSha256 = item.FindText("text_sha256"),
            Note = item.FindText("note"),
        };
        if (version.AcceptBy < version.EffectiveFrom)
        {
            faults.Add(item.PlaceOf("accept_by"), "It must be accepted before it is in force.", "Write an accept_by at or after effective_from.");
        }

        if (version.TextUrl is null && version.TextSha256 is null)
        {
            faults.Add(item.PlaceOf("text_url"), "Nobody could say which text was accepted.", "Write text_url, text_sha256 or both.");
        }

        return version;
    }

    private IReadOnlyList<string>? Names(ReadItem item, string key) => new MarketBuilder(faults).Names(item, key);
}
