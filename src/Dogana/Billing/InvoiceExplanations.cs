using Dogana.Billing.Accruing;
using Dogana.Billing.Invoicing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>Takes figures of documents apart: a line into the rated lines that it adds up, a rated line into its usage.</summary>
public static class InvoiceExplanations
{
    /// <summary>
    /// How a line of a document came about, with a page of the rated lines in it: of a usage line those of its price, of a correction those that came after the document that it corrects. Null where
    /// there is no such document or line.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="number">The document's number.</param>
    /// <param name="position">The line's position, from 1.</param>
    /// <param name="after">Rated lines numbered above this.</param>
    /// <param name="limit">At most so many.</param>
    public static async Task<InvoiceLineExplanation?> ExplainAsync(StoreSession session, string number, int position, long after, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (await InvoiceRows.FindAsync(session, number) is not { } row || row.ToInvoice().Document.Lines.FirstOrDefault(line => line.Position == position) is not { } line)
        {
            return null;
        }

        // 1. The period, and up to which rated line documents before this one had it.
        var contract = (await Contracts.ReadBesideAsync(session, [row.Contract])).ById.GetValueOrDefault(row.Contract);
        var prices = await PriceBooks.ReadAsync(session);
        var start = contract?.Calendar.Of(line.ServiceStart).Start.ToMicros() ?? 0;
        var before = (await InvoiceRows.ReadOfAsync(session, [row.Contract])).TakeWhile(other => other.SellerSequence < row.SellerSequence)
            .Where(other => other.ToInvoice().Document.Lines.Any(item => item.ServiceStart == line.ServiceStart)).Select(static other => other.RatedTo).DefaultIfEmpty(0).Max();

        // 2. The lines that it stands on.
        IReadOnlyList<RatedRow> rated = line.Kind switch
        {
            ChargeLine.Usage when contract is not null =>
                await RatedRows.ReadPeriodAsync(session, row.Contract, start, after, row.RatedTo, await FindKeyAsync(session, row, line, contract, start, prices), limit),
            ChargeLine.Correction => await RatedRows.ReadPeriodAsync(session, row.Contract, start, Math.Max(after, before), row.RatedTo, null, limit),
            _ => [],
        };
        return new InvoiceLineExplanation(
            number, line, Say(line, contract, row.ToInvoice().Document.Manifest.ExchangeRate), [.. rated.Select(item => Invoices.ToRecord(item, prices))],
            rated.Count == limit ? rated[^1].Number : null);
    }

    /// <summary>A page of the usage that a rated line adds up, by ingest sequence; null where there is no such line.</summary>
    public static async Task<IReadOnlyList<RatedUsage>?> ReadUsageAsync(StoreSession session, long ratedLine, long after, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (await RatedRows.FindAsync(session, ratedLine) is not { } line)
        {
            return null;
        }

        // A line of a retry has just what was retried; another one what had not been put aside; one of a price of the past what that price changed.
        var run = line.Cause.Split('/')[1];
        var retried = run.StartsWith("retry-", StringComparison.Ordinal) ? (await RatedRows.ReadRetriedAsync(session, run)).Select(static row => (row.IngestSequence, row.Meter)).ToHashSet() : null;
        var (history, tables) = (await PriceHistory.ReadAsync(session), await UsageRating.ReadAsync(session, [line.Organisation, line.Seller]));
        var repricing = UsageRepricing.Find(history, run);
        var known = repricing is not null ? history.AfterRepricing(line.Records < 0 ? repricing.Number - 1 : repricing.Number)
            : UsageRepricing.RetryOf(run) is { } retry ? history.AtRetry(retry) : history.AtAccrual(line.LastSequence);
        var found = new List<RatedUsage>();
        for (var at = Math.Max(after, line.FirstSequence - 1); at < line.LastSequence && found.Count < limit;)
        {
            var records = await UsageRecords.ReadAfterAsync(session, at, 1_000);
            var last = records.Count == 0 ? line.LastSequence : Math.Min(records[^1].IngestSequence, line.LastSequence);
            var unrated = (await RatedRows.ReadUnratedByIngestAsync(session, at, last)).Where(row => repricing is null || !UsageRepricing.WasRated(row, repricing))
                .Select(static row => (row.IngestSequence, row.Meter)).ToHashSet();
            var unsold = line.IsResale == 0 ? [] : (await RetailRows.ReadByIngestAsync(session, at, last)).Select(static row => (row.IngestSequence, row.Meter)).ToHashSet();
            foreach (var usage in records.Where(record => record.IngestSequence <= line.LastSequence).SelectMany(UsageMeter.Of))
            {
                var key = (usage.IngestSequence, usage.Meter.ToName());
                if (found.Count < limit && !unsold.Contains(key) && (retried is null ? !unrated.Contains(key) : retried.Contains(key)) && IsIn(tables.With(known), usage, line))
                {
                    found.Add(new RatedUsage(usage.Source, usage.Id, usage.IngestSequence, usage.At, usage.Meter.ToName(), line.Records < 0 ? -usage.Quantity : usage.Quantity));
                }
            }

            at = last;
        }

        return found;
    }

    private static bool IsIn(UsageRating rating, UsageMeter usage, RatedRow line)
    {
        if (usage.Meter.ToName() != line.Meter || usage.Model != line.Model || usage.Channel != line.Channel || usage.At.ToMicros() < line.Hour || usage.At.ToMicros() >= line.Hour + 3_600_000_000
            || (line.IsResale == 1 ? usage.EndCustomer != line.Organisation || usage.Organisation != line.Seller : usage.Organisation != line.Organisation))
        {
            return false;
        }

        // The same hour may lie in two periods or under two contracts, and a model's price may go by tier and prompt: rating it again decides.
        rating.Add(usage);
        return rating.Lines.ContainsKey(line.Key);
    }

    // A document does not say by which version of a book a line is priced, and two versions may ask the same: it has its period's lines in the order in which they are charged.
    private static async Task<TotalKey> FindKeyAsync(StoreSession session, InvoiceRow row, InvoiceDocumentLine line, Contract contract, long start, PriceTable prices)
    {
        var sums = (await RatedRows.SumAsync(session, contract.Id, row.RatedTo)).Where(sum => sum.PeriodStart == start);
        var charged = PeriodCharges.Of(contract, contract.Calendar.Of(StoredTime.FromMicros(start)), sums, prices, Currency.Of(prices.Books[contract.PriceBook].Currency)).Where(static item => item.Kind == ChargeLine.Usage);
        var place = row.ToInvoice().Document.Lines.Count(item => item.Kind == ChargeLine.Usage && item.ServiceStart == line.ServiceStart && item.Position < line.Position);
        return charged.ElementAtOrDefault(place)?.Key ?? throw new InvalidOperationException($"Line {line.Position} of {row.Number} is not what was rated. Run verify.");
    }

    private static string Say(InvoiceDocumentLine line, Contract? contract, DocumentExchangeRate? rate) => line.CorrectsLine is { } given ? $"{line.Amount} are given back of line {given} of the invoice that this note corrects." : line.Kind switch
    {
        ChargeLine.Usage when line.UnitPrice is not null => $"{line.Quantity} {line.Meter} of {line.Model} × {line.UnitPrice} ÷ {line.Per} = {Exact(line, rate)}, rounded once to {line.Amount}.",
        ChargeLine.Usage => $"The cost of {line.Quantity} {line.Meter} of {line.Model} in the period by its {line.PriceKind} price: {Exact(line, rate)}, rounded once to {line.Amount}.",
        ChargeLine.Fee => $"The fee '{line.Text}' of contract '{contract?.Id}' for the period{(rate is null ? "" : $": {Exact(line, rate)}, rounded once to {line.Amount}")}.",
        ChargeLine.Discount => $"The discount '{line.Text}' of contract '{contract?.Id}' on what was used in the period: {Exact(line, rate)}, rounded once to {line.Amount}.",
        ChargeLine.TrueUp when rate is not null && line is { Tier: ChargeLine.OfPeriod } && line.ExactAmount == line.Amount =>
            $"{line.Text}, less what was charged for it: {line.PricingExactAmount} {rate.Base}. Of the minimum at {rate.Rate} ({rate.Base}/{rate.Quote} from {InstantText.Format(rate.From)}) the period's other lines leave {line.Amount} {rate.Quote}.",
        ChargeLine.TrueUp => $"{line.Text}, less what was charged for it: {(rate is null ? line.Amount : $"{Exact(line, rate)}, rounded once to {line.Amount}")}.",
        ChargeLine.Correction => $"What the period costs by now, less what documents had of it: {Exact(line, rate)}, rounded sums {line.Amount}. "
            + string.Join(" ", (line.Parts ?? []).Select(static part => $"{part.Account}: {part.Exact}.")),
        _ => $"{line.Text}: {line.Amount}.",
    };

    // What was priced in another currency is said in both.
    private static string Exact(InvoiceDocumentLine line, DocumentExchangeRate? rate) => rate is null ? line.ExactAmount
        : $"{line.PricingExactAmount} {rate.Base}, × {rate.Rate} ({rate.Base}/{rate.Quote} from {InstantText.Format(rate.From)}) = {line.ExactAmount} {rate.Quote}";
}
