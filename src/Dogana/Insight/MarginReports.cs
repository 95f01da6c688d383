using Dogana.Billing;
using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>What is left of revenue, and what capacity brings and costs.</summary>
public static class MarginReports
{
    /// <summary>
    /// Revenue less what upstreams charge, by model, customer, family or channel. Upstreams charge by model: a customer or channel bears of a model's cost what it used of the model, in
    /// units of invoiced usage. What was used and not invoiced in these months is borne by nobody, and said.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">What it is about; costs are those of the same calendar months, UTC.</param>
    /// <param name="axis">By what.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<MarginRecord> ReadAsync(StoreSession session, ReportScope scope, InsightAxis axis)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var reader = new RevenueReader(session, scope);
        var sums = await reader.SumAsync(scope.From, scope.To, RevenueAxes.Model | axis switch
        {
            InsightAxis.Channel => RevenueAxes.Channel,
            InsightAxis.Counterparty or InsightAxis.Family => RevenueAxes.Organisation,
            _ => RevenueAxes.None,
        });
        var costs = (await UsedTokens.ReadAsync(session, scope, scope.From, scope.To)).Costs();
        var families = await new AxisReader(reader, axis).FamiliesAsync(sums.Select(static sum => sum.Organisation));
        var borne = Allocate(sums, costs, scope.Currency);
        var rows = sums.Zip(borne).GroupBy(pair => PartyOf(pair.First), StringComparer.Ordinal).Select(party => Record(
            party.Key, Money.Sum(party.Select(static pair => pair.First.Amount), scope.Currency), Money.Sum(party.Select(static pair => pair.Second), scope.Currency)));
        var (revenue, cost) = (Money.Sum(sums.Select(static sum => sum.Amount), scope.Currency), Money.Sum(costs.Where(item => scope.Models?.Contains(item.Key, StringComparer.Ordinal) ?? true).Select(static item => item.Value), scope.Currency));
        return new MarginRecord(
            scope.ToBasis(), EnumWords.Of(axis), Record("", revenue, cost), (cost - Money.Sum(borne, scope.Currency)).ToAmountText(),
            [.. rows.OrderByDescending(static row => decimal.Parse(row.Revenue, System.Globalization.CultureInfo.InvariantCulture)).ThenBy(static row => row.Party, StringComparer.Ordinal)]);

        string PartyOf(RevenueSum sum) => axis switch
        {
            InsightAxis.Model => sum.Model,
            InsightAxis.Owner => scope.OwnerOf(sum.Model),
            InsightAxis.Channel => sum.Channel,
            _ => families.GetValueOrDefault(sum.Organisation, sum.Organisation),
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

    // A model's cost by units; the smallest parts that do not divide go to the first.
    private static Money[] Allocate(IReadOnlyList<RevenueSum> sums, IReadOnlyDictionary<string, Money> costs, Currency currency)
    {
        var borne = new Money[sums.Count];
        Array.Fill(borne, Money.Zero(currency));
        foreach (var (model, cost) in costs)
        {
            var places = Enumerable.Range(0, sums.Count).Where(place => sums[place].Model == model && sums[place].Quantity > 0).ToArray();
            if (places.Length > 0)
            {
                var parts = cost.Round().Split([.. places.Select(place => sums[place].Quantity)]);
                for (var i = 0; i < places.Length; i++)
                {
                    borne[places[i]] = parts[i];
                }
            }
        }

        return borne;
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
}
