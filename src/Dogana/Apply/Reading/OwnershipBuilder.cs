using Dogana.Apply.Shapes;
using Dogana.Parties;

namespace Dogana.Apply.Reading;

/// <summary>Makes statements of ownership and rules of control of what was read.</summary>
internal static class OwnershipBuilder
{
    // Percent with four decimals are millionths.
    private const decimal MillionthsOfPercent = ShareRange.Whole / 100;

    public static IReadOnlyList<Declared<OwnershipParty>> Parties(ReadItem root) => Each(root, OwnershipShapes.Parties, static item => new OwnershipParty(
        item.Get<string>("id"), item.Get<string>("name"), item.Get<string>("kind") == "person" ? OwnershipPartyKind.Person : OwnershipPartyKind.Entity,
        item.FindText("country"), item.FindText("lei")));

    public static IReadOnlyList<Declared<OwnershipStatement>> Statements(ReadItem root, FaultCollector faults) => Each(root, OwnershipShapes.Statements, item =>
    {
        var isUnknown = item.Find<bool>("unknown_party") ?? false;
        if (item.Has("interested_party") == isUnknown)
        {
            faults.Add(item.PlaceOf("interested_party"), "A statement has either an interested_party or unknown_party: true.", "Write who holds the interest, or that nobody knows.");
        }

        var (from, to) = FromTo(item, faults);
        return new OwnershipStatement(
            item.Get<string>("id"), item.Get<string>("subject"), item.FindText("interested_party"), Interest(item.Get<string>("interest")), Share(item, faults), from, to,
            item.Get<string>("source"));
    });

    public static IReadOnlyList<Declared<ControlRule>> Rules(ReadItem root, FaultCollector faults) => Each(root, OwnershipShapes.Rules, item =>
    {
        var threshold = Millionths(item.Get<decimal>("threshold"));
        if (threshold == 0)
        {
            faults.Add(item.PlaceOf("threshold"), "By a threshold of 0 everybody would control everybody.", "Write a percentage above 0, such as 50.");
        }

        var (from, to) = FromTo(item, faults);
        return new ControlRule(
            item.Get<string>("id"), item.FindText("owner"), threshold, item.Get<bool>("inclusive"), item.Get<bool>("aggregate"),
            item.Get<string>("chain") == "product" ? ControlChain.Product : ControlChain.Cascade,
            item.Get<string>("unknown") switch { "include" => UnknownControl.Include, "exclude" => UnknownControl.Exclude, _ => UnknownControl.Review },
            item.Has("links") ? [.. item.Get<IReadOnlyList<string>>("links").Select(Interest).Order()] : [], from, to);
    });

    private static InterestKind Interest(string name) => name switch
    {
        "shareholding" => InterestKind.Shareholding,
        "voting_rights" => InterestKind.VotingRights,
        "control" => InterestKind.Control,
        "agent" => InterestKind.Agent,
        "reseller_of_record" => InterestKind.ResellerOfRecord,
        _ => InterestKind.EndCustomerOf,
    };

    private static ShareRange Share(ReadItem item, FaultCollector faults)
    {
        if (item.Get<string>("interest") is not ("shareholding" or "voting_rights"))
        {
            return ShareRange.All;
        }

        var isRange = item.Has("share_min") || item.Has("share_max");
        if (item.Has("share") == isRange)
        {
            faults.Add(item.PlaceOf("share"), "A shareholding or vote has either a share or a range.", "Write share where it is known exactly, else share_min or share_max or both.");
        }

        foreach (var (exclusive, end) in new[] { ("exclusive_min", "share_min"), ("exclusive_max", "share_max") })
        {
            if (item.Has(exclusive) && !item.Has(end))
            {
                faults.Add(item.PlaceOf(exclusive), $"There is no {end} that {exclusive} could be about.", $"Write {end}, or delete the key.");
            }
        }

        if (item.Find<decimal>("share") is { } exact)
        {
            return new ShareRange(Millionths(exact), Millionths(exact));
        }

        var min = Millionths(item.Find<decimal>("share_min") ?? 0) + (item.Find<bool>("exclusive_min") == true ? 1 : 0);
        var max = Millionths(item.Find<decimal>("share_max") ?? 100) - (item.Find<bool>("exclusive_max") == true ? 1 : 0);
        if (min > max)
        {
            faults.Add(item.PlaceOf("share_min"), "No share lies in this range.", "Write a share_min that is not above share_max; with exclusive ends, something must lie between.");
        }

        return new ShareRange(min, max);
    }

    private static long Millionths(decimal percent) => (long)(percent * MillionthsOfPercent);

    private static (DateTimeOffset? From, DateTimeOffset? To) FromTo(ReadItem item, FaultCollector faults)
    {
        var (from, to) = (item.Find<DateTimeOffset>("from"), item.Find<DateTimeOffset>("to"));
        if (to <= from)
        {
            faults.Add(item.PlaceOf("to"), "It ends before it begins.", "Write a 'to' after 'from', or delete it: then there is no end.");
        }

        return (from, to);
    }

    private static Declared<T>[] Each<T>(ReadItem root, string section, Func<ReadItem, T> make) =>
        [.. root.Items(section).Where(static item => item.IsWhole).Select(item => new Declared<T>(make(item), item))];
}
