using Dogana.Billing;
using Dogana.Costs;
using Dogana.Storage;

namespace Dogana.Insight.Revenue;

/// <summary>What upstreams served and charge, by UTC day of use: read once for a report. Immutable.</summary>
internal sealed class UsedTokens
{
    private const string TokenMeters = "_tokens";

    private readonly IReadOnlyList<UpstreamCost> _costs;
    private readonly ReportScope _scope;

    private UsedTokens(ReportScope scope, IReadOnlyList<UpstreamCost> costs) => (_scope, _costs) = (scope, costs);

    /// <summary>Reads some months' days, both included.</summary>
    public static async Task<UsedTokens> ReadAsync(StoreSession session, ReportScope scope, BillingMonth from, BillingMonth to) =>
        new(scope, await UpstreamCosts.SumByDayAsync(session, null, from.FirstDay(), to.Next.FirstDay()));

    /// <summary>How many tokens, by model, in a month or in all, through some upstreams or all.</summary>
    public IReadOnlyDictionary<string, long> Tokens(BillingMonth? month = null, IReadOnlyList<string>? upstreams = null) => _costs
        .Where(cost => cost.Meter.EndsWith(TokenMeters, StringComparison.Ordinal) && IsIn(cost, month) && (upstreams is not { Count: > 0 } || upstreams.Contains(cost.Upstream, StringComparer.Ordinal)))
        .GroupBy(static cost => cost.Model, StringComparer.Ordinal).ToDictionary(static model => model.Key, static model => model.Sum(static cost => cost.Quantity), StringComparer.Ordinal);

    /// <summary>What upstreams charge in the scope's currency, by model, for its sellers.</summary>
    public IReadOnlyDictionary<string, Money> Costs() => _costs
        .Where(cost => cost.Reason.Length == 0 && _scope.Sellers.Contains(cost.Seller, StringComparer.Ordinal))
        .GroupBy(static cost => cost.Model, StringComparer.Ordinal)
        .ToDictionary(
            static model => model.Key,
            model => Money.Sum(model.Select(cost => _scope.Convert(new Money(cost.Amount, Currency.Of(cost.Currency)), MonthSteps.Of(cost.Day))), _scope.Currency), StringComparer.Ordinal);

    private static bool IsIn(UpstreamCost cost, BillingMonth? month) => month is not { } wanted || MonthSteps.Of(cost.Day) == wanted;
}
