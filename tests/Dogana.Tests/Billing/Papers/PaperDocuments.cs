using Dogana.Billing;
using Dogana.Client;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Billing.Papers;

/// <summary>Documents of every shape that papers are made of, without a store.</summary>
internal static class PaperDocuments
{
    private static readonly DateTimeOffset Start = new(2025, 12, 31, 23, 0, 0, TimeSpan.Zero);

    public static DocumentParty Seller { get; } = new("northwind", "Größe & Söhne (Nord) GmbH", "DE")
    {
        TaxId = "DE123456789", Street = "Königsallee 1\\2", PostalCode = "40212", City = "Düsseldorf",
    };

    public static DocumentParty Customer { get; } = new("acme", "Acme <Retail> SA", "FR") { TaxId = "FR12345678901", Street = "1 rue de l’Œuvre", PostalCode = "75001", City = "Paris" };

    /// <summary>A document of these lines, added up as invoices are.</summary>
    public static InvoiceDocument Of(IReadOnlyList<InvoiceDocumentLine> lines, string currencyCode = "EUR", bool isInvoice = true, string prepaid = "0.00")
    {
        var currency = Currency.Of(currencyCode);
        Money Amount(string text) => DocumentText.Amount(text, currency)!.Value;
        var taxes = TaxTotals.Of(lines, currency);
        var (net, tax, exact) = (Money.Sum(lines.Select(line => Amount(line.Amount)), currency), TaxTotals.Sum(taxes, currency), Money.Sum(lines.Select(line => Amount(line.ExactAmount)), currency));
        var gross = net + tax;
        return new InvoiceDocument(
            "dogana-invoice-2", isInvoice ? "invoice" : "credit_note", isInvoice ? "NORTHWIND-000007" : "NORTHWIND-CN-000003", "2026-02-02", "2026-03-04", Seller, Customer, "direct",
            new DocumentPeriod("2026-01", Start, Start.AddMonths(1), "Europe/Berlin", "2025b"), currency.Code, lines, taxes, exact.ToAmountText(), (exact - net).ToAmountText(),
            net.ToAmountText(), tax.ToAmountText(), gross.ToAmountText(), Amount(prepaid).ToAmountText(), (gross - Amount(prepaid)).ToAmountText(), new DocumentManifest("1", 9, "acme-direct", null, [], "00"))
        {
            Corrects = isInvoice ? null : "NORTHWIND-000007",
            Reason = isInvoice ? null : "Wrong price",
        };
    }

    public static InvoiceDocumentLine Usage(int position, long quantity, decimal price, long per, string category = "S", string percent = "19", string model = "small")
    {
        var exact = new Money(quantity * price / per, Currency.Of("EUR"));
        return new InvoiceDocumentLine(position, "usage", "2026-01", Start, Start.AddMonths(1), exact.ToAmountText(), exact.Round().ToAmountText(), category, percent)
        {
            Model = model, Meter = "input_tokens", Quantity = quantity, PriceKind = "unit", UnitPrice = DocumentText.Price(price), Per = per,
        };
    }

    /// <summary>Documents of random lines: all kinds, some below zero, of one tax category or several, in currencies with two digits and none.</summary>
    public static Gen<InvoiceDocument> Random { get; } =
        from currency in Gen.Elements("EUR", "JPY", "USD")
        from taxes in Gen.Elements<(string, string)[]>([("S", "19")], [("S", "19"), ("S", "5.5"), ("AE", "0")], [("O", "0")], [("Z", "0"), ("E", "0")], [("G", "0")], [("S", "0.0001"), ("S", "99.9999")])
        from isInvoice in Gen.Elements(true, true, false)
        from count in Gen.Choose(1, 12)
        from units in Gen.ArrayOf(Gen.Choose(-100_000, 5_000_000), count)
        from shapes in Gen.ArrayOf(Gen.Choose(0, 5), count)
        from picks in Gen.ArrayOf(Gen.Choose(0, 2), count)
        from prepaid in Gen.Choose(0, 3)
        select Of(
            [.. Enumerable.Range(0, count).Select(index => Line(index + 1, units[index] * (isInvoice ? 1 : -1), shapes[index], taxes[picks[index] % taxes.Length], Currency.Of(currency)))],
            currency, isInvoice, prepaid: isInvoice && prepaid > 0 ? Unit(prepaid * 1_000, Currency.Of(currency)).ToAmountText() : "0");

    private static Money Unit(long units, Currency currency) => new(currency.MinorDigits == 0 ? units : units / 100m, currency);

    private static InvoiceDocumentLine Line(int position, long units, int shape, (string Category, string Percent) tax, Currency currency)
    {
        var amount = Unit(units, currency).ToAmountText();
        var line = new InvoiceDocumentLine(position, "fee", "2026-01", Start, Start.AddMonths(1), amount, amount, tax.Category, tax.Percent);
        return shape switch
        {
            0 => line with { Kind = "usage", Model = "small", Meter = "output_tokens", Quantity = Math.Abs(units) * 7, PriceKind = "graduated" },
            1 when units > 0 => line with { Kind = "usage", Model = "small", Meter = "output_tokens", Quantity = units, PriceKind = "unit", UnitPrice = currency.MinorDigits == 0 ? "1" : "0.01", Per = 1, Tier = "priority" },
            2 => line with { Kind = "discount", Text = "10 % off (of usage)" },
            3 => line with { Kind = "true_up", Text = "Minimum" },
            4 => line with { Kind = "correction", Corrects = "NORTHWIND-000004", Model = "small", Meter = "input_tokens" },
            _ => line with { Text = "Support" },
        };
    }
}
