using System.Numerics;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Insight.Arithmetic;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>What is left of revenue, and what capacity brings and costs.</summary>
public static class MarginReports
{
    /// <summary>The most parties that a report names.</summary>
    public const int NamedMax = 1_000;

    /// <summary>
    /// Revenue less what upstreams charge, by model, customer, family or channel. Upstreams charge by model: a customer or channel bears of a model's cost what it used of the model, in
    /// units of invoiced usage. What was used and not invoiced in these months is borne by nobody, and said.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">What it is about; costs are those of the same calendar months, UTC.</param>
    /// <param name="axis">By what.</param>
    /// <param name="named">How many of the largest to name, 1 to <see cref="NamedMax"/>; the others are one row.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<MarginRecord> ReadAsync(StoreSession session, ReportScope scope, InsightAxis axis, int named = NamedMax)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var reader = new RevenueReader(session, scope);
        var (sums, parties) = await SumByPartyAsync(reader, axis, named);
        var models = await reader.SumAsync(scope.From, scope.To, RevenueAxes.Model);
        var costs = (await UsedTokens.ReadAsync(session, scope, scope.From, scope.To)).Costs();
        var revenue = Money.Sum(models.Select(static model => model.Amount), scope.Currency);
        var cost = Money.Sum(costs.Where(item => scope.Models?.Contains(item.Key, StringComparer.Ordinal) ?? true).Select(static item => item.Value), scope.Currency);
        var borne = models.Where(static model => model.Quantity > 0).Select(model => new BorneCost(costs.GetValueOrDefault(model.Model, Money.Zero(scope.Currency)).Round(), model.Quantity, model.Model)).ToArray();
        var rows = sums.GroupBy(static sum => sum.Party, StringComparer.Ordinal).Select(party => (party.Key, Revenue: Money.Sum(party.Select(static sum => sum.Sum.Amount), scope.Currency), Sums: party))
            .OrderByDescending(static party => party.Revenue.Amount).ThenBy(static party => party.Key, StringComparer.Ordinal).Take(named).ToArray()
            .Select(party => (party.Key, party.Revenue, Cost: Money.Sum(borne.Select(model => model.Take(party.Sums.Where(sum => sum.Sum.Model == model.Model).Sum(static sum => sum.Sum.Quantity))), scope.Currency))).ToArray();
        var all = Money.Sum(borne.Select(static model => model.Cost), scope.Currency);
        return new MarginRecord(scope.ToBasis(), EnumWords.Of(axis), Record("", revenue, cost), (cost - all).ToAmountText(), [.. rows.Select(static row => Record(row.Key, row.Revenue, row.Cost))])
        {
            Others = rows.Length == parties ? null : Record("", revenue - Money.Sum(rows.Select(static row => row.Revenue), scope.Currency), all - Money.Sum(rows.Select(static row => row.Cost), scope.Currency)),
        };
    }

    /// <summary>What each pool served, brought and cost in the scope's months, and when its capital comes back.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">Its months, sellers and currency.</param>
    /// <param name="annualRate">A year's effective discount rate: 0.1 for 10 %.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<PoolsRecord> ReadPoolsAsync(StoreSession session, ReportScope scope, decimal annualRate)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var pools = await CapacityPool.ReadAsync(session);
        var first = pools.Select(static pool => MonthSteps.Of(DateOnly.FromDateTime(pool.From.UtcDateTime))).Append(scope.From).Min();
        var used = await UsedTokens.ReadAsync(session, scope, first, scope.To);
        var revenue = (await new RevenueReader(session, scope).SumAsync(first, scope.To, RevenueAxes.Model | RevenueAxes.Month)).ToLookup(static sum => sum.Month, StringComparer.Ordinal);
        return new PoolsRecord(scope.ToBasis(), annualRate, [.. pools.Select(pool => Record(scope, pool, used, revenue, annualRate))]);
    }

    // What parties used of models, and how many parties there are: of customers only the largest are asked for models.
    private static async Task<(IEnumerable<(string Party, RevenueSum Sum)> Sums, int Parties)> SumByPartyAsync(RevenueReader reader, InsightAxis axis, int named)
    {
        var scope = reader.Scope;
        if (axis is not (InsightAxis.Counterparty or InsightAxis.Family))
        {
            var sums = (await reader.SumAsync(scope.From, scope.To, RevenueAxes.Model | (axis == InsightAxis.Channel ? RevenueAxes.Channel : RevenueAxes.None)))
                .Select(sum => (axis switch { InsightAxis.Channel => sum.Channel, InsightAxis.Model => sum.Model, _ => scope.OwnerOf(sum.Model) }, sum)).ToArray();
            return (sums, sums.Select(static sum => sum.Item1).Distinct(StringComparer.Ordinal).Count());
        }

        var axes = new AxisReader(reader, axis);
        var amounts = await axes.ReadAsync([new MonthWindow(scope.From, scope.To)]);
        var largest = (await amounts.LargestAsync(named)).Select(static party => party.Party).ToHashSet(StringComparer.Ordinal);
        var families = await axes.FamiliesAsync();
        var members = families.Where(family => largest.Contains(family.Value)).Select(static family => family.Key).Concat(largest).ToHashSet(StringComparer.Ordinal);
        return (
            (await reader.SumAsync(scope.From, scope.To, RevenueAxes.Organisation | RevenueAxes.Model, members)).Select(sum => (families.GetValueOrDefault(sum.Organisation, sum.Organisation), sum)),
            amounts.Windows[0].Count(static amount => amount != 0));
    }

    private static MarginRowRecord Record(string party, Money revenue, Money cost) =>
        new(party, revenue.ToAmountText(), cost.ToAmountText(), (revenue - cost).ToAmountText(), new CapacityMargin(revenue, Money.Zero(revenue.Currency), cost, 0).MarginRate);

    private static PoolRecord Record(ReportScope scope, CapacityPool pool, UsedTokens used, ILookup<string, RevenueSum> revenue, decimal annualRate)
    {
        var start = MonthSteps.Of(DateOnly.FromDateTime(pool.From.UtcDateTime));
        var (capital, residual, running) = (scope.Convert(pool.Capital, start), scope.Convert(pool.Residual, start), scope.Convert(pool.Running, scope.To));
        var depreciation = Payback.StraightLine(capital, residual, pool.LifeMonths);
        var months = start.Through(scope.To).Select((month, age) =>
        {
            var (tokens, brought) = Served(scope, pool, month, used, revenue[month.ToString()]);
            return (Month: month, Margin: new CapacityMargin(brought, age < depreciation.Count ? depreciation[age] : Money.Zero(scope.Currency), running, tokens));
        }).ToArray();
        var asked = months.Where(item => item.Month >= scope.From).Select(static item => item.Margin).ToArray();
        var margin = new CapacityMargin(
            Sum(asked.Select(static one => one.Revenue)), Sum(asked.Select(static one => one.CapitalCost)), Sum(asked.Select(static one => one.RunningCost)), asked.Sum(static one => one.Tokens));

        // To the end of its life as in the last quarter; what it is worth then comes in with the last month.
        var operating = months.Select(static item => new OperatingMonth(item.Margin.Revenue, item.Margin.RunningCost)).Take(pool.LifeMonths).ToList();
        var known = operating.Count;
        var recent = operating.TakeLast(3).ToArray();
        while (operating.Count < pool.LifeMonths && recent.Length > 0)
        {
            operating.Add(new OperatingMonth(new Money(decimal.Round(Sum(recent.Select(static one => one.Revenue)).Amount / recent.Length, scope.Currency.MinorDigits, MidpointRounding.AwayFromZero), scope.Currency), running));
        }

        if (operating.Count == pool.LifeMonths)
        {
            operating[^1] = operating[^1] with { Revenue = operating[^1].Revenue + residual };
        }

        var payback = Payback.Of([new CapitalOutlay(0, capital)], operating, annualRate, scope.Currency);
        return new PoolRecord(
            pool.Id, asked.Length, margin.Tokens, pool.TokensMonth == 0 || asked.Length == 0 ? null : (double)((decimal)margin.Tokens / pool.TokensMonth / asked.Length), margin.Revenue.ToAmountText(),
            margin.CapitalCost.ToAmountText(), margin.RunningCost.ToAmountText(), margin.Margin.ToAmountText(), margin.MarginRate, margin.MarginBeforeCapital.ToAmountText(),
            margin.CostPerMillionTokens?.ToAmountText(), margin.RevenuePerMillionTokens?.ToAmountText(), capital.ToAmountText(), known, payback.NetPresentValue.ToAmountText(), payback.Month,
            payback.DiscountedMonth);

        Money Sum(IEnumerable<Money> amounts) => Money.Sum(amounts, scope.Currency);
    }

    // Of a model's revenue the pool brought what it served of the model's tokens.
    private static (long Tokens, Money Revenue) Served(ReportScope scope, CapacityPool pool, BillingMonth month, UsedTokens used, IEnumerable<RevenueSum> revenue)
    {
        var (own, all) = (used.Tokens(month, pool.Upstreams), used.Tokens(month));
        var models = own.Where(item => pool.Models.Count == 0 || pool.Models.Contains(item.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);
        var brought = revenue.Where(sum => models.GetValueOrDefault(sum.Model) > 0).Select(sum => new Money(
            decimal.Round(sum.Amount.Amount * models[sum.Model] / all[sum.Model], scope.Currency.MinorDigits, MidpointRounding.AwayFromZero), scope.Currency));
        return (models.Values.Sum(), Money.Sum(brought, scope.Currency));
    }

    /// <summary>A model's cost, given out by units: each party gets what the sum so far comes to, rounded, less what those before it got, so that nothing is lost or made.</summary>
    private sealed class BorneCost(Money cost, long units, string model)
    {
        private Int128 _used;
        private Money _given = Money.Zero(cost.Currency);

        public string Model => model;

        public Money Cost => cost;

        public Money Take(long quantity)
        {
            _used += quantity;
            var due = ExactRatio.Amount((Int128)((BigInteger)ExactRatio.Pico(cost) * _used / units), cost.Currency).Round();
            var part = due - _given;
            _given = due;
            return part;
        }
    }
}
