using System.Globalization;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Billing;

public sealed class TaxTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TaxRule[] Rules =
    [
        new("de-home", "DE", "S", Start) { CustomerCountry = "DE", Percent = 19m },
        new("de-home-2026", "DE", "S", Start.AddYears(1)) { CustomerCountry = "DE", Percent = 19.5m },
        new("de-fr-business", "DE", "AE", Start) { CustomerCountry = "FR", CustomerHasTaxId = true, Reason = "Reverse charge" },
        new("de-fr-private", "DE", "S", Start) { CustomerCountry = "FR", CustomerHasTaxId = false, Percent = 20m },
        new("de-business", "DE", "E", Start) { CustomerHasTaxId = true, Reason = "Exempt" },
        new("de-else", "DE", "G", Start) { Reason = "Export" },
    ];

    [Theory]
    [InlineData("DE", "DE", true, 0, "S", "19")]
    [InlineData("DE", "DE", false, 400, "S", "19.5")]
    [InlineData("DE", "FR", true, 0, "AE", "0")]
    [InlineData("DE", "FR", false, 0, "S", "20")]
    [InlineData("DE", "US", true, 0, "E", "0")]
    [InlineData("DE", "US", false, 0, "G", "0")]
    [InlineData("DE", "DE", true, -1, "O", "0")]
    [InlineData("US", "DE", true, 0, "O", "0")]
    public void The_most_exact_rule_in_force_counts_and_without_one_there_is_no_tax(string seller, string customer, bool hasTaxId, int days, string category, string percent)
    {
        var treatment = new TaxTable(Rules).Of(Party("s", seller, "DE1"), Party("c", customer, hasTaxId ? "X1" : null), Start.AddDays(days));

        (treatment.Category, treatment.Percent).ShouldBe((category, percent));
        treatment.Reason.ShouldBe(category == "S" ? null : category switch { "AE" => "Reverse charge", "E" => "Exempt", "G" => "Export", _ => "Not subject to tax" });
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Rules_are_kept_as_declared_and_one_in_force_stays(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.WriteAsync(session => TaxRules.DeclareAsync(session, Rules, Now));

        (await store.ReadAsync(TaxRules.ReadAsync)).Rules.ShouldBe(Rules.OrderBy(static rule => rule.Id, StringComparer.Ordinal));
        (await store.WriteAsync(session => TaxRules.DeclareAsync(session, Rules, Now))).ShouldAllBe(static change => change.Kind == ChangeKind.Unchanged);
        await Should.ThrowAsync<ProblemException>(() => store.WriteAsync(session => TaxRules.DeclareAsync(session, [Rules[0] with { Percent = 7.0001m }], Now)));
        await Should.ThrowAsync<ProblemException>(() => store.WriteAsync(session => TaxRules.DeclareAsync(session, [Rules[0] with { Id = "again" }], Now)));
        var later = Rules[0] with { Id = "later", From = Now.AddDays(1), Percent = 7.0001m };
        await store.WriteAsync(session => TaxRules.DeclareAsync(session, [later], Now));
        await store.WriteAsync(session => TaxRules.DeclareAsync(session, [later with { Percent = 8.5m }], Now));
        (await store.ReadAsync(TaxRules.ReadAsync)).Rules.ShouldContain(later with { Percent = 8.5m });
    }

    [Fact]
    public void Tax_is_one_total_for_each_category_and_rate_rounded_once()
    {
        var euro = Currency.Of("EUR");
        InvoiceDocumentLine[] lines = [Line(1, "10.03", "S", "19"), Line(2, "0.03", "S", "7"), Line(3, "10.04", "S", "19"), Line(4, "-1.00", "AE", "0")];

        var taxes = TaxTotals.Of(lines, euro, new TaxTreatment("AE", "0", "Steuerschuldnerschaft des Leistungsempfängers"));

        // 20.07 × 19 % = 3.8133; line by line it would be 1.91 + 1.91.
        taxes.ShouldBe([
            new InvoiceDocumentTax("S", "19", "20.07", "3.81"), new InvoiceDocumentTax("S", "7", "0.03", "0.00"),
            new InvoiceDocumentTax("AE", "0", "-1.00", "0.00", "Steuerschuldnerschaft des Leistungsempfängers"),
        ]);
        TaxTotals.Sum(taxes, euro).ToAmountText().ShouldBe("3.81");
        TaxTotals.On(new Money(0.5m, euro), "1").ToAmountText().ShouldBe("0.01", "half a cent goes away from zero");
        TaxTotals.On(new Money(-0.5m, euro), "1").ToAmountText().ShouldBe("-0.01");
        TaxTotals.Of([], euro).ShouldBeEmpty();
    }

    [Fact]
    public void Tax_is_at_most_half_a_minor_unit_from_the_exact_one_whatever_the_lines()
    {
        const ulong Seed = 590_001;
        var lines = from count in Gen.Choose(1, 30)
                    from cents in Gen.ArrayOf(Gen.Choose(-1_000_000, 10_000_000), count)
                    from rates in Gen.ArrayOf(Gen.Elements("0.0001", "5.5", "7", "19", "19.6", "25.0003"), count)
                    from currency in Gen.Elements("EUR", "JPY", "KWD")
                    select (currency, cents.Zip(rates).ToArray());
        Checked.ForAll(lines, Seed, input =>
        {
            var currency = Currency.Of(input.currency);
            var unit = 1m;
            for (var digit = 0; digit < currency.MinorDigits; digit++)
            {
                unit /= 10m;
            }

            var taxes = TaxTotals.Of([.. input.Item2.Select((item, index) => Line(index + 1, new Money(item.First * unit, currency).ToAmountText(), "S", item.Second))], currency);

            taxes.DistinctBy(static tax => tax.Percent, StringComparer.Ordinal).Count().ShouldBe(taxes.Count, $"seed {Seed}");
            taxes.Sum(static tax => Number(tax.Base)).ShouldBe(input.Item2.Sum(item => item.First * unit), $"seed {Seed}");
            foreach (var tax in taxes)
            {
                Math.Abs(Number(tax.Amount) - Number(tax.Base) * Number(tax.Percent) / 100m).ShouldBeLessThanOrEqualTo(unit / 2m, $"seed {Seed}");
                (Number(tax.Amount) % unit).ShouldBe(0m, $"seed {Seed}");
            }
        });
    }

    internal static InvoiceDocumentLine Line(int position, string amount, string category, string percent) => new(
        position, "fee", "2026-01", Start, Start.AddMonths(1), amount, amount, category, percent) { Text = $"Fee {position}" };

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Organisation Party(string id, string country, string? taxId) => new(id, id, country, "Etc/UTC", null) { TaxId = taxId };
}
