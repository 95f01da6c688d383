using Dogana.Billing;
using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>
/// What contracts have customers pay whatever they use. A contract binds until it ends, or until its minimum term does; without either until the billing period that runs is over. In
/// a month that is the larger of its fees and its minimum, because fees count towards it; of a minimum of a term, what documents left of it, in equal parts.
/// </summary>
public static class CommitmentReports
{
    private const int MonthsOfYear = 12;
    private const int SeasonOfMonths = 12;

    /// <summary>How many customers are forecast one by one: the rest is as a block, because a forecast takes a good part of a tenth of a second.</summary>
    public const int AloneMax = 10;

    /// <summary>What customers are bound to, beside what is expected of them: of those with the largest commitments one by one, of the others together.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">Its months are those that the expectation is made of.</param>
    /// <param name="now">From when on.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<CommitmentsRecord> ReadAsync(StoreSession session, ReportScope scope, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var bound = await ReadBoundAsync(session, scope, now, organisation: null);
        var customers = bound.GroupBy(static item => item.Contract.Organisation, StringComparer.Ordinal)
            .OrderByDescending(static customer => customer.Sum(static item => item.Months.Sum(static month => month.Amount))).ThenBy(static customer => customer.Key, StringComparer.Ordinal).ToArray();
        var sums = (await new RevenueReader(session, scope).SumAsync(scope.From, scope.To, RevenueAxes.Organisation | RevenueAxes.Month, [.. customers.Select(static customer => customer.Key)]))
            .ToLookup(static sum => sum.Organisation, StringComparer.Ordinal);
        var alone = customers.Take(AloneMax).Select(customer => CommitmentOf(scope, customer.Key, [.. customer], sums[customer.Key])).ToArray();
        var rest = customers.Skip(AloneMax).ToArray();
        Commitment[] block = rest.Length == 0 ? [] : [CommitmentOf(scope, "", [.. rest.SelectMany(static customer => customer)], rest.SelectMany(customer => sums[customer.Key]))];
        return new CommitmentsRecord(
            scope.ToBasis(), Record(CommitCoverage.OfAll([.. alone, .. block], scope.Currency)),
            [.. alone.Select(party => Record(CommitCoverage.Of(party, scope.Currency))).OrderByDescending(static party => party.MonthsOfProtection ?? 0).ThenBy(static party => party.Party, StringComparer.Ordinal)],
            [.. bound.Select(static item => item.ToRecord())])
        {
            Others = block.Length == 0 ? null : Record(CommitCoverage.OfAll(block, scope.Currency)),
        };
    }

    /// <summary>What is left to pay, by contract, of one customer.</summary>
    internal static async Task<IReadOnlyList<ContractCommitmentRecord>> ReadOfAsync(StoreSession session, ReportScope scope, string organisation, DateTimeOffset now) =>
        [.. (await ReadBoundAsync(session, scope, now, organisation)).Select(static item => item.ToRecord())];

    /// <summary>What all customers pay at least in the twelve months to come.</summary>
    internal static async Task<Money> SumYearAsync(StoreSession session, ReportScope scope, DateTimeOffset now) =>
        Money.Sum((await ReadBoundAsync(session, scope, now, organisation: null)).SelectMany(static item => item.Months.Take(MonthsOfYear)), scope.Currency);

    /// <summary>The contracts that have customers of the scope's sellers pay whatever they use.</summary>
    internal static async Task<IReadOnlyList<BoundContract>> ReadBoundAsync(StoreSession session, ReportScope scope, DateTimeOffset now, string? organisation)
    {
        var books = (await PriceBooks.ReadAsync(session)).Books;
        var bound = new List<BoundContract>();
        foreach (var contract in await Contracts.ReadFixedAsync(session, now, organisation))
        {
            var seller = contract.Terms.Seller ?? scope.Parties.Channels[contract.Channel].Seller;
            if (!scope.Sellers.Contains(seller, StringComparer.Ordinal) || (scope.Request.Channel is { } channel && channel != contract.Channel))
            {
                continue;
            }

            var currency = Currency.Of(books[contract.PriceBook].Currency);
            var (end, months) = EndOf(contract, now);
            var (floor, term) = (FloorOf(contract, currency), await TermOfAsync(session, contract, seller, currency));
            var monthly = months == 0 ? Money.Zero(currency) : MonthlyOf(floor, term, months);
            bound.Add(new BoundContract(
                contract, seller, end, [.. Enumerable.Repeat(Converted(monthly), months)], Converted(floor),
                term is null ? null : new TermMinimum(Converted(term.Amount), Converted(term.Spent), term.EarlyEnd)));
        }

        return bound;

        Money Converted(Money amount) => scope.Exchange.Convert(amount, scope.Currency, scope.FixedAt ?? now).TryGet(out var money, out var problem) ? money : throw new ProblemException(problem);
    }

    // Whole months from this one on; what of a month is left counts as one.
    private static (DateTimeOffset End, int Months) EndOf(Contract contract, DateTimeOffset now)
    {
        var from = contract.From > now ? contract.From : now;
        var end = BoundContract.BindsUntil(contract, from);
        var (first, last) = (BillingMonth.Of(from, contract.Zone), BillingMonth.Of(end.AddMicroseconds(-1), contract.Zone));
        return (end, end <= from ? 0 : (last.Year - first.Year) * MonthsOfYear + last.Month - first.Month + 1);
    }

    private static Money FloorOf(Contract contract, Currency currency)
    {
        var terms = contract.Terms;
        var fees = terms.Fees.Sum(static fee => fee.Amount) / terms.PeriodMonths;
        var least = terms.Minimums.Where(static minimum => minimum.Cadence == MinimumCadence.Period).Sum(static minimum => minimum.Amount) / terms.PeriodMonths;
        return new Money(decimal.Round(Math.Max(fees, least), currency.MinorDigits, MidpointRounding.AwayFromZero), currency);
    }

    private static async Task<TermMinimum?> TermOfAsync(StoreSession session, Contract contract, string seller, Currency currency)
    {
        if (contract.Terms.Minimums.FirstOrDefault(static minimum => minimum.Cadence == MinimumCadence.Term) is not { } term)
        {
            return null;
        }

        var start = BillingMonth.Of(contract.From, contract.Zone);
        var micro = await session.ScalarAsync<long>(
            $"""
            select cast(coalesce(sum(case when year = @year then {YearCells.Sum(YearCells.Micros, start.Month, YearCells.Months)} else {YearCells.Sum(YearCells.Micros, 1, YearCells.Months)} end), 0) as bigint)
            from revenue_customer join revenue_party on revenue_party.number = party
            where organisation = @Organisation and channel = @Channel and seller = @seller and currency = @Code and year >= @year and is_shift = 0
            """, new { contract.Organisation, contract.Channel, seller, currency.Code, year = (long)start.Year });
        return new TermMinimum(new Money(term.Amount, currency), Money.FromParts(micro, 0, currency), term.EarlyEnd);
    }

    private static Money MonthlyOf(Money floor, TermMinimum? term, int months)
    {
        var spread = term is null ? 0m : Math.Max(0m, (term.Amount - term.Spent).Amount) / months;
        return new Money(decimal.Round(Math.Max(floor.Amount, spread), floor.Currency.MinorDigits, MidpointRounding.AwayFromZero), floor.Currency);
    }

    private static Commitment CommitmentOf(ReportScope scope, string party, IReadOnlyCollection<BoundContract> bound, IEnumerable<RevenueSum> sums) => new(
        party,
        [.. Enumerable.Range(0, bound.Max(static item => item.Months.Count)).Select(month => Money.Sum(bound.Where(item => month < item.Months.Count).Select(item => item.Months[month]), scope.Currency))],
        Expected(scope, sums));

    // A year to come as the months of the customer, or of the block, have it; nothing where they are too few to say.
    private static IReadOnlyList<Money> Expected(ReportScope scope, IEnumerable<RevenueSum> sums)
    {
        var amounts = sums.GroupBy(static sum => sum.Month, StringComparer.Ordinal).ToDictionary(static month => month.Key, month => Money.Sum(month.Select(static sum => sum.Amount), scope.Currency), StringComparer.Ordinal);
        double[] values = [.. scope.From.Through(scope.To).SkipWhile(month => !amounts.ContainsKey(month.ToString())).Select(month => (double)amounts.GetValueOrDefault(month.ToString()).Amount)];
        return Forecasting.Choose(values, SeasonOfMonths, MonthsOfYear, seed: 1) is { } choice
            ? [.. choice.Forecast.Means.Select(mean => new Money(decimal.Round((decimal)Math.Max(0, mean), scope.Currency.MinorDigits, MidpointRounding.AwayFromZero), scope.Currency))]
            : [];
    }

    private static CoverageRecord Record(CommitCoverage coverage) => new(
        coverage.Party, coverage.RemainingMinimum.ToAmountText(), coverage.ForecastRevenue.ToAmountText(), coverage.Coverage, coverage.MonthsOfProtection, coverage.MonthsCommitted);
}
