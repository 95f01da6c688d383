using System.Text.Json.Serialization;

namespace Dogana.Client;

/// <summary>A company on a document, as it was then.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">As on an invoice.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record DocumentParty(string Id, string Name, string Country)
{
    /// <summary>Its number for value added tax or the like, with the country's prefix; left out where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TaxId { get; init; }

    /// <summary>Street and number; left out where it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Street { get; init; }

    /// <summary>Postal code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PostalCode { get; init; }

    /// <summary>City.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? City { get; init; }
}

/// <summary>The period that a document is for.</summary>
/// <param name="Month">The month in which it ends, as <c>2026-01</c>.</param>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant after it.</param>
/// <param name="TimeZone">IANA name of the zone whose days it is made of: the customer's.</param>
/// <param name="TimeZoneData">The version of the time zone data.</param>
public sealed record DocumentPeriod(string Month, DateTimeOffset Start, DateTimeOffset End, string TimeZone, string TimeZoneData);

/// <summary>What a document was computed from: the same manifest gives the same bytes on every machine.</summary>
/// <param name="Engine">The version of the rules.</param>
/// <param name="IngestSequence">Usage up to this ingest sequence was rated.</param>
/// <param name="Contract">The contract's id.</param>
/// <param name="ContractEnd">When the contract ended, as it was known then; null while it had no end.</param>
/// <param name="PriceBooks">The published versions that its lines stand on, as <c>list@2026-01-01T00:00:00Z</c>.</param>
/// <param name="Hash">SHA-256 over all of these and the exchange rate, the period and the time zone data, in lower-case hexadecimal.</param>
public sealed record DocumentManifest(
    string Engine, long IngestSequence, string Contract, DateTimeOffset? ContractEnd, IReadOnlyList<string> PriceBooks, string Hash)
{
    /// <summary>The rate that its amounts are converted at; left out where prices are in the document's currency.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DocumentExchangeRate? ExchangeRate { get; init; }
}

/// <summary>The published exchange rate that a document's amounts are converted at: the one in force at the end of its period.</summary>
/// <param name="Base">ISO 4217 code of the prices' currency.</param>
/// <param name="Quote">The document's currency.</param>
/// <param name="Rate">Units of <paramref name="Quote"/> for one of <paramref name="Base"/>, decimal text.</param>
/// <param name="From">The first instant at which it was in force.</param>
public sealed record DocumentExchangeRate(string Base, string Quote, string Rate, DateTimeOffset From);

/// <summary>A final invoice or credit note, as stored: these very bytes are what its hash is over. Amounts are decimal text in the document's currency.</summary>
/// <param name="Document">The format: <c>dogana-invoice-2</c>.</param>
/// <param name="Kind"><c>invoice</c> or <c>credit_note</c>.</param>
/// <param name="Number">Gap-free per seller and kind.</param>
/// <param name="IssueDate">The seller's date, as <c>2026-02-01</c>.</param>
/// <param name="DueDate">When it is to be paid, the seller's date.</param>
/// <param name="Seller">Who invoices.</param>
/// <param name="Customer">Who pays.</param>
/// <param name="Channel">The channel bought on.</param>
/// <param name="Period">The period.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Lines">What is charged. A credit note's lines are what is given back, below zero.</param>
/// <param name="Taxes">One for each category and rate of the lines.</param>
/// <param name="ExactTotal">The sum of the lines' exact amounts.</param>
/// <param name="Rounding">Exact total less net.</param>
/// <param name="Net">The sum of the lines' rounded amounts.</param>
/// <param name="Tax">The sum of the taxes.</param>
/// <param name="Gross">Net and tax.</param>
/// <param name="Prepaid">What prepaid credit takes off.</param>
/// <param name="Payable">Gross less prepaid: what is to be paid; below zero it is owed to the customer.</param>
/// <param name="Manifest">What it was computed from.</param>
public sealed record InvoiceDocument(
    string Document, string Kind, string Number, string IssueDate, string DueDate, DocumentParty Seller, DocumentParty Customer, string Channel, DocumentPeriod Period,
    string Currency, IReadOnlyList<InvoiceDocumentLine> Lines, IReadOnlyList<InvoiceDocumentTax> Taxes, string ExactTotal, string Rounding, string Net, string Tax,
    string Gross, string Prepaid, string Payable, DocumentManifest Manifest)
{
    /// <summary>The number of the invoice that a credit note is about; left out on invoices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Corrects { get; init; }

    /// <summary>Why a credit note was issued; left out on invoices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>One line of an invoice.</summary>
/// <param name="Position">From 1.</param>
/// <param name="Kind">
/// <c>usage</c>, <c>fee</c>, <c>discount</c>, <c>true_up</c> (what a minimum leaves), <c>unused</c> (reserved and not used), <c>correction</c> (of a final document) or
/// <c>prepayment</c> (credit that is bought).
/// </param>
/// <param name="ServiceMonth">The month in which the period of use ends; an earlier one than the document's for corrections.</param>
/// <param name="ServiceStart">The first instant of the period of use.</param>
/// <param name="ServiceEnd">The first instant after it.</param>
/// <param name="ExactAmount">To 10⁻¹².</param>
/// <param name="Amount">Rounded once to the currency's minor unit, half away from zero.</param>
/// <param name="TaxCategory">The category's code of UNTDID 5305: <c>S</c> standard, <c>Z</c> zero, <c>E</c> exempt, <c>AE</c> reverse charge, <c>G</c> export, <c>O</c> outside.</param>
/// <param name="TaxPercent">The rate in per cent, such as <c>19</c>.</param>
public sealed record InvoiceDocumentLine(
    int Position, string Kind, string ServiceMonth, DateTimeOffset ServiceStart, DateTimeOffset ServiceEnd, string ExactAmount, string Amount, string TaxCategory,
    string TaxPercent)
{
    /// <summary>The exact amount in the prices' currency; left out where that is the document's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PricingExactAmount { get; init; }

    /// <summary>The amount rounded in the prices' currency; left out where that is the document's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PricingAmount { get; init; }

    /// <summary>What it is, for people, where it is not usage: a fee's name, a discount's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The model, on a line of usage.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>What was counted, as <c>input_tokens</c>, on a line of usage.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Meter { get; init; }

    /// <summary>Units, on a line of usage.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Quantity { get; init; }

    /// <summary>How the price works: <c>unit</c>, <c>package</c>, <c>graduated</c>, <c>volume</c> or <c>flat</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PriceKind { get; init; }

    /// <summary>The price of <see cref="Per"/> units; left out where it goes by tiers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UnitPrice { get; init; }

    /// <summary>Units that the price is for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Per { get; init; }

    /// <summary>The price's further marks, as <c>priority</c> or <c>prompt above 200000</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tier { get; init; }

    /// <summary>The final document that a correction is of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Corrects { get; init; }

    /// <summary>What a correction is made of, account by account; left out on other lines.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<InvoiceDocumentPart>? Parts { get; init; }

    /// <summary>On a credit note: the position of the line that is given back, on the invoice that the note corrects.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? CorrectsLine { get; init; }
}

/// <summary>A part of a correction.</summary>
/// <param name="Account">What it is booked on, as <c>unbilled_receivable</c> for usage or <c>commitment_revenue</c> for a minimum.</param>
/// <param name="Exact">Decimal text, in the prices' currency.</param>
public sealed record InvoiceDocumentPart(string Account, string Exact);

/// <summary>The tax on all lines of one category and rate (EN 16931 BG-23), rounded once.</summary>
/// <param name="Category">UNTDID 5305 code.</param>
/// <param name="Percent">The rate in per cent.</param>
/// <param name="Base">The sum of the lines' amounts.</param>
/// <param name="Amount">Base × rate, rounded once to the minor unit, half away from zero.</param>
/// <param name="Reason">Why no tax is charged, as the law wants it said; left out for the standard category.</param>
public sealed record InvoiceDocumentTax(
    string Category, string Percent, string Base, string Amount, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null);

/// <summary>An invoice or credit note in a list.</summary>
/// <param name="Number">Gap-free per seller and kind.</param>
/// <param name="Kind"><c>invoice</c> or <c>credit_note</c>.</param>
/// <param name="Seller">The seller's id.</param>
/// <param name="Customer">The customer's id.</param>
/// <param name="Channel">The channel's id.</param>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="IssuedAt">When it became final.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Net">Decimal text.</param>
/// <param name="Payable">Decimal text.</param>
/// <param name="Hash">SHA-256 of the stored document, lower-case hexadecimal.</param>
public sealed record InvoiceSummary(
    string Number, string Kind, string Seller, string Customer, string Channel, string Month, DateTimeOffset IssuedAt, string Currency, string Net, string Payable, string Hash);
