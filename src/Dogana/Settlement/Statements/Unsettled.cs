using Dogana.Billing;
using Dogana.Settlement.Legs;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

/// <summary>What a month is to put on statements: shares of documents that their legs have not shared, true-ups of periods that are over, rents, payments.</summary>
internal static class Unsettled
{
    private const int PageSize = 1_000;

    /// <summary>The shares, in the order of the documents, leg by leg; the history goes on by them.</summary>
    public static async Task<IReadOnlyList<LegShares>> ReadSharesAsync(StoreSession session, IReadOnlyList<ShareLeg> legs, LegHistory history, BillingMonth month)
    {
        var owners = await ShareAgreements.ReadOwnersAsync(session);
        var payments = (await CollectedPayments.ReadAsync(session)).ToLookup(static payment => payment.Invoice, StringComparer.Ordinal);
        var shared = await LineRows.ReadSharedAsync(session);

        // 1. What of the documents each leg is about. Documents that none covers are not read, the others once, in pages.
        var items = legs.Select(static _ => new List<ShareItem>()).ToArray();
        var covered = (await Invoices.ListHeadsAsync(session, month)).Where(head => legs.Any(leg => IsWanted(leg, head)));
        foreach (var page in covered.Chunk(PageSize))
        {
            var invoices = await Invoices.ReadAsync(session, [.. page.Select(static head => head.Number)]);
            foreach (var (head, invoice) in page.Zip(invoices))
            {
                var document = invoice.Document;
                foreach (var (leg, of) in legs.Zip(items).Where(pair => IsWanted(pair.First, head)))
                {
                    of.AddRange(ShareRating.Items(document, leg.Basis, [.. payments[head.Number]])
                        .Where(item => ShareRating.Covers(leg, item, owners) && !shared.Contains((leg.Agreement, leg.Id, item.Document, item.Part))));
                }
            }
        }

        // 2. What each leg gives of it.
        var found = new List<LegShares>();
        foreach (var (leg, of) in legs.Zip(items))
        {
            foreach (var group in of.GroupBy(static item => item.Basis.Currency).OrderBy(static group => group.Key.Code, StringComparer.Ordinal))
            {
                var before = history.Of(leg, group.Key);
                var shares = new LegShares(leg, before, ShareRating.Rate(leg, before, group));
                found.Add(shares);
                history.Add(shares, month);
            }
        }

        return found;

        bool IsWanted(ShareLeg leg, InvoiceHead head) => leg.CoversDocuments(head.Seller, head.Channel, head.Currency) && leg.From < head.PeriodEnd && !IsDone(leg, head.Number);

        // Its document need not be read again; of what is collected, payments come later.
        bool IsDone(ShareLeg leg, string document) => leg.Basis != ShareBasis.Collected && shared.Contains((leg.Agreement, leg.Id, document, ""));
    }

    /// <summary>The true-ups of periods that ended since the last settled month; the history goes on by them.</summary>
    public static async Task<IReadOnlyList<TrueUpLine>> ReadTrueUpsAsync(StoreSession session, IReadOnlyList<ShareLeg> legs, LegHistory history, BillingMonth month)
    {
        var after = await StatementRows.FindLastClosedAsync(session);
        var lines = new List<TrueUpLine>();
        foreach (var leg in legs)
        {
            if (GuaranteePeriods.Due(leg, after, month) is not var (first, last, periods))
            {
                continue;
            }

            var currency = leg.Currency!.Value;
            var shares = history.SharesIn(leg, currency, first, last);
            var line = new TrueUpLine(leg, first, last, periods, shares, ShareRating.TrueUp(leg, history.Of(leg, currency), shares, periods));
            if (!line.Amount.IsZero)
            {
                lines.Add(line);
                history.Add(line);
            }
        }

        return lines;
    }

    /// <summary>The rents of the month, and what usage that came late adds to earlier ones.</summary>
    public static async Task<IReadOnlyList<RentLine>> ReadRentsAsync(StoreSession session, BillingMonth month)
    {
        var charged = (await LineRows.ReadRentsAsync(session)).ToLookup(static row => (row.Agreement, row.Month));
        var lines = new List<RentLine>();
        foreach (var agreement in await RentAgreements.ReadAsync(session))
        {
            var usage = await RentUsage.ReadAsync(session, agreement, month);
            for (var past = BillingMonth.Of(agreement.From, RentUsage.Zone); past <= month; past = past.Next)
            {
                if (agreement.To is { } end && past.Start(RentUsage.Zone) >= end)
                {
                    break;
                }

                var before = Money.Sum(charged[(agreement.Id, past.ToString())].Select(row => LineRows.Amount(row.Micro, row.Pico, agreement.Currency.Code)), agreement.Currency);
                var line = new RentLine(agreement, past, usage.In(past), before);
                if (!line.Amount.IsZero)
                {
                    lines.Add(line);
                }
            }
        }

        return lines;
    }
}
