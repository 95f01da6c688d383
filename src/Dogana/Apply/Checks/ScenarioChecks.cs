using Dogana.Apply.Reading;
using Dogana.Apply.Shapes;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Insight;
using Dogana.Parties;
using Dogana.Settlement;
using Dogana.Storage;

namespace Dogana.Apply.Checks;

/// <summary>A scenario against a store: are its ids known, its dates to come, its changes of one mind?</summary>
internal static class ScenarioChecks
{
    public static async Task CheckAsync(
        StoreSession session, ReportScope scope, IReadOnlyList<Reference> references, IReadOnlyList<Declared<ScenarioChange>> changes, FaultCollector faults)
    {
        var parties = await PartyRegister.ReadAsync(session);
        var catalog = await CatalogRegister.ReadAsync(session);
        var agreements = await ShareAgreements.ReadAsync(session);
        var known = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
        {
            [WorldShapes.Organisations] = [.. parties.Organisations.Keys],
            [OwnershipShapes.AnyParty] = [.. parties.Organisations.Keys, .. parties.OwnershipParties.Select(static party => party.Id)],
            [WorldShapes.Channels] = [.. parties.Channels.Keys],
            [WorldShapes.Models] = [.. catalog.Models.Keys],
            [ScenarioShapes.Agreements] = [.. agreements.Select(static agreement => agreement.Id)],
            [ScenarioShapes.Pools] = [.. (await CapacityPool.ReadAsync(session)).Select(static pool => pool.Id)],
        };
        foreach (var reference in references)
        {
            Known(reference.Id, known[reference.Section], reference.Section.Replace('_', ' '), reference.Place, faults);
        }

        var owners = catalog.Models.Values.Select(static model => model.Owner).ToHashSet(StringComparer.Ordinal);
        string[] meters = [.. Meter.BuiltIn.Concat((await Meters.ReadAsync(session)).Definitions.Select(static item => item.Meter)).Select(MeterNames.ToName)];
        foreach (var (change, item) in changes.Select(static change => (change.Value, change.Source)))
        {
            switch (change)
            {
                case ScenarioChange.Banned banned when parties.Organisations.ContainsKey(banned.By):
                    Known(banned.By, owners, "owners of models", item.PlaceOf("by"), faults);
                    break;
                case ScenarioChange.Moves { To: { } to }:
                    Known(to, [.. catalog.Models.Keys], "models (or write own)", item.PlaceOf("to"), faults);
                    break;
                case ScenarioChange.Price { Meter: { } meter }:
                    Known(meter, meters, "meters", item.PlaceOf("meter"), faults);
                    break;
                case ScenarioChange.Share share when agreements.FirstOrDefault(agreement => agreement.Id == share.Agreement) is { } agreement:
                    Known(share.Leg, [.. agreement.Legs.Select(static leg => leg.Id)], $"legs of {agreement.Id}", item.PlaceOf("leg"), faults);
                    break;
                case ScenarioChange.MarketCloses closes when parties.Organisations.Values.All(organisation => organisation.Country != closes.Country) && parties.Projects.Values.All(project => project.Country != closes.Country):
                    faults.Add(item.PlaceOf("country"), $"No customer is in {closes.Country}.", "Name a country of a customer, or leave the change out.");
                    break;
            }

            Dated(item, scope.To, faults);
        }

        if (faults.IsEmpty)
        {
            Agree(parties.Ownership.At(LastInstant(scope.To)), changes, faults);
        }
    }

    private static void Known(string id, IReadOnlyCollection<string> ids, string what, Place place, FaultCollector faults)
    {
        if (!ids.Contains(id, StringComparer.Ordinal))
        {
            faults.Add(place, $"There is no '{Shown.Text(id)}' among the {what}.", ids.Count == 0 ? "There are none yet." : $"{NearName.Question(id, ids)}Name one of {Shown.List(ids)}.");
        }
    }

    private static void Dated(ReadItem item, BillingMonth last, FaultCollector faults)
    {
        var key = item.Has("on") ? "on" : "from";
        if (item.Find<DateTimeOffset>(key) is { } at && at <= LastInstant(last))
        {
            faults.Add(item.PlaceOf(key), $"{InstantText.Format(at)} is past: {last} is known already.", $"Write {last.Next}-01 or later, or look back from an earlier month with --through.");
        }
    }

    private static DateTimeOffset LastInstant(BillingMonth month) => month.End("Etc/UTC").AddMicroseconds(-1);

    // Who has left by then cannot do anything else, and nobody moves all of its calls twice.
    private static void Agree(OwnershipView view, IReadOnlyList<Declared<ScenarioChange>> changes, FaultCollector faults)
    {
        var acts = changes.Select(change => (change.Source, Act: ActOf(change.Value))).Where(static item => item.Act is not null).Select(static item => (item.Source, Act: item.Act!.Value)).ToArray();
        foreach (var (leaving, left) in acts.Where(static item => item.Act.Kind == "leaves"))
        {
            foreach (var (source, act) in acts.Where(item => item.Source != leaving && item.Act.At >= left.At && Meet(view, left.Who, item.Act.Who)))
            {
                // Of two that leave at once each comes after the other: one fault is enough.
                if (act.Kind != "leaves" || act.At > left.At || source.Place.Line > leaving.Place.Line)
                {
                    faults.Add(source.Place, $"'{act.Who.Id}' has left by then (line {leaving.Place.Line}).", "Take one of the two out, or let this happen before.");
                }
            }
        }

        foreach (var (first, second) in acts.Where(static item => item.Act.Kind == "moves").SelectMany(one => acts.Where(other => other.Act.Kind == "moves" && other.Source.Place.Line > one.Source.Place.Line && Meet(view, one.Act.Who, other.Act.Who)), static (one, other) => (one, other)))
        {
            faults.Add(second.Source.Place, $"Calls of '{second.Act.Who.Id}' move on line {first.Source.Place.Line} already.", "Keep one of the two.");
        }
    }

    private static (string Kind, ScenarioParty Who, DateTimeOffset At)? ActOf(ScenarioChange change) => change switch
    {
        ScenarioChange.Leaves leaves => ("leaves", leaves.Who, leaves.On),
        ScenarioChange.Banned banned => ("banned", banned.Who, banned.On),
        ScenarioChange.Declines declines => ("declines", declines.Who, declines.From),
        ScenarioChange.Moves moves => ("moves", moves.Who, moves.From),
        _ => null,
    };

    private static bool Meet(OwnershipView view, ScenarioParty one, ScenarioParty other) =>
        one.IsFamily || other.IsFamily ? view.FamilyOf(one.Id) == view.FamilyOf(other.Id) : one.Id == other.Id;
}
