using System.Globalization;
using Dogana.Billing.Invoicing;
using Dogana.Storage;

namespace Dogana.Billing.Credits;

/// <summary>Credit notes among the final documents.</summary>
internal static class CreditRows
{
    public static string Counter(string seller) => $"credit_note/{seller}";

    public static string NumberOf(string seller, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{seller.ToUpperInvariant()}-CN-{sequence:000000}");

    /// <summary>The credit notes of one invoice, in the order of their numbers.</summary>
    public static async Task<IReadOnlyList<InvoiceRow>> ReadOfAsync(StoreSession session, string invoice)
    {
        var numbers = await session.QueryAsync<string>(
            "select number from invoice where corrects = @invoice and kind = @kind order by seller_sequence", new { invoice, kind = nameof(InvoiceKind.CreditNote) });
        var notes = new List<InvoiceRow>();
        foreach (var number in numbers)
        {
            notes.Add((await InvoiceRows.FindAsync(session, number))!);
        }

        return notes;
    }
}
