using System.Globalization;
using System.Xml.Linq;

namespace Dogana.Tests.Billing.Papers;

/// <summary>
/// EN 16931's rules, from their texts, over the XML alone: it knows nothing of how the XML is made. And the order of elements, from the sequences of UBL 2.1.
/// </summary>
internal static class UblRules
{
    private static readonly XNamespace Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    private static readonly XNamespace Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    // The parts of UBL's sequences that are in use.
    private static readonly Dictionary<string, string[]> Sequences = new(StringComparer.Ordinal)
    {
        ["Invoice"] = ["CustomizationID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "Note", "DocumentCurrencyCode", "InvoicePeriod", "BillingReference",
            "ContractDocumentReference", "AccountingSupplierParty", "AccountingCustomerParty", "PaymentTerms", "TaxTotal", "LegalMonetaryTotal", "InvoiceLine"],
        ["CreditNote"] = ["CustomizationID", "ID", "IssueDate", "CreditNoteTypeCode", "Note", "DocumentCurrencyCode", "InvoicePeriod", "BillingReference",
            "ContractDocumentReference", "AccountingSupplierParty", "AccountingCustomerParty", "PaymentTerms", "TaxTotal", "LegalMonetaryTotal", "CreditNoteLine"],
        ["InvoiceLine"] = ["ID", "InvoicedQuantity", "LineExtensionAmount", "InvoicePeriod", "Item", "Price"],
        ["CreditNoteLine"] = ["ID", "CreditedQuantity", "LineExtensionAmount", "InvoicePeriod", "Item", "Price"],
        ["InvoicePeriod"] = ["StartDate", "EndDate"],
        ["Item"] = ["Description", "Name", "ClassifiedTaxCategory"],
        ["Price"] = ["PriceAmount", "BaseQuantity"],
        ["Party"] = ["PartyIdentification", "PostalAddress", "PartyTaxScheme", "PartyLegalEntity"],
        ["PostalAddress"] = ["StreetName", "CityName", "PostalZone", "Country"],
        ["PartyTaxScheme"] = ["CompanyID", "TaxScheme"],
        ["TaxTotal"] = ["TaxAmount", "TaxSubtotal"],
        ["TaxSubtotal"] = ["TaxableAmount", "TaxAmount", "TaxCategory"],
        ["TaxCategory"] = ["ID", "Percent", "TaxExemptionReason", "TaxScheme"],
        ["ClassifiedTaxCategory"] = ["ID", "Percent", "TaxScheme"],
        ["LegalMonetaryTotal"] = ["LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PrepaidAmount", "PayableAmount"],
    };

    /// <summary>The names of the rules that the document breaks.</summary>
    public static IReadOnlyList<string> FindBroken(string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        var broken = new List<string>();
        void Rule(string name, bool holds)
        {
            if (!holds)
            {
                broken.Add(name);
            }
        }

        foreach (var element in root.DescendantsAndSelf().Where(element => Sequences.ContainsKey(element.Name.LocalName)))
        {
            var places = element.Elements().Select(child => Array.IndexOf(Sequences[element.Name.LocalName], child.Name.LocalName)).ToArray();
            Rule($"sequence of {element.Name.LocalName}", places.All(static place => place >= 0) && places.SequenceEqual(places.Order()));
        }

        var isInvoice = root.Name.LocalName == "Invoice";
        var lines = root.Elements(Cac + (isInvoice ? "InvoiceLine" : "CreditNoteLine")).ToArray();
        var totals = root.Element(Cac + "LegalMonetaryTotal")!;
        var tax = root.Element(Cac + "TaxTotal")!;
        var subtotals = tax.Elements(Cac + "TaxSubtotal").ToArray();

        Rule("BR-01", Text(root, "CustomizationID").StartsWith("urn:cen.eu:en16931:2017", StringComparison.Ordinal));
        Rule("BR-02, 03, 04, 05", Text(root, "ID").Length > 0 && Text(root, "IssueDate").Length == 10 && Text(root, isInvoice ? "InvoiceTypeCode" : "CreditNoteTypeCode") == (isInvoice ? "380" : "381")
            && Text(root, "DocumentCurrencyCode").Length == 3);
        Rule("BR-06, 07", root.Descendants(Cbc + "RegistrationName").Count(static name => name.Value.Length > 0) == 2);
        Rule("BR-08, 09, 10, 11", root.Descendants(Cac + "PostalAddress").Count(static address => address.Descendants(Cbc + "IdentificationCode").Single().Value.Length == 2) == 2);
        Rule("BR-16", lines.Length > 0);
        Rule("BR-21, 22, 23, 24, 25, 26", lines.All(line => Text(line, "ID").Length > 0 && line.Elements().Single(static item => item.Name.LocalName.EndsWith("edQuantity", StringComparison.Ordinal))
            is { Value.Length: > 0 } quantity && quantity.Attribute("unitCode")!.Value.Length > 0 && line.Descendants(Cbc + "Name").Single().Value.Length > 0
            && line.Element(Cac + "Price") is not null));
        Rule("BR-27", lines.All(static line => Number(line.Element(Cac + "Price")!, "PriceAmount") >= 0m));
        Rule("BR-29, BR-30", root.Descendants(Cac + "InvoicePeriod").All(static period => string.CompareOrdinal(Text(period, "EndDate"), Text(period, "StartDate")) >= 0));
        Rule("BR-45, 46, 47", subtotals.Length > 0 && subtotals.All(static item => Text(item.Element(Cac + "TaxCategory")!, "ID").Length > 0));

        Rule("BR-CO-04", lines.All(line => Text(line.Descendants(Cac + "ClassifiedTaxCategory").Single(), "ID").Length > 0));
        Rule("BR-CO-09", root.Descendants(Cac + "PartyTaxScheme").All(static scheme => Text(scheme, "CompanyID")[..2].All(char.IsAsciiLetterUpper)));
        Rule("BR-CO-10", Number(totals, "LineExtensionAmount") == lines.Sum(static line => Number(line, "LineExtensionAmount")));
        Rule("BR-CO-13", Number(totals, "TaxExclusiveAmount") == Number(totals, "LineExtensionAmount"));
        Rule("BR-CO-14", Number(tax, "TaxAmount") == subtotals.Sum(static item => Number(item, "TaxAmount")));
        Rule("BR-CO-15", Number(totals, "TaxInclusiveAmount") == Number(totals, "TaxExclusiveAmount") + Number(tax, "TaxAmount"));
        Rule("BR-CO-16", Number(totals, "PayableAmount") == Number(totals, "TaxInclusiveAmount") - Number(totals, "PrepaidAmount"));
        Rule("BR-CO-18", subtotals.Length >= 1);
        Rule("BR-CO-25", Number(totals, "PayableAmount") <= 0m || root.Element(Cbc + "DueDate") is not null || root.Element(Cac + "PaymentTerms") is not null);
        Rule("BR-CO-26", root.Element(Cac + "AccountingSupplierParty")!.Descendants(Cac + "PartyIdentification").Any());

        var digits = Text(root, "DocumentCurrencyCode") == "JPY" ? 0 : 2;
        Rule("BR-DEC", root.Descendants().Where(static item => item.Attribute("currencyID") is not null && item.Name.LocalName != "PriceAmount").All(item =>
            (item.Value.Contains('.', StringComparison.Ordinal) ? item.Value.Length - item.Value.IndexOf('.', StringComparison.Ordinal) - 1 : 0) <= 2));
        foreach (var group in subtotals)
        {
            var category = group.Element(Cac + "TaxCategory")!;
            var (code, percent) = (Text(category, "ID"), category.Element(Cbc + "Percent")?.Value);
            var same = lines.Where(line => line.Descendants(Cac + "ClassifiedTaxCategory").Single() is var of && Text(of, "ID") == code && of.Element(Cbc + "Percent")?.Value == percent);
            Rule($"BR-{code}-08", Number(group, "TaxableAmount") == same.Sum(static line => Number(line, "LineExtensionAmount")));
            var exact = Number(group, "TaxableAmount") * decimal.Parse(percent ?? "0", CultureInfo.InvariantCulture) / 100m;
            Rule("BR-CO-17", Number(group, "TaxAmount") == decimal.Round(exact, digits, MidpointRounding.AwayFromZero));
            Rule($"BR-{code}-05", code == "S" ? decimal.Parse(percent!, CultureInfo.InvariantCulture) > 0m : code == "O" ? percent is null : percent == "0");
            Rule($"BR-{code}-09", code == "S" || Number(group, "TaxAmount") == 0m);
            Rule($"BR-{code}-10", code is "S" or "Z" == category.Element(Cbc + "TaxExemptionReason") is null);
        }

        var codes = lines.Select(line => Text(line.Descendants(Cac + "ClassifiedTaxCategory").Single(), "ID")).ToHashSet(StringComparer.Ordinal);
        Rule("BR-*-01", codes.SetEquals(subtotals.Select(item => Text(item.Element(Cac + "TaxCategory")!, "ID"))));
        var (sellerTax, buyerTax) = (root.Element(Cac + "AccountingSupplierParty")!.Descendants(Cac + "PartyTaxScheme").Any(), root.Element(Cac + "AccountingCustomerParty")!.Descendants(Cac + "PartyTaxScheme").Any());
        Rule("BR-S-02, Z-02, E-02, G-02", codes.SetEquals(["O"]) || sellerTax);
        Rule("BR-AE-02", !codes.Contains("AE") || (sellerTax && buyerTax));
        Rule("BR-O-02, BR-O-11", !codes.Contains("O") || (codes.Count == 1 && !sellerTax && !buyerTax));
        return broken;
    }

    private static string Text(XElement element, string name) => element.Element(Cbc + name)?.Value ?? "";

    private static decimal Number(XElement element, string name) => decimal.Parse(element.Element(Cbc + name)!.Value, CultureInfo.InvariantCulture);
}
