using System.Globalization;
using System.Text.Json;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Exports.Focus;

/// <summary>
/// The rows of a final document. By the specification the sum of BilledCost of an invoice is what is payable on it: lines, rounded as on the invoice, and taxes, less
/// prepaid credit. ListCost and ContractedCost are exact, before rounding.
/// </summary>
internal sealed class InvoiceRows(StoreSession session, PartyTable parties, CatalogTable catalog, PriceTable prices, string? provider)
{
    public async Task<IReadOnlyList<FocusRow>> OfAsync(Invoice invoice)
    {
        var document = invoice.Document;
        var rows = new List<FocusRow>();
        var costs = new List<(FocusRow Row, InvoiceDocumentLine Line)>();
        foreach (var line in document.Lines)
        {
            foreach (var row in await OfAsync(document, line))
            {
                costs.Add((row, line));
                rows.Add(row);
            }
        }

        foreach (var tax in document.Taxes.Where(static tax => Decimal(tax.Amount) != 0))
        {
            rows.Add(OfTax(document, tax, [.. costs.Where(item => item.Line.TaxCategory == tax.Category && item.Line.TaxPercent == tax.Percent).Select(static item => item.Row)]));
        }

        if (Decimal(document.Prepaid) is var prepaid && prepaid != 0)
        {
            rows.Add(OfPrepaid(document, -prepaid));
        }

        if (provider is not null && provider != document.Seller.Id)
        {
            foreach (var row in rows)
            {
                // Paid to somebody else: the provider bills nothing, and the invoice is not its own.
                row["BilledCost"] = "0";
                row["InvoiceId"] = null;
            }
        }

        return rows;
    }

    private async Task<IReadOnlyList<FocusRow>> OfAsync(InvoiceDocument document, InvoiceDocumentLine line)
    {
        var row = Begin(document);
        var (category, frequency) = line.Kind switch
        {
            "usage" or "correction" => ("Usage", "Usage-Based"),
            "discount" => ("Credit", "Usage-Based"),
            "fee" => ("Purchase", "Recurring"),
            _ => ("Purchase", "One-Time"), // true_up, prepayment
        };
        var (exact, amount) = (Decimal(line.ExactAmount), Decimal(line.Amount));
        row["ChargeCategory"] = category;
        row["ChargeFrequency"] = frequency;
        row["ChargeClass"] = line.Kind == "correction" || document.Corrects is not null ? "Correction" : null;
        row["ChargePeriodStart"] = FocusRow.Instant(line.ServiceStart);
        row["ChargePeriodEnd"] = FocusRow.Instant(line.ServiceEnd);
        row["ChargeDescription"] = line.Text ?? $"{ModelOf(line)} {line.Meter?.Replace('_', ' ')}".Trim();
        row["BilledCost"] = line.Amount;
        row["EffectiveCost"] = line.Kind == "prepayment" ? "0" : line.Amount;
        row["PricingCurrencyEffectiveCost"] = line.PricingAmount;
        row["PublisherName"] = line.Model is { } of && catalog.Models.TryGetValue(of, out var model) ? Name(model.Owner) : document.Seller.Name;
        if (category == "Credit")
        {
            row["ListCost"] = row["ContractedCost"] = line.Amount;
            return [row];
        }

        var sku = line.Meter is null ? line.Text ?? line.Kind : ModelOf(line) is { } sold ? $"{sold}/{line.Meter}" : line.Meter;
        row["PricingCategory"] = "Standard";
        row["SkuId"] = sku;
        row["SkuMeter"] = line.Meter?.Replace('_', ' ');
        row["SkuPriceId"] = string.Join('/', new[] { sku, line.UnitPrice, line.Per?.ToString(CultureInfo.InvariantCulture), line.Tier }.Where(static part => part is not null));
        row["SkuPriceDetails"] = line.Tier is null ? null : JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["x_Tier"] = line.Tier });
        var rate = document.Manifest.ExchangeRate is { } converted ? Decimal(converted.Rate) : (decimal?)null;
        var (priced, pricedExact) = (Currency.Of(document.Manifest.ExchangeRate?.Base ?? document.Currency), Decimal(line.PricingExactAmount ?? line.ExactAmount));
        if (line is { PriceKind: "unit", UnitPrice: { } unitPrice, Quantity: { } quantity, Per: { } per, Meter: { } meter } && Decimal(unitPrice) * quantity / per == pricedExact && exact >= 0)
        {
            Price(row, quantity, Decimal(unitPrice), rate, per, meter);
            Consume(row, quantity, meter);
            return await ByHourAsync(document, line, row, amount);
        }

        if (PricedCharges.Of(document, line, prices, priced, pricedExact) is { Count: > 0 } charges)
        {
            return ByCharge(document, line, row, charges, priced, sku);
        }

        // A fee, a minimum or a correction: once what it costs.
        row["PricingQuantity"] = exact < 0 ? "-1" : "1";
        row["PricingUnit"] = "Charges";
        row["ListUnitPrice"] = row["ContractedUnitPrice"] = FocusRow.Number(Math.Abs(exact));
        row["PricingCurrencyListUnitPrice"] = row["PricingCurrencyContractedUnitPrice"] = rate is null ? null : FocusRow.Number(Math.Abs(pricedExact));
        row["ListCost"] = row["ContractedCost"] = FocusRow.Number(exact);
        Consume(row, line.Quantity, line.Meter);
        return [row];
    }

    // The hours of a line, with their projects and tags, where they make it up; its rounded amount is split by what each used.
    private async Task<IReadOnlyList<FocusRow>> ByHourAsync(InvoiceDocument document, InvoiceDocumentLine line, FocusRow whole, decimal amount)
    {
        // Without a cut-off all there is counts; what does not make the line up is not shown.
        var last = document.Manifest.IngestSequence is > 0 and var sequence ? sequence : long.MaxValue;
        var hours = line.Meter == "reserved_unit_minutes"
            ? (await UsageSums.ByReservationAsync(session, document.Customer.Id, document.Channel, line.Model!, line.ServiceStart, line.ServiceEnd, last)).SelectMany(Piece.Of).ToArray()
            : [.. (await UsageSums.ByHourAsync(session, document.Customer.Id, document.Channel, line.Model!, line.Meter!, line.ServiceStart, line.ServiceEnd, last))
                .Select(static hour => new Piece(hour.Hour, hour.Project, hour.Tags, hour.Quantity))];
        if (hours.Length == 0 || hours.Any(static hour => hour.Quantity <= 0) || hours.Sum(static hour => hour.Quantity) != line.Quantity)
        {
            return [whole];
        }

        var parts = new Money(amount, Currency.Of(document.Currency)).Split([.. hours.Select(static hour => hour.Quantity)]);
        var rate = document.Manifest.ExchangeRate;
        var pricedParts = rate is null ? null : new Money(Decimal(line.PricingAmount!), Currency.Of(rate.Base)).Split([.. hours.Select(static hour => hour.Quantity)]);
        return [.. hours.Zip(parts).Select((item, index) =>
        {
            var (hour, part) = item;
            var row = whole.Copy();
            row["ChargePeriodStart"] = FocusRow.Instant(hour.Hour < line.ServiceStart ? line.ServiceStart : hour.Hour);
            row["ChargePeriodEnd"] = FocusRow.Instant(hour.Hour.AddHours(1) > line.ServiceEnd ? line.ServiceEnd : hour.Hour.AddHours(1));
            row["BilledCost"] = row["EffectiveCost"] = part.ToAmountText();
            row["PricingCurrencyEffectiveCost"] = pricedParts?[index].ToAmountText();
            row["Tags"] = hour.Tags is null ? null : JsonSerializer.Serialize(hour.Tags.Split(',').Select(static tag => tag.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal));
            if (hour.Project.Length > 0)
            {
                (row["SubAccountId"], row["SubAccountName"], row["SubAccountType"]) = (hour.Project, hour.Project, "Project");
            }

            if (hour.Reservation is { } reservation)
            {
                Commit(row, reservation, hour.IsIdle ? "Unused" : "Used", hour.Quantity, Unit(line.Meter));
            }

            Price(row, hour.Quantity, Decimal(line.UnitPrice!), rate is null ? null : Decimal(rate.Rate), line.Per!.Value, line.Meter);
            Consume(row, hour.IsIdle ? null : hour.Quantity, line.Meter);
            return row;
        })];
    }

    // What is reserved is paid for by the hour, used or not: a commitment to usage of which each hour says how much was.
    private static void Commit(FocusRow row, string reservation, string status, long quantity, string unit)
    {
        row["PricingCategory"] = "Committed";
        row["CommitmentDiscountCategory"] = "Usage";
        row["CommitmentDiscountId"] = row["CommitmentDiscountName"] = reservation;
        row["CommitmentDiscountType"] = "Reservation";
        row["CommitmentDiscountStatus"] = status;
        row["CommitmentDiscountQuantity"] = quantity.ToString(CultureInfo.InvariantCulture);
        row["CommitmentDiscountUnit"] = unit;
    }

    // A row for each tier, each with its quantity and its price. The line's rounded amount is split by rounding the sum so far: the last row has what is left.
    private static List<FocusRow> ByCharge(InvoiceDocument document, InvoiceDocumentLine line, FocusRow whole, IReadOnlyList<PricedCharge> charges, Currency priced, string? sku)
    {
        var rate = document.Manifest.ExchangeRate is { } said ? new ExchangeRate(said.Base, said.Quote, said.From, Decimal(said.Rate), "") : null;
        var currency = Currency.Of(document.Currency);
        var rows = new List<FocusRow>(charges.Count);
        var (sum, billed, rounded) = (Money.Zero(priced), Money.Zero(currency), Money.Zero(priced));
        foreach (var (index, charge) in charges.Index())
        {
            sum += charge.Cost;
            var isLast = index == charges.Count - 1;
            var billedTo = isLast ? new Money(Decimal(line.Amount), currency) : rate is null ? sum.Round() : ExchangeRates.Convert(sum, rate).Value.Round();
            var roundedTo = isLast ? new Money(Decimal(line.PricingAmount ?? line.Amount), priced) : sum.Round();
            var row = whole.Copy();
            row["BilledCost"] = row["EffectiveCost"] = (billedTo - billed).ToAmountText();
            row["PricingCurrencyEffectiveCost"] = rate is null ? null : (roundedTo - rounded).ToAmountText();
            row["SkuPriceId"] = string.Join('/', new[] { sku, line.PriceKind, FocusRow.Number(charge.Amount), charge.Per?.ToString(CultureInfo.InvariantCulture), line.Tier, charge.Mark }.Where(static part => part is not null));
            if (charge.Mark is { } mark)
            {
                row["SkuPriceDetails"] = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["x_Tier"] = line.Tier is null ? mark : $"{line.Tier}, {mark}" });
                row["ChargeDescription"] = $"{whole["ChargeDescription"]}, {mark}";
            }

            Price(row, charge.Quantity, charge.Amount, rate?.Rate, charge.Per ?? 1, charge.Per is null ? null : line.Meter);
            Consume(row, charge.Consumed, line.Meter);
            rows.Add(row);
            (billed, rounded) = (billedTo, roundedTo);
        }

        return rows;
    }

    // In the price list's unit where that divides without a remainder, else by the single unit: a product must be exact.
    private static void Price(FocusRow row, long quantity, decimal unitPrice, decimal? rate, long per, string? meter)
    {
        var isExact = (decimal)quantity / per * per == quantity && quantity / (decimal)per * unitPrice == unitPrice * quantity / per;
        var (priced, price) = isExact ? (quantity / (decimal)per, unitPrice) : (quantity, unitPrice / per);
        row["PricingQuantity"] = FocusRow.Number(priced);
        row["PricingUnit"] = isExact && per > 1 ? string.Create(CultureInfo.InvariantCulture, $"{per} {Unit(meter)}") : Unit(meter);
        row["PricingCurrencyListUnitPrice"] = row["PricingCurrencyContractedUnitPrice"] = rate is null ? null : FocusRow.Number(price);
        var billed = price * (rate ?? 1m);
        row["ListUnitPrice"] = row["ContractedUnitPrice"] = FocusRow.Number(billed);
        row["ListCost"] = row["ContractedCost"] = FocusRow.Number(priced * billed);
    }

    private static void Consume(FocusRow row, long? quantity, string? meter)
    {
        if (row["ChargeCategory"] == "Usage")
        {
            row["ConsumedQuantity"] = quantity?.ToString(CultureInfo.InvariantCulture);
            row["ConsumedUnit"] = quantity is null ? null : Unit(meter);
        }
    }

    private FocusRow OfTax(InvoiceDocument document, InvoiceDocumentTax tax, IReadOnlyList<FocusRow> of)
    {
        var row = Begin(document);
        row["ChargeCategory"] = "Tax";
        row["ChargeFrequency"] = "One-Time";
        row["ChargeClass"] = document.Corrects is null ? null : "Correction";
        row["ChargeDescription"] = $"Tax {tax.Category} {tax.Percent} %";
        row["BilledCost"] = tax.Amount;
        row["EffectiveCost"] = Share("EffectiveCost");
        row["ListCost"] = Share("ListCost");
        row["ContractedCost"] = Share("ContractedCost");
        return row;

        string Share(string column) => FocusRow.Number(Math.Round(of.Sum(item => Decimal(item[column]!)) * Decimal(tax.Percent) / 100m, Money.Scale));
    }

    private FocusRow OfPrepaid(InvoiceDocument document, decimal amount)
    {
        var row = Begin(document);
        row["ChargeCategory"] = "Credit";
        row["ChargeFrequency"] = "One-Time";
        row["ChargeDescription"] = "Prepaid credit";
        row["BilledCost"] = row["EffectiveCost"] = row["ListCost"] = row["ContractedCost"] = FocusRow.Number(amount);
        return row;
    }

    private FocusRow Begin(InvoiceDocument document)
    {
        var row = new FocusRow();
        row["BillingAccountId"] = document.Customer.Id;
        row["BillingAccountName"] = document.Customer.Name;
        row["BillingAccountType"] = "Organisation";
        row["BillingCurrency"] = document.Currency;
        row["PricingCurrency"] = document.Manifest.ExchangeRate?.Base ?? document.Currency;
        row["BillingPeriodStart"] = row["ChargePeriodStart"] = FocusRow.Instant(document.Period.Start);
        row["BillingPeriodEnd"] = row["ChargePeriodEnd"] = FocusRow.Instant(document.Period.End);
        row["InvoiceId"] = document.Number;
        row["InvoiceIssuerName"] = document.Seller.Name;
        row["ProviderName"] = provider is null ? document.Seller.Name : Name(provider);
        row["PublisherName"] = document.Seller.Name;
        row["ServiceCategory"] = "AI and Machine Learning";
        row["ServiceSubcategory"] = "Generative AI";
        row["ServiceName"] = "Model access";
        return row;
    }

    // Usage that names no model stands under its meter's name.
    private static string? ModelOf(InvoiceDocumentLine line) => line.Model == line.Meter ? null : line.Model;

    private string Name(string organisation) => parties.Organisations.TryGetValue(organisation, out var found) ? found.Name : organisation;

    private static string Unit(string? meter) => meter switch
    {
        null => "Charges",
        "provisioned_unit_minutes" or "reserved_unit_minutes" => "Unit-Minutes",
        "transcribed_seconds" => "Seconds",
        "speech_characters" => "Characters",
        _ when meter.EndsWith("_tokens", StringComparison.Ordinal) => "Tokens",
        _ when Meter.Find(meter) is { IsOfImages: true } => "Images",
        _ => meter,
    };

    private sealed record Piece(DateTimeOffset Hour, string Project, string? Tags, long Quantity)
    {
        /// <summary>The reservation that pays for it, where it is known how much of it was used.</summary>
        public string? Reservation { get; init; }

        /// <summary>Is it reserved and not used?</summary>
        public bool IsIdle { get; init; }

        public static IEnumerable<Piece> Of(HourOfReservation hour)
        {
            var (whole, name) = (new Piece(hour.Hour, "", null, hour.Reserved), hour.Source[(hour.Source.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            return hour.Covered is not { } covered ? [whole]
                : new[]
                {
                    whole with { Quantity = covered, Reservation = name },
                    whole with { Quantity = hour.Reserved - covered, Reservation = name, IsIdle = true },
                }.Where(static piece => piece.Quantity != 0);
        }
    }

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
