using System.Xml.Linq;
using Dogana.Billing;
using Dogana.Billing.Papers;
using Dogana.Client;

namespace Dogana.Tests.Billing.Papers;

public sealed class UblTests
{
    private const ulong Seed = 590_002;

    [Fact]
    public void Every_document_keeps_the_rules_of_EN_16931_and_the_sequences_of_UBL() => Checked.ForAll(
        PaperDocuments.Random, Seed, static document => UblRules.FindBroken(Ubl(document)).ShouldBeEmpty($"seed {Seed}: {DocumentText.Write(document)}"), times: 500);

    [Fact]
    public void The_rules_find_what_is_broken()
    {
        var xml = Ubl(PaperDocuments.Of([PaperDocuments.Usage(1, 33_334_000, 0.15m, 1_000_000), PaperDocuments.Usage(2, 1_000_000, 2m, 1_000_000, percent: "7")]));

        Broken("<cbc:PayableAmount currencyID=\"EUR\">8", "<cbc:PayableAmount currencyID=\"EUR\">9").ShouldBe(["BR-CO-16"]);
        Broken("<cbc:LineExtensionAmount currencyID=\"EUR\">2.00", "<cbc:LineExtensionAmount currencyID=\"EUR\">2.01").Order(StringComparer.Ordinal).ShouldBe(["BR-CO-10", "BR-S-08"]);
        Broken("<cbc:Percent>7<", "<cbc:Percent>8<").ShouldBe(["BR-CO-17"]);
        Broken("<cbc:IssueDate>2026-02-02</cbc:IssueDate>", "").Contains("BR-02, 03, 04, 05", StringComparer.Ordinal).ShouldBeTrue();
        Broken("<cbc:DueDate>2026-03-04</cbc:DueDate>", "").ShouldBe(["BR-CO-25"]);
        Broken("380", "381").ShouldBe(["BR-02, 03, 04, 05"]);

        IReadOnlyList<string> Broken(string text, string by)
        {
            xml.ShouldContain(text);
            return UblRules.FindBroken(xml.Replace(text, by, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_credit_note_has_its_own_type_amounts_above_zero_and_names_its_invoice()
    {
        var root = XDocument.Parse(Ubl(PaperDocuments.Of([TaxTests.Line(1, "-10.00", "S", "19") with { CorrectsLine = 4 }], isInvoice: false))).Root!;

        root.Name.ToString().ShouldBe("{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote");
        root.Descendants().Single(static item => item.Name.LocalName == "PayableAmount").Value.ShouldBe("11.90");
        root.Descendants().Single(static item => item.Name.LocalName == "InvoiceDocumentReference").Value.ShouldBe("NORTHWIND-000007");
        root.Descendants().Single(static item => item.Name.LocalName == "CreditedQuantity").Value.ShouldBe("1");
        root.Descendants().Single(static item => item.Name.LocalName == "Name").Value.ShouldBe("Line 4: Fee 1");
    }

    [Fact]
    public void What_cannot_be_valid_is_refused_by_the_name_of_the_rule()
    {
        var taxed = PaperDocuments.Of([TaxTests.Line(1, "10.00", "AE", "0")]);

        Refused(taxed with { Seller = PaperDocuments.Seller with { TaxId = null } }).ShouldContain("BR-AE-02");
        Refused(taxed with { Customer = PaperDocuments.Customer with { TaxId = null } }).ShouldContain("BR-AE-02");
        Refused(PaperDocuments.Of([TaxTests.Line(1, "10.000", "S", "5")], "KWD")).ShouldContain("BR-DEC");
        Refused(PaperDocuments.Of([TaxTests.Line(1, "10.00", "S", "5"), TaxTests.Line(2, "10.00", "O", "0")])).ShouldContain("BR-O-11");

        static string Refused(InvoiceDocument document)
        {
            var problem = InvoiceUbl.Render(document, "00").Problem.ShouldNotBeNull();
            problem.Code.ShouldBe(ProblemCode.DocumentNotRenderable);
            return problem.Message;
        }
    }

    private static string Ubl(InvoiceDocument document) => InvoiceUbl.Render(document, new string('a', 64)).Value;
}
