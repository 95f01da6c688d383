using Dogana.Billing.Invoicing;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>How far a seller's documents of a kind go.</summary>
/// <param name="Seller">The seller.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Last">The last number of the series, from 1: all up to it are there.</param>
public sealed record DocumentSeries(string Seller, InvoiceKind Kind, long Last);

/// <summary>What the documents of a customer on a channel come to, credit notes taken off.</summary>
/// <param name="Seller">Who sells.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Net">Without tax.</param>
public sealed record DocumentSum(string Seller, string Organisation, string Channel, Money Net);

/// <summary>The final documents as readers take them who want each one once: by series, in the order of their numbers. Numbers commit in their order, so whoever read up to one has missed none.</summary>
public static class FinalDocuments
{
    /// <summary>All series. Asks the index for each seller's end, however many documents there are.</summary>
    public static async Task<IReadOnlyList<DocumentSeries>> ReadSeriesAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var series = new List<DocumentSeries>();
        foreach (var kind in Enum.GetValues<InvoiceKind>())
        {
            for (var seller = await InvoiceRows.FindSellerAfterAsync(session, kind, ""); seller is not null; seller = await InvoiceRows.FindSellerAfterAsync(session, kind, seller))
            {
                series.Add(new DocumentSeries(seller, kind, await InvoiceRows.ReadLastSequenceAsync(session, kind, seller)));
            }
        }

        return series;
    }

    /// <summary>At most <paramref name="limit"/> documents of a series with a number above <paramref name="after"/>, in order, with their numbers in the series.</summary>
    public static async Task<IReadOnlyList<(long Sequence, Invoice Document)>> ReadAfterAsync(StoreSession session, string seller, InvoiceKind kind, long after, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await InvoiceRows.ReadAfterAsync(session, seller, kind, after, limit)).Select(static row => (row.SellerSequence, row.ToInvoice()))];
    }

    /// <summary>What a month's documents come to, for each customer, seller, channel and currency: by their columns, not by their lines.</summary>
    public static Task<IReadOnlyList<DocumentSum>> SumAsync(StoreSession session, BillingMonth month)
    {
        ArgumentNullException.ThrowIfNull(session);
        return InvoiceRows.SumAsync(session, month);
    }

    /// <summary>The documents of one customer in some months, in the order of their issue.</summary>
    public static async Task<IReadOnlyList<Invoice>> ReadOfAsync(StoreSession session, string organisation, BillingMonth from, BillingMonth to)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await InvoiceRows.ReadOfAsync(session, organisation, from, to)).Select(static row => row.ToInvoice())];
    }
}
