using Dogana.Billing.Accruing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>
/// What a contract's next document charges: for each period all that it costs by now, less what documents have of it. A period that no document has comes with all its lines; of one that a document
/// has, the difference comes as one signed correction. So the sum over all documents never depends on when they were made.
/// </summary>
internal static class ContractCharges
{
    /// <summary>The lines, in the order of their periods.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="periods">The periods to be charged; those that have not ended are left out.</param>
    /// <param name="end">Until when periods must have ended.</param>
    /// <param name="sums">What was rated into these periods.</param>
    /// <param name="documents">The contract's final documents so far.</param>
    /// <param name="prices">The published prices.</param>
    /// <param name="currency">The currency of the contract's prices, in which all of this is counted.</param>
    /// <param name="isExact">Are documents in another currency? Then exact amounts count: nobody is charged what they would round to in the prices'.</param>
    public static IReadOnlyList<ChargeLine> Of(
        Contract contract, IEnumerable<BillingPeriod> periods, DateTimeOffset end, ILookup<long, RatedRows.PriceSum> sums, IReadOnlyList<InvoiceDocument> documents, PriceTable prices,
        Currency currency, bool isExact)
    {
        var charged = documents.SelectMany(static document => document.Lines.Select(line => (Document: document, Line: line)))
            .Where(static item => item.Line.Kind != ChargeLine.Prepayment && !(item.Line.Kind == ChargeLine.TrueUp && item.Line.Tier == ChargeLine.OfTerm))
            .ToLookup(static item => item.Line.ServiceStart);
        var lines = new List<ChargeLine>();
        foreach (var period in periods)
        {
            var service = period.Within(contract);
            if (service.End > end || service.Start >= service.End)
            {
                continue;
            }

            var whole = PeriodCharges.Of(contract, period, sums[period.Start.ToMicros()], prices, currency, isExact);
            var before = charged[service.Start].ToArray();
            if (before.Length == 0)
            {
                lines.AddRange(whole);
            }
            else if (Correct(service, whole, [.. before.Select(static item => item.Line)], before[0].Document.Number, currency, isExact) is { } correction)
            {
                lines.Add(correction);
            }
        }

        if (TrueUpOfTerm(contract, end, lines, documents, currency, isExact) is { } trueUp)
        {
            lines.Add(trueUp);
        }

        return lines;
    }

    private static ChargeLine? Correct(BillingPeriod service, IReadOnlyList<ChargeLine> whole, IReadOnlyList<InvoiceDocumentLine> before, string number, Currency currency, bool isExact)
    {
        var exact = Money.Sum(whole.Select(static line => line.Exact), currency) - Money.Sum(before.Select(line => ExactOf(line, currency)), currency);
        var amount = isExact ? exact.Round() : Money.Sum(whole.Select(static line => line.Amount), currency) - Money.Sum(before.Select(line => AmountOf(line, currency)), currency);
        // What changed, account by account: all of it now, less what lines of that account had, and corrections before.
        var parts = new List<Earned>();
        foreach (var kind in new[] { AccountKind.UnbilledReceivable, AccountKind.FeeRevenue, AccountKind.Discount, AccountKind.CommitmentRevenue })
        {
            var now = Money.Sum(whole.SelectMany(static line => line.Parts).Where(part => part.Account == kind).Select(static part => part.Exact), currency);
            var then = Money.Sum(before.SelectMany(line => PartsOf(line, currency)).Where(part => part.Account == kind).Select(static part => part.Exact), currency);
            if (now != then)
            {
                parts.Add(new Earned(kind, now - then));
            }
        }

        // What is used late under a minimum changes nothing that is owed, and yet what it is owed for.
        return parts.Count == 0 && amount.IsZero ? null
            : new ChargeLine(ChargeLine.Correction, service, exact, amount, parts) { Text = $"Correction of {number}", Corrects = number };
    }

    /// <summary>What a written line is made of.</summary>
    public static IReadOnlyList<Earned> PartsOf(InvoiceDocumentLine line, Currency currency) => line.Kind == ChargeLine.Correction
        ? [.. (line.Parts ?? []).Select(part => new Earned(AccountKindNames.Find(part.Account) ?? AccountKind.UnbilledReceivable, Amount(part.Exact, currency)))]
        :
        [
            new Earned(
                line.Kind switch
                {
                    ChargeLine.Fee => AccountKind.FeeRevenue,
                    ChargeLine.Discount => AccountKind.Discount,
                    ChargeLine.TrueUp => AccountKind.CommitmentRevenue,
                    ChargeLine.Prepayment => AccountKind.Deferred,
                    _ => AccountKind.UnbilledReceivable,
                }, ExactOf(line, currency)),
        ];

    // The minimum of the whole term, once the period in which it ends is over: what it leaves of the periods that ended in it. Late usage takes it back.
    private static ChargeLine? TrueUpOfTerm(Contract contract, DateTimeOffset end, List<ChargeLine> lines, IReadOnlyList<InvoiceDocument> documents, Currency currency, bool isExact)
    {
        if (contract.Terms.Minimums.FirstOrDefault(static minimum => minimum.Cadence == MinimumCadence.Term) is not { } minimum)
        {
            return null;
        }

        var term = new BillingPeriod(contract.From, new PeriodCalendar(contract.From, 1, contract.Zone).After(contract.Terms.TermMonths));
        var covered = term.Within(contract);
        if (contract.Calendar.Of(covered.End.AddMicroseconds(-1)).Within(contract).End > end)
        {
            return null;
        }

        var written = documents.SelectMany(static document => document.Lines).Where(line => line.Kind != ChargeLine.Prepayment && line.ServiceEnd <= covered.End).ToArray();
        var spent = Money.Sum(lines.Where(line => line.Service.End <= covered.End).Select(line => isExact ? line.Exact : line.Amount), currency)
            + Money.Sum(written.Where(static line => !IsOfTerm(line)).Select(Counted), currency);
        var owed = minimum.EarlyEnd == EarlyEnd.Prorated ? new Money(PeriodCharges.Prorate(minimum.Amount, covered, term), currency).Round() : new Money(minimum.Amount, currency);
        var target = owed > spent ? owed - spent : Money.Zero(currency);
        var left = target - Money.Sum(written.Where(IsOfTerm).Select(Counted), currency);
        return left.IsZero ? null
            : ChargeLine.Of(ChargeLine.TrueUp, covered, AccountKind.CommitmentRevenue, left) with { Text = $"Minimum of {owed} in the term", Mark = ChargeLine.OfTerm };

        Money Counted(InvoiceDocumentLine line) => isExact ? ExactOf(line, currency) : AmountOf(line, currency);
    }

    private static bool IsOfTerm(InvoiceDocumentLine line) => line.Kind == ChargeLine.TrueUp && line.Tier == ChargeLine.OfTerm;

    // A document in another currency tells what its lines were before they were converted: contracts count in that.
    private static Money ExactOf(InvoiceDocumentLine line, Currency currency) => Amount(line.PricingExactAmount ?? line.ExactAmount, currency);

    private static Money AmountOf(InvoiceDocumentLine line, Currency currency) => Amount(line.PricingAmount ?? line.Amount, currency);

    private static Money Amount(string text, Currency currency) => DocumentText.Amount(text, currency) ?? throw new InvalidOperationException($"A document has the amount '{text}'. Run verify.");
}
