using Dogana.Billing;
using Dogana.Client;
using Dogana.Tests.Billing;

namespace Dogana.Tests.Settlement;

/// <summary>A line of a document, as a test says it.</summary>
internal sealed record PaperLine(string Amount)
{
    public string? Model { get; init; } = "small";

    public string Kind { get; init; } = "usage";

    public string TaxPercent { get; init; } = "0";

    public DateTimeOffset? ServiceEnd { get; init; }
}

/// <summary>Final documents that no close has made: what they say is the test's.</summary>
internal static class Papers
{
    public static readonly Currency Usd = Currency.Of("USD");

    private static readonly DocumentParty Anybody = new("acme", "Acme GmbH", "DE");

    /// <summary>A document of a month of UTC.</summary>
    public static InvoiceDocument Document(string number, string channel, BillingMonth month, IReadOnlyList<PaperLine> lines, string? corrects = null, string prepaid = "0.00")
    {
        var (start, end) = (month.Start("Etc/UTC"), month.End("Etc/UTC"));
        InvoiceDocumentLine[] written =
        [
            .. lines.Select((line, index) => new InvoiceDocumentLine(
                index + 1, line.Kind, month.ToString(), start, line.ServiceEnd ?? end, line.Amount, line.Amount, line.TaxPercent == "0" ? "O" : "S", line.TaxPercent) { Model = line.Model }),
        ];
        var net = Money.Sum(lines.Select(static line => Amount(line.Amount)), Usd);
        var tax = Money.Sum(lines.GroupBy(static line => line.TaxPercent, StringComparer.Ordinal).Select(group =>
            new Money(Money.Sum(group.Select(static line => Amount(line.Amount)), Usd).Amount * decimal.Parse(group.Key, System.Globalization.CultureInfo.InvariantCulture) / 100m, Usd).Round()), Usd);
        return new InvoiceDocument(
            "dogana-invoice-2", corrects is null ? "invoice" : "credit_note", number, "2026-02-01", "2026-02-01", Anybody with { Id = channel == "direct" ? "owner" : "cloud" }, Anybody, channel,
            new DocumentPeriod(month.ToString(), start, end, "Etc/UTC", "test"), "USD", written, [], net.ToAmountText(), "0.00", net.ToAmountText(), tax.ToAmountText(),
            (net + tax).ToAmountText(), prepaid, (net + tax - Amount(prepaid)).ToAmountText(), new DocumentManifest("1", 0, "", null, [], "")) { Corrects = corrects };
    }

    /// <summary>Puts documents into the store, as if a close had made them, in their order.</summary>
    public static Task<int> AddAsync(this MoneyWorld world, DateTimeOffset issuedAt, params IReadOnlyList<InvoiceDocument> documents) => world.Store.WriteAsync(async session =>
    {
        foreach (var (index, document) in documents.Index())
        {
            var (net, json) = (Amount(document.Net), DocumentText.Write(document));
            await session.ExecuteAsync(
                """
                insert into invoice(number, kind, seller, seller_sequence, organisation, channel, contract, currency, month, period_start, period_end, ingest_sequence,
                    issued_at, due_at, net_micro, net_pico, tax_micro, tax_pico, payable_micro, payable_pico, corrects, document, hash)
                values(@Number, @kind, @seller, @sequence, 'acme', @Channel, '', 'USD', @month, @start, @end, 0, @at, @at, @Micro, @Pico, 0, 0, @Micro, @Pico, @Corrects, @json, @hash)
                """,
                new
                {
                    document.Number, kind = document.Corrects is null ? "Invoice" : "CreditNote", seller = document.Seller.Id, sequence = await session.NextAsync("papers"), document.Channel,
                    month = document.Period.Month, start = Micros(document.Period.Start), end = Micros(document.Period.End), at = Micros(issuedAt.AddMinutes(index)),
                    net.Micro, net.Pico, document.Corrects, json, hash = DocumentText.Hash(json),
                });
        }

        return documents.Count;
    });

    public static Money Amount(string text) => DocumentText.Amount(text, Usd)!.Value;

    private static long Micros(DateTimeOffset at) => Dogana.Storage.StoredTime.ToMicros(at);
}
