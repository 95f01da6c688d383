using Dogana.Authority;
using Dogana.Billing;
using Dogana.Insight.Revenue;
using Dogana.Parties;
using Dogana.Settlement;
using Dogana.Storage;

namespace Dogana.Insight.WhatIf;

/// <summary>Reads all that scenarios are reckoned from: revenue by family, its mix of late, what use costs, legs, pools, contracts and guidance.</summary>
internal sealed class WhatIfReader
{
    /// <summary>Of how many months "of late" is: a quarter.</summary>
    public const int RecentMonths = 3;

    private const int Year = 12;

    private readonly StoreSession _session;
    private readonly ReportScope _scope;
    private readonly RevenueReader _revenue;
    private readonly AxisReader _families;

    private WhatIfReader(StoreSession session, ReportScope scope)
    {
        (_session, _scope, _revenue) = (session, scope, new RevenueReader(session, scope));
        _families = new AxisReader(_revenue, InsightAxis.Family);
    }

    private BillingMonth First => _scope.To.Next;

    private BillingMonth Recent => _scope.To.Plus(1 - RecentMonths);

    private DateTimeOffset Start => new(First.FirstDay(), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The model, and scenarios with families by their top.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">All that is sold, as long as it is known.</param>
    /// <param name="scenarios">The scenarios; whoever they are about is forecast by itself.</param>
    /// <param name="months">How many months ahead.</param>
    /// <param name="seed">What chance comes from.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<Outcome<(WhatIfModel Model, IReadOnlyList<Scenario> Scenarios)>> ReadAsync(
        StoreSession session, ReportScope scope, IReadOnlyList<Scenario> scenarios, int months, int seed)
    {
        var reader = new WhatIfReader(session, scope);
        var history = await reader._revenue.SumAsync(scope.From, scope.To, RevenueAxes.Organisation | RevenueAxes.Month);
        var bound = await CommitmentReports.ReadBoundAsync(session, scope, reader.Start, organisation: null);
        var named = scenarios.SelectMany(static scenario => scenario.Changes).Select(PartyOf).OfType<ScenarioParty>().ToArray();
        var tops = await reader._families.FamiliesAsync();
        string FamilyOf(string id) => tops.GetValueOrDefault(id, id);
        var plan = new PortfolioPlan(Year, months, seed, AlsoAlone: named.Select(party => FamilyOf(party.Id)).ToHashSet(StringComparer.Ordinal));
        if (PortfolioForecast.Of(Series(scope, history, FamilyOf), plan) is not { } forecast)
        {
            return new Problem(ProblemCode.SeriesTooShort, "There are documents of less than three months, of which nothing can be said.", "through");
        }

        return (await reader.ModelAsync(forecast, bound, FamilyOf, scenarios), [.. scenarios.Select(scenario => scenario with { Changes = [.. scenario.Changes.Select(change => Topped(change, FamilyOf))] })]);
    }

    /// <summary>Whom a change is about; null where it is about no customer.</summary>
    public static ScenarioParty? PartyOf(ScenarioChange change) => change switch
    {
        ScenarioChange.Leaves leaves => leaves.Who,
        ScenarioChange.Banned banned => banned.Who,
        ScenarioChange.Declines declines => declines.Who,
        ScenarioChange.Moves moves => moves.Who,
        _ => null,
    };

    private static ScenarioChange Topped(ScenarioChange change, Func<string, string> familyOf)
    {
        ScenarioParty Top(ScenarioParty party) => party.IsFamily ? party with { Id = familyOf(party.Id) } : party;
        return change switch
        {
            ScenarioChange.Leaves leaves => leaves with { Who = Top(leaves.Who) },
            ScenarioChange.Banned banned => banned with { Who = Top(banned.Who) },
            ScenarioChange.Declines declines => declines with { Who = Top(declines.Who) },
            ScenarioChange.Moves moves => moves with { Who = Top(moves.Who) },
            _ => change,
        };
    }

    private static NamedSeries[] Series(ReportScope scope, IReadOnlyList<RevenueSum> history, Func<string, string> familyOf) =>
    [
        .. history.GroupBy(sum => familyOf(sum.Organisation), StringComparer.Ordinal).Select(family =>
        {
            var months = family.ToLookup(static sum => sum.Month, static sum => sum.Amount.Amount, StringComparer.Ordinal);
            return new NamedSeries(family.Key, [.. scope.From.Through(scope.To).SkipWhile(month => !months.Contains(month.ToString())).Select(month => (double)months[month.ToString()].Sum())]);
        }),
    ];

    private async Task<WhatIfModel> ModelAsync(PortfolioForecast forecast, IReadOnlyList<BoundContract> bound, Func<string, string> familyOf, IReadOnlyList<Scenario> scenarios)
    {
        var recent = await _revenue.SumAsync(Recent, _scope.To, RevenueAxes.Organisation | RevenueAxes.Channel | RevenueAxes.Model);
        var year = await _revenue.SumAsync(_scope.To.Plus(1 - Year), _scope.To, RevenueAxes.Organisation | RevenueAxes.Channel | RevenueAxes.Model);
        var parties = await PartyRegister.ReadAsync(_session); // with agreements and projects, which a report's scope goes without
        var mix = new RevenueMix(parties, forecast, familyOf, _scope.To.LastInstant());
        var plan = RevenuePlan.Of(_scope.Currency, First, [.. mix.Of(recent, year).Zip(forecast.Parts, static (cells, part) => (part.Choice.Forecast.Means, cells))]);
        var units = recent.Where(static sum => sum.Quantity > 0).ToLookup(static sum => sum.Model, StringComparer.Ordinal);
        var used = await UsedTokens.ReadAsync(_session, _scope, Recent, _scope.To);
        return new WhatIfModel
        {
            Plan = plan,
            Forecast = forecast,
            FamilyOf = familyOf,
            Bound = bound,
            Sellers = _scope.Parties.Channels.Values.ToDictionary(static channel => channel.Id, static channel => channel.Seller, StringComparer.Ordinal),
            Facts = new PathFacts(
                _scope.Catalog.Models.Values.ToDictionary(static model => model.Id, static model => model.Owner, StringComparer.Ordinal), (owner, channel) => BanReaches(parties, owner, channel), PricesPerUnit(recent),
                scenarios.Any(static scenario => scenario.Changes.OfType<ScenarioChange.Price>().Any(static price => price.Meter is not null)) ? await MeterPartsAsync() : new Dictionary<(string, string), decimal>()),
            UnitCosts = used.Costs().Where(cost => units.Contains(cost.Key)).ToDictionary(static cost => cost.Key, cost => cost.Value.Amount / units[cost.Key].Sum(static sum => sum.Quantity), StringComparer.Ordinal),
            Pools = [.. (await CapacityPool.ReadAsync(_session)).Select(pool => PoolOf(pool, plan, used, units))],
            Legs = await ReadLegsAsync(plan),
            Guidance = await ReadGuidanceAsync(plan),
        };
    }

    // As measures reach channels when nobody decides anything: an agreement that says review is silence, which lets it hold.
    private static bool BanReaches(PartyTable parties, string owner, string channel) => !parties.Channels.TryGetValue(channel, out var found) || found.Seller == owner
        || parties.AgreementOn(owner, channel)?.Measures is not MeasureFlow.None;

    private static Dictionary<(string Channel, string Model), decimal> PricesPerUnit(IReadOnlyList<RevenueSum> recent) => recent.Where(static sum => sum.Model.Length > 0)
        .SelectMany(static sum => new[] { (Key: (sum.Channel, sum.Model), Sum: sum), (Key: ("", sum.Model), Sum: sum) }).GroupBy(static item => item.Key)
        .Select(static group => (group.Key, Amount: group.Sum(static item => item.Sum.Amount.Amount), Units: group.Sum(static item => item.Sum.Quantity)))
        .Where(static item => item.Units > 0).ToDictionary(static item => item.Key, static item => item.Amount / item.Units);

    private async Task<IReadOnlyDictionary<(string Model, string Meter), decimal>> MeterPartsAsync()
    {
        var from = new DateTimeOffset(Recent.FirstDay(), TimeOnly.MinValue, TimeSpan.Zero);
        var costs = (await AccruedQuantities.SumCostsAsync(_session, from, Start, Start - from, Reach.All)).Select(cost => (cost.Model, cost.Meter, _scope.Convert(cost.Cost, _scope.To).Amount)).ToArray();
        var models = costs.ToLookup(static cost => cost.Model, static cost => cost.Amount, StringComparer.Ordinal);
        return costs.GroupBy(static cost => (cost.Model, cost.Meter)).Where(group => models[group.Key.Model].Sum() > 0)
            .ToDictionary(static group => group.Key, group => group.Sum(static cost => cost.Amount) / models[group.Key.Model].Sum());
    }

    private PlannedPool PoolOf(CapacityPool pool, RevenuePlan plan, UsedTokens used, ILookup<string, RevenueSum> units)
    {
        var start = MonthSteps.Of(DateOnly.FromDateTime(pool.From.UtcDateTime));
        var (own, all) = (used.Tokens(null, pool.Upstreams), used.Tokens());
        var served = own.Where(model => model.Value > 0 && units.Contains(model.Key) && (pool.Models.Count == 0 || pool.Models.Contains(model.Key, StringComparer.Ordinal))).ToArray();
        var capital = Payback.StraightLine(_scope.Convert(pool.Capital, start), _scope.Convert(pool.Residual, start), pool.LifeMonths);
        var running = _scope.Convert(pool.Running, _scope.To);
        return new PlannedPool(
            pool.Id, pool.TokensMonth,
            served.ToDictionary(static model => model.Key, model => (decimal)model.Value / units[model.Key].Sum(static sum => sum.Quantity), StringComparer.Ordinal),
            served.ToDictionary(static model => model.Key, model => (decimal)model.Value / all[model.Key], StringComparer.Ordinal),
            [.. Enumerable.Range(0, plan.Months).Select(month =>
            {
                var age = (plan.First.Year - start.Year) * Year + plan.First.Month - start.Month + month;
                return age < 0 ? 0m : (age < capital.Count ? capital[age].Amount : 0m) + running.Round().Amount;
            })]);
    }

    // What documents of late gave a leg, over what it covers of their revenue: what its currency, taxes and payments leave of it.
    private async Task<IReadOnlyList<PlannedLeg>> ReadLegsAsync(RevenuePlan plan)
    {
        var at = _scope.To.LastInstant();
        var sold = await _revenue.SumAsync(_scope.To.Plus(1 - Year), _scope.To, RevenueAxes.Channel | RevenueAxes.Model | RevenueAxes.Month);
        var given = (await LegShare.ReadAsync(_session)).Where(share => string.CompareOrdinal(share.Month, _scope.To.ToString()) <= 0 && string.CompareOrdinal(share.Month, _scope.To.Plus(1 - Year).ToString()) >= 0)
            .ToLookup(static share => (share.Leg.Agreement, share.Leg.Id));
        return [.. (await LegStanding.ReadAsync(_session)).Where(standing => standing.Leg.From < plan.Start(plan.Months) && (standing.Leg.To is not { } end || end > plan.Start(0))).Select(standing =>
        {
            var leg = standing.Leg;
            var months = given[(leg.Agreement, leg.Id)].GroupBy(static share => share.Month, StringComparer.Ordinal).OrderByDescending(static month => month.Key, StringComparer.Ordinal).Take(RecentMonths).ToArray();
            var covered = sold.Where(sum => months.Any(month => month.Key == sum.Month) && LegPath.Covers(
                leg, _scope.Parties.Channels.GetValueOrDefault(sum.Channel)?.Seller ?? "", sum.Channel, sum.Model, _scope.OwnerOf(sum.Model))).Sum(static sum => sum.Amount.Amount);
            var basis = months.SelectMany(static month => month).Sum(share => _scope.Convert(share.Basis, BillingMonth.Parse(share.Month).Value).Amount);
            return new PlannedLeg(leg, standing.Position ?? LegPosition.Empty(_scope.Currency), covered > 0 && basis > 0 ? basis / covered : 1m,
                amount => Convert(amount, leg.Currency ?? _scope.Currency), amount => Convert(amount, _scope.Currency));
        })];

        Money Convert(Money amount, Currency to) => _scope.Exchange.Convert(amount, to, _scope.FixedAt ?? at).TryGet(out var converted, out var problem) ? converted : throw new ProblemException(problem);
    }

    private async Task<IReadOnlyList<PlannedGuidance>> ReadGuidanceAsync(RevenuePlan plan)
    {
        var planned = new List<PlannedGuidance>();
        foreach (var (guidance, unit, source) in (await GuidanceRegister.ReadAsync(_session)).Where(item => item.Guidance.Source == GuidanceSource.Own && item.Unit == _scope.Currency.Code))
        {
            var first = MonthSteps.Of(guidance.Quarter);
            var (from, to) = (plan.MonthOf(new DateTimeOffset(guidance.Quarter, TimeOnly.MinValue, TimeSpan.Zero)), plan.MonthOf(new DateTimeOffset(guidance.Quarter.AddMonths(2), TimeOnly.MinValue, TimeSpan.Zero)));
            if (to >= 0 && to < plan.Months && (await InsightSeries.FindAsync(_session, guidance.Series, _scope.Request)).TryGet(out var series, out _))
            {
                planned.Add(new PlannedGuidance(
                    guidance, source, Math.Max(0, from) + 1, to + 1, Money.Sum(series.Values.Where(value => value.Month >= first && value.Month < plan.First).Select(static value => value.Amount), _scope.Currency),
                    CoverageOf(guidance.Series), guidance.Series == "total"));
            }
        }

        return planned;
    }

    private Func<string, string, bool> CoverageOf(string series) => series.Split('/', 2) switch
    {
        ["channel", var id] => (channel, _) => channel == id,
        ["model", var id] => (_, model) => model == id,
        ["owner", var id] => (_, model) => _scope.OwnerOf(model) == id,
        ["seller", var id] => (channel, _) => _scope.Parties.Channels.GetValueOrDefault(channel)?.Seller == id,
        _ => static (_, _) => true,
    };
}
