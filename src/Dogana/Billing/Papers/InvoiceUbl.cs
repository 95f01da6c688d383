using System.Globalization;
using System.Text;
using System.Xml;
using Dogana.Client;

namespace Dogana.Billing.Papers;

/// <summary>
/// Writes a final document as EN 16931 has it, in UBL 2.1. Each element says which business term (BT) or group (BG) it is. A credit note's amounts are below zero in
/// the document and above zero here, where its very type says that it gives back.
/// </summary>
internal sealed class InvoiceUbl
{
    private const string Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    private const string Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    private readonly InvoiceDocument _document;
    private readonly XmlWriter _xml;
    private readonly bool _isInvoice;
    private readonly bool _isOutside;

    private InvoiceUbl(InvoiceDocument document, XmlWriter xml) => (_document, _xml, _isInvoice, _isOutside) =
        (document, xml, document.Kind == "invoice", document.Lines.Any(static line => line.TaxCategory == TaxCategory.Outside));

    private string Type => _isInvoice ? "Invoice" : "CreditNote";

    /// <summary>The XML; a problem where the document cannot be valid, which names what is missing and the rule.</summary>
    public static Outcome<string> Render(InvoiceDocument document, string hash)
    {
        if (FindFault(document) is { } fault)
        {
            return new Problem(ProblemCode.DocumentNotRenderable, $"The document {document.Number} cannot be written as EN 16931 has it: {fault} Take format=json, html or pdf.", "format");
        }

        var text = new MemoryStream();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n" }))
        {
            new InvoiceUbl(document, xml).Write(hash);
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static string? FindFault(InvoiceDocument document)
    {
        var categories = document.Lines.Select(static line => line.TaxCategory).ToHashSet(StringComparer.Ordinal);
        var isTaxed = categories.Any(static category => category != TaxCategory.Outside);
        return Currency.Find(document.Currency) is not { MinorDigits: <= 2 } ? $"amounts in {document.Currency} have more than two digits after the point (BR-DEC)."
            : categories.Count > 1 && categories.Contains(TaxCategory.Outside) ? "lines outside of the tax's scope stand beside others (BR-O-11)."
            : isTaxed && document.Seller.TaxId is null ? $"the seller '{document.Seller.Id}' had no tax_id when it was issued (BR-S-02, BR-Z-02, BR-E-02, BR-AE-02, BR-G-02)."
            : document.Taxes.Count == 0 ? "it has no tax totals (BR-CO-18)."
            : categories.Contains(TaxCategory.ReverseCharge) && document.Customer.TaxId is null ? $"the customer '{document.Customer.Id}' had no tax_id when it was issued (BR-AE-02)."
            : null;
    }

    private void Write(string hash)
    {
        _xml.WriteStartElement("", Type, $"urn:oasis:names:specification:ubl:schema:xsd:{Type}-2");
        _xml.WriteAttributeString("xmlns", "cac", null, Cac);
        _xml.WriteAttributeString("xmlns", "cbc", null, Cbc);
        Basic("CustomizationID", "urn:cen.eu:en16931:2017"); // BT-24
        Basic("ID", _document.Number); // BT-1
        Basic("IssueDate", _document.IssueDate); // BT-2
        if (_isInvoice)
        {
            Basic("DueDate", _document.DueDate); // BT-9
        }

        Basic(_isInvoice ? "InvoiceTypeCode" : "CreditNoteTypeCode", _isInvoice ? "380" : "381"); // BT-3
        Basic("Note", _document.Reason is { } reason ? $"{reason} (SHA-256 of the JSON form: {hash})" : $"SHA-256 of the JSON form: {hash}"); // BT-22
        if (_document.Manifest.ExchangeRate is { } rate)
        {
            Basic("Note", $"Prices are in {rate.Base}. {InvoiceView.RateText(rate)}."); // BT-22; the model has no term for it
        }

        Basic("DocumentCurrencyCode", _document.Currency); // BT-5
        Period(_document.Period.Start, _document.Period.End); // BG-14
        if (_document.Corrects is { } corrected)
        {
            In("BillingReference", () => In("InvoiceDocumentReference", () => Basic("ID", corrected))); // BG-3, BT-25
        }

        if (_document.Manifest.Contract.Length > 0)
        {
            In("ContractDocumentReference", () => Basic("ID", _document.Manifest.Contract)); // BT-12
        }

        In("AccountingSupplierParty", () => Party(_document.Seller)); // BG-4
        In("AccountingCustomerParty", () => Party(_document.Customer)); // BG-7
        if (!_isInvoice)
        {
            In("PaymentTerms", () => Basic("Note", $"Given back of invoice {_document.Corrects}.")); // BT-20
        }

        Taxes();
        In("LegalMonetaryTotal", () => // BG-22
        {
            Amount("LineExtensionAmount", _document.Net); // BT-106
            Amount("TaxExclusiveAmount", _document.Net); // BT-109
            Amount("TaxInclusiveAmount", _document.Gross); // BT-112
            Amount("PrepaidAmount", _document.Prepaid); // BT-113
            Amount("PayableAmount", _document.Payable); // BT-115
        });
        foreach (var line in _document.Lines)
        {
            In(Type + "Line", () => Line(line)); // BG-25
        }

        _xml.WriteEndElement();
    }

    private void Taxes() => In("TaxTotal", () =>
    {
        Amount("TaxAmount", _document.Tax); // BT-110
        foreach (var tax in _document.Taxes)
        {
            In("TaxSubtotal", () => // BG-23
            {
                Amount("TaxableAmount", tax.Base); // BT-116
                Amount("TaxAmount", tax.Amount); // BT-117
                Category("TaxCategory", tax.Category, tax.Percent, tax.Reason); // BT-118, BT-119, BT-120
            });
        }
    });

    private void Line(InvoiceDocumentLine line)
    {
        // A price is never below zero (BR-27): the quantity has the sign. What has no one price is one piece at its amount.
        var amount = Signed(line.Amount);
        var isCounted = line is { Quantity: >= 0, UnitPrice: not null } && amount >= 0m && !line.UnitPrice.StartsWith('-');
        Basic("ID", line.Position.ToString(CultureInfo.InvariantCulture)); // BT-126
        _xml.WriteStartElement("cbc", _isInvoice ? "InvoicedQuantity" : "CreditedQuantity", Cbc); // BT-129
        _xml.WriteAttributeString("unitCode", "C62"); // BT-130: one
        _xml.WriteString(isCounted ? line.Quantity!.Value.ToString(CultureInfo.InvariantCulture) : amount < 0m ? "-1" : "1");
        _xml.WriteEndElement();
        Amount("LineExtensionAmount", line.Amount); // BT-131
        Period(line.ServiceStart, line.ServiceEnd); // BG-26
        In("Item", () =>
        {
            if (!isCounted && line.Quantity is { } quantity)
            {
                Basic("Description", string.Create(CultureInfo.InvariantCulture, $"{quantity} units")); // BT-154
            }

            Basic("Name", InvoiceView.TextOf(line)); // BT-153
            Category("ClassifiedTaxCategory", line.TaxCategory, line.TaxPercent, reason: null); // BT-151, BT-152
        });
        In("Price", () =>
        {
            if (isCounted)
            {
                Attributed("PriceAmount", Price(line.UnitPrice!), "currencyID", _document.Currency); // BT-146
                Attributed("BaseQuantity", (line.Per ?? 1).ToString(CultureInfo.InvariantCulture), "unitCode", "C62"); // BT-149
            }
            else
            {
                Attributed("PriceAmount", line.Amount.TrimStart('-'), "currencyID", _document.Currency);
            }
        });
    }

    // A price is in the document's currency, as exact as the rate makes it.
    private string Price(string unitPrice) => _document.Manifest.ExchangeRate is not { } rate ? unitPrice
        : decimal.Round(decimal.Parse(unitPrice, CultureInfo.InvariantCulture) * decimal.Parse(rate.Rate, CultureInfo.InvariantCulture), 24).ToString("0.########################", CultureInfo.InvariantCulture);

    private void Party(DocumentParty party) => In("Party", () =>
    {
        In("PartyIdentification", () => Basic("ID", party.Id)); // BT-29, BT-46
        In("PostalAddress", () => // BG-5, BG-8
        {
            Optional("StreetName", party.Street); // BT-35, BT-50
            Optional("CityName", party.City); // BT-37, BT-52
            Optional("PostalZone", party.PostalCode); // BT-38, BT-53
            In("Country", () => Basic("IdentificationCode", party.Country)); // BT-40, BT-55
        });
        if (party.TaxId is { } taxId && !_isOutside) // BR-O-02: none outside of the tax's scope
        {
            In("PartyTaxScheme", () => // BT-31, BT-48
            {
                Basic("CompanyID", taxId);
                In("TaxScheme", () => Basic("ID", "VAT"));
            });
        }

        In("PartyLegalEntity", () => Basic("RegistrationName", party.Name)); // BT-27, BT-44
    });

    private void Category(string name, string category, string percent, string? reason) => In(name, () =>
    {
        Basic("ID", category);
        Optional("Percent", category == TaxCategory.Outside ? null : percent); // BR-O-05
        Optional("TaxExemptionReason", reason);
        In("TaxScheme", () => Basic("ID", "VAT"));
    });

    // Days, the last one included, as the customer's calendar has them.
    private void Period(DateTimeOffset start, DateTimeOffset end) => In("InvoicePeriod", () =>
    {
        Basic("StartDate", BillingMonth.DateIn(start, _document.Period.TimeZone));
        Basic("EndDate", BillingMonth.DateIn(end.AddMicroseconds(-1), _document.Period.TimeZone));
    });

    private void In(string name, Action content)
    {
        _xml.WriteStartElement("cac", name, Cac);
        content();
        _xml.WriteEndElement();
    }

    private void Basic(string name, string value) => _xml.WriteElementString("cbc", name, Cbc, value);

    private void Optional(string name, string? value)
    {
        if (value is not null)
        {
            Basic(name, value);
        }
    }

    private void Attributed(string name, string value, string attribute, string of)
    {
        _xml.WriteStartElement("cbc", name, Cbc);
        _xml.WriteAttributeString(attribute, of);
        _xml.WriteString(value);
        _xml.WriteEndElement();
    }

    private void Amount(string name, string amount) =>
        Attributed(name, new Money(Signed(amount), Currency.Of(_document.Currency)).ToAmountText(), "currencyID", _document.Currency);

    private decimal Signed(string amount)
    {
        var number = decimal.Parse(amount, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return _isInvoice || number == 0m ? number : -number;
    }
}
