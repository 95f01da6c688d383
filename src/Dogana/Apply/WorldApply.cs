using Dogana.Access;
using Dogana.Admission;
using Dogana.Apply.Checks;
using Dogana.Apply.Reading;
using Dogana.Apply.Shapes;
using Dogana.Audit;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Filtering;
using Dogana.Identity;
using Dogana.Insight;
using Dogana.Limits;
using Dogana.Markets;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Settlement;
using Dogana.Storage;
using Dogana.Terms;

namespace Dogana.Apply;

/// <summary>Makes a store hold what a world file declares. What the file does not name is left alone; nothing is ever deleted.</summary>
public static class WorldApply
{
    // How many of the changed objects an audit row names.
    private const int NamedMax = 50;

    /// <summary>
    /// Applies a world in one transaction: all of it, or nothing and the faults. Applying it again changes nothing, nor does it bump the configuration
    /// version. What changed is in the audit log as <c>world.apply</c>, counted and by the first 50 ids.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="world">The world, or a part of it.</param>
    /// <param name="now">Now: price versions and contracts of the past cannot change.</param>
    /// <param name="actor">Who applies it, for the audit log.</param>
    /// <param name="dryRun">Do everything and take it back: what would change, or the faults.</param>
    /// <param name="cancellation">Gives up; then nothing happened.</param>
    public static async Task<WorldOutcome<IReadOnlyList<Change>>> ApplyAsync(
        Store store, World world, DateTimeOffset now, string actor, bool dryRun, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(world);
        try
        {
            return await store.WriteAsync(
                async session =>
                {
                    var outcome = await DeclareAsync(session, world, actor, now);
                    if (dryRun || !outcome.TryGet(out var changes))
                    {
                        throw new TakenBackException(outcome);
                    }

                    Change[] made = [.. changes.Where(static change => change.Kind != ChangeKind.Unchanged)];
                    if (made.Length > 0)
                    {
                        await AuditLog.WriteAsync(session, now, actor, "world.apply", world.File, Text(made));
                    }

                    return outcome;
                },
                cancellation);
        }
        catch (TakenBackException taken)
        {
            return taken.Outcome;
        }
    }

    private static async Task<WorldOutcome<IReadOnlyList<Change>>> DeclareAsync(StoreSession session, World world, string actor, DateTimeOffset now)
    {
        // 1. What the file says against what is there.
        var faults = new FaultCollector(world.File);
        var parties = await PartyRegister.ReadAsync(session);
        var catalog = await CatalogRegister.ReadAsync(session);
        References.Check(world, parties, catalog, await PriceBooks.ReadAsync(session), await TermsRegister.ReadTermsAsync(session), await Meters.ReadAsync(session), await FilterPolicies.ReadAsync(session), faults);
        Ownership.Check(world, parties, faults);
        PartyIdentity.Check(world, parties, faults);
        await PartyIdentity.CheckLeisAsync(session, world, parties, now, faults);
        Contradictions.CheckParties(world, parties, faults);
        var deployments = Contradictions.Complete(world, catalog, faults);
        if (faults.IsEmpty)
        {
            Capacity.Check(world, deployments, catalog, parties, await CapacityRegister.ReadQuotasAsync(session), faults);
        }

        if (!faults.IsEmpty)
        {
            return new(faults.ToList());
        }

        // 2. Each module takes its part, in the order in which they refer to each other, and may refuse it.
        var changes = new List<Change>();
        changes.AddRange(await PartyRegister.DeclareAsync(session, Values(world.Organisations), Values(world.Channels), Values(world.Agreements), Values(world.Projects)));
        changes.AddRange(await PartyRegister.DeclareOwnershipAsync(
            session, Values(world.OwnershipParties), Values(world.OwnershipStatements), Values(world.ControlRules)));
        changes.AddRange(await CatalogRegister.DeclareAsync(session, Values(world.Models), Values(world.Upstreams), deployments, Values(world.Markets)));
        changes.AddRange(await ReleaseWaves.DeclareAsync(session, Values(world.ReleaseWaves)));
        var meters = world.Meters.Select(static item => (item.Value.Meter.Name, item.Source.Place));
        await Refusals.TryAsync(changes, () => Meters.DeclareAsync(session, Values(world.Meters)), faults, MeterShapes.Section, meters);
        var arePricesDeclared = await Refusals.TryAsync(changes, () => DeclareBooksAsync(session, world.Books, now))
            || await FindRefusedBooksAsync(session, world, now, faults);
        var rates = world.ExchangeRates.Select(static item => (ExchangeRates.NameOf(item.Value), item.Source.PlaceOf("from")));
        await Refusals.TryAsync(changes, () => ExchangeRates.DeclareAsync(session, Values(world.ExchangeRates), now), faults, PriceShapes.Rates, rates);
        BookKinds.Check(world, await PriceBooks.ReadAsync(session), faults);
        var declared = await PartyRegister.ReadAsync(session);
        if (arePricesDeclared)
        {
            var contracts = world.Contracts.Select(static item => (item.Value.Id, item.Source.Place));
            await Refusals.TryAsync(changes, () => Contracts.DeclareAsync(session, declared, Values(world.Contracts), now), faults, WorldShapes.Contracts, contracts);
        }

        await DeclareSettlementAsync(session, world, declared, changes, faults, now);
        var targets = world.NoticeTargets.Select(static item => (item.Value.Id, item.Source.PlaceOf("organisation")));
        await Refusals.TryAsync(changes, () => NoticeTargets.DeclareAsync(session, Values(world.NoticeTargets), actor, now), faults, NoticeShapes.Targets, targets);
        var providers = world.IdentityProviders.Select(static item => (item.Value.Id, item.Source.PlaceOf("issuer")));
        await Refusals.TryAsync(changes, () => IdentityProviders.DeclareAsync(session, Values(world.IdentityProviders)), faults, IdentityShapes.Providers, providers);
        await DeclareRulesAsync(session, world, declared, changes, faults, now);
        var issuers = world.TokenIssuers.Select(static item => (item.Value.Id, item.Source.PlaceOf("issuer")));
        await Refusals.TryAsync(changes, () => TokenIssuers.DeclareAsync(session, Values(world.TokenIssuers)), faults, AccessShapes.Issuers, issuers);
        var measures = world.Measures.Select(static item => (item.Value.Id, item.Source.Place));
        await Refusals.TryAsync(changes, () => DeclaredMeasures.DeclareAsync(session, declared, Values(world.Measures), actor, now), faults, MeasureShapes.Section, measures);
        changes.AddRange(await ConductSettings.DeclareAsync(session, Values(world.Conduct)));
        await DeclareQuotasAsync(session, world, declared, changes, faults);
        var budgets = world.Budgets.Select(static item => (item.Value.Id, item.Source.Place));
        await Refusals.TryAsync(changes, () => Budgets.DeclareAsync(session, declared, Values(world.Budgets), now), faults, BudgetShapes.Section, budgets);
        await DeclareCapacityAsync(session, world, declared, changes, faults, now);
        await DeclarePapersAsync(session, world, changes, faults, actor, now);
        changes.AddRange(await CapacityPool.DeclareAsync(session, Values(world.Pools)));
        changes.AddRange(await InsightAlerts.DeclareAsync(session, Values(world.Alerts)));
        changes.AddRange(await FilterPolicies.DeclareAsync(session, new FilterDeclarations(Values(world.FilterPolicies), Values(world.BlockLists), Values(world.FilterProviders))));
        if (faults.IsEmpty)
        {
            await DeclareMovesAsync(session, world, changes, faults, actor, now);
        }

        return faults.IsEmpty ? new(changes) : new(faults.ToList());
    }

    private static async Task DeclareSettlementAsync(StoreSession session, World world, PartyTable parties, List<Change> changes, FaultCollector faults, DateTimeOffset now)
    {
        var shares = world.Shares.Select(static item => (item.Value.Id, item.Source.Place));
        await Refusals.TryAsync(changes, () => ShareAgreements.DeclareAsync(session, parties, Values(world.Shares), now), faults, WorldShapes.Shares, shares);
        var rents = world.Rents.Select(static item => (item.Value.Id, item.Source.Place));
        await Refusals.TryAsync(changes, () => RentAgreements.DeclareAsync(session, parties, Values(world.Rents), now), faults, SettlementShapes.Rents, rents);
        var exports = world.Exports.Select(static item => (item.Value.Id, item.Source.Place));
        await Refusals.TryAsync(changes, () => ChannelExports.DeclareAsync(session, parties, Values(world.Exports), now), faults, SettlementShapes.Exports, exports);
    }

    private static async Task DeclareQuotasAsync(StoreSession session, World world, PartyTable parties, List<Change> changes, FaultCollector faults)
    {
        var (made, wrong) = await QuotaRegister.DeclareAsync(session, parties, await CatalogRegister.ReadAsync(session), Values(world.Quotas));
        changes.AddRange(made);
        foreach (var fault in wrong)
        {
            // A quota that is not in the file may be cut off from what it allots to by something that is.
            var source = world.Quotas.FirstOrDefault(item => item.Value.Id == fault.Quota)?.Source;
            faults.Add(source?.PlaceOf(fault.Key) ?? Place.Start.Key(QuotaShapes.Section), fault.Message, fault.Remedy);
        }
    }

    // Last, for a move must not leave a gap: whatever would be sold on the other channel is declared by now. Moves that are not listed stay.
    private static async Task DeclareMovesAsync(StoreSession session, World world, List<Change> changes, FaultCollector faults, string actor, DateTimeOffset now)
    {
        var parties = await PartyRegister.ReadAsync(session);
        foreach (var (project, source) in world.Projects)
        {
            foreach (var (move, item) in project.Moves.Zip(source.Items("moves").Where(static item => item.IsWhole).OrderBy(static item => item.Get<DateTimeOffset>("at"))))
            {
                var before = parties.Projects[project.Id].Moves.FirstOrDefault(known => known.At == move.At);
                var kind = before is null ? ChangeKind.Created : before == move ? ChangeKind.Unchanged : ChangeKind.Updated;
                if (kind != ChangeKind.Unchanged
                    && (await ChannelMoves.MoveAsync(session, project.Id, move.Channel, move.At, acceptsGaps: false, actor, now)).Problem is { } refused)
                {
                    faults.Add(item.PlaceOf(refused.Param == "at" ? "at" : "channel"), refused.Message, "Write another instant or channel, or declare what is missing there.");
                }

                changes.Add(new Change(kind, "project_move", $"{project.Id}@{InstantText.Format(move.At)}"));
            }
        }
    }

    private static async Task DeclareRulesAsync(StoreSession session, World world, PartyTable parties, List<Change> changes, FaultCollector faults, DateTimeOffset now)
    {
        var rules = world.MarketRules.Select(static item => (item.Value.Id, item.Source.PlaceOf("control_rule")));
        await Refusals.TryAsync(changes, () => MarketRules.DeclareAsync(session, parties, Values(world.MarketRules)), faults, WorldShapes.MarketRules, rules);
        var versions = world.Terms.SelectMany(static item => item.Value.Versions).Select(static item => ($"{item.Value.Terms}@{item.Value.Version}", item.Source.Place));
        await Refusals.TryAsync(
            changes,
            () => TermsRegister.DeclareAsync(
                session, parties, [.. world.Terms.Select(static item => item.Value.Terms)], Values(world.Exceptions), Values(world.Uses), now),
            faults, WorldShapes.Terms, versions.Concat(world.Terms.Select(static item => (item.Value.Terms.Id, item.Source.Place))));
    }

    // Behind the contracts: units are kept for nobody without a price.
    private static async Task DeclareCapacityAsync(StoreSession session, World world, PartyTable parties, List<Change> changes, FaultCollector faults, DateTimeOffset now)
    {
        var reservations = world.Reservations.Select(static item => (item.Value.Id, item.Source.PlaceOf("from")));
        await Refusals.TryAsync(changes, () => CapacityRegister.DeclareAsync(session, Values(world.UnitQuotas), Values(world.Reservations), now), faults, CapacityShapes.Reservations, reservations);
        if (faults.IsEmpty)
        {
            Capacity.CheckPrices(world, parties, await Contracts.ReadAsync(session), await PriceBooks.ReadAsync(session), now, faults);
            await CapacityRegister.FollowAsync(session, now);
        }
    }

    private static async Task DeclarePapersAsync(StoreSession session, World world, List<Change> changes, FaultCollector faults, string actor, DateTimeOffset now)
    {
        var rules = world.TaxRules.Select(static item => (item.Value.Id, item.Source.Place));
        await Refusals.TryAsync(changes, () => TaxRules.DeclareAsync(session, Values(world.TaxRules), now), faults, PapersShapes.TaxRules, rules);
        changes.AddRange(await DunningPolicies.DeclareAsync(session, Values(world.DunningPolicies)));
        var organisations = world.Organisations.Select(static item => (item.Value.Id, item.Source.PlaceOf("invoice_email")));
        await Refusals.TryAsync(
            changes, () => InvoiceSending.DeclareTargetsAsync(session, Values(world.Organisations), actor, now), faults, WorldShapes.Organisations, organisations);
    }

    private static Task<IReadOnlyList<Change>> DeclareBooksAsync(StoreSession session, IReadOnlyList<Declared<DeclaredBook>> books, DateTimeOffset now) =>
        PriceBooks.DeclareAsync(session, [.. books.Select(static item => item.Value.Book)], [.. books.SelectMany(static item => Values(item.Value.Versions))], now);

    // The module stops at the first refusal. Book by book all are found; the transaction is lost anyway.
    private static async Task<bool> FindRefusedBooksAsync(StoreSession session, World world, DateTimeOffset now, FaultCollector faults)
    {
        foreach (var book in world.Books)
        {
            var places = book.Value.Versions.Select(static version => (Refusals.NameOf(version.Value), version.Source.PlaceOf("effective_from")))
                .Append((book.Value.Book.Id, book.Source.Place));
            await Refusals.TryAsync([], () => DeclareBooksAsync(session, [book], now), faults, WorldShapes.Books, places);
        }

        return false;
    }

    private static IReadOnlyList<T> Values<T>(IReadOnlyList<Declared<T>> items) => [.. items.Select(static item => item.Value)];

    // Counts, then what it was: "2 organisation created, 1 project updated: organisation acme, organisation lumen, project shop".
    private static string Text(Change[] changes)
    {
        var counts = changes.GroupBy(static change => (change.Type, change.Kind)).Select(static group => $"{group.Count()} {group.Key.Type} {EnumWords.Of(group.Key.Kind)}");
        var more = changes.Length > NamedMax ? $" and {changes.Length - NamedMax} more" : "";
        return $"{string.Join(", ", counts)}: {string.Join(", ", changes.Take(NamedMax).Select(static change => $"{change.Type} {change.Id}"))}{more}";
    }

    /// <summary>Takes an outcome out of a transaction that must not commit.</summary>
    private sealed class TakenBackException(WorldOutcome<IReadOnlyList<Change>> outcome) : Exception
    {
        public WorldOutcome<IReadOnlyList<Change>> Outcome { get; } = outcome;
    }
}
