namespace Dogana.Client;

/// <summary>A company as a document names it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record DocumentParty(string Id, string Name, string Country);

/// <summary>The month that a document is for.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant after it.</param>
/// <param name="TimeZone">IANA name of the zone whose calendar month it is: the customer's.</param>
/// <param name="TimeZoneData">The version of the time zone data.</param>
public sealed record DocumentPeriod(string Month, DateTimeOffset Start, DateTimeOffset End, string TimeZone, string TimeZoneData);

/// <summary>A final invoice, as stored: these very bytes are what its hash is over. Amounts are decimal text in the invoice's currency.</summary>
/// <param name="Document">The format: <c>dogana-invoice-1</c>.</param>
/// <param name="Number">Gap-free per seller.</param>
/// <param name="IssueDate">The seller's date, as <c>2026-02-01</c>.</param>
/// <param name="Seller">Who invoices.</param>
/// <param name="Customer">Who pays.</param>
/// <param name="Channel">The channel bought on.</param>
/// <param name="Period">The month.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Lines">What was used.</param>
/// <param name="ExactTotal">The sum of the lines' exact amounts.</param>
/// <param name="Rounding">Exact total less net.</param>
/// <param name="Net">The sum of the lines' rounded amounts: what is to be paid.</param>
public sealed record InvoiceDocument(
    string Document, string Number, string IssueDate, DocumentParty Seller, DocumentParty Customer, string Channel, DocumentPeriod Period, string Currency,
    IReadOnlyList<InvoiceDocumentLine> Lines, string ExactTotal, string Rounding, string Net);

/// <summary>One line of an invoice.</summary>
/// <param name="Position">From 1.</param>
/// <param name="ServiceMonth">The month of use; an earlier one than the invoice's for usage that came in late.</param>
/// <param name="Model">The model.</param>
/// <param name="Meter">What was counted: <c>input_tokens</c>, <c>cached_input_tokens</c>, <c>output_tokens</c>.</param>
/// <param name="Quantity">Units.</param>
/// <param name="UnitPrice">The price of <paramref name="Per"/> units.</param>
/// <param name="Per">Units that the price is for.</param>
/// <param name="ExactAmount">Quantity × price, to 10⁻¹².</param>
/// <param name="Amount">Rounded once to the currency's minor unit, half away from zero.</param>
public sealed record InvoiceDocumentLine(
    int Position, string ServiceMonth, string Model, string Meter, long Quantity, string UnitPrice, long Per, string ExactAmount, string Amount);

/// <summary>An invoice in a list.</summary>
/// <param name="Number">Gap-free per seller.</param>
/// <param name="Seller">The seller's id.</param>
/// <param name="Customer">The customer's id.</param>
/// <param name="Channel">The channel's id.</param>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="IssuedAt">When it became final.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Net">Decimal text.</param>
/// <param name="Hash">SHA-256 of the stored document, lower-case hexadecimal.</param>
public sealed record InvoiceSummary(
    string Number, string Seller, string Customer, string Channel, string Month, DateTimeOffset IssuedAt, string Currency, string Net, string Hash);
