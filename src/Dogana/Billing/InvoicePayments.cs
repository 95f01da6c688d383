using System.Globalization;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>What a payment paid of an invoice.</summary>
/// <param name="Invoice">The invoice's number.</param>
/// <param name="Reference">Names it for ever: the payment's number and the allocation's.</param>
/// <param name="Amount">Above zero, in whole minor units.</param>
public sealed record InvoicePayment(string Invoice, string Reference, Money Amount);

/// <summary>What customers paid of invoices. Credit notes and write-offs pay nothing; what is on account pays when it is allocated.</summary>
public static class InvoicePayments
{
    /// <summary>All of them, in the order in which they were allocated.</summary>
    public static async Task<IReadOnlyList<InvoicePayment>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            """
            select a.number as Number, a.source as Source, a.target as Target, a.currency as Currency, a.micro as Micro, a.pico as Pico from allocation a
            join payment p on p.number = a.source join invoice i on i.number = a.target where p.kind = @Payment and i.kind = @Invoice order by a.number
            """, new { Payment = nameof(PaymentKind.Payment), Invoice = nameof(InvoiceKind.Invoice) });
        return [.. rows.Select(static row => new InvoicePayment(
            row.Target, string.Create(CultureInfo.InvariantCulture, $"{row.Source}#{row.Number}"), Money.FromParts(row.Micro, row.Pico, Currency.Of(row.Currency))))];
    }

    private sealed record Row(long Number, string Source, string Target, string Currency, long Micro, long Pico);
}
