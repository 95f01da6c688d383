using System.Globalization;
using Dogana.Catalog;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>A rated line as stored, with whom it concerns, the entry that posted it and the invoice that charged it.</summary>
internal sealed record RatedRow(
    string UsageSource, string UsageId, string Meter, long Number, long IngestSequence, string Seller, string Organisation, string Channel, string Model,
    long EventAt, long Quantity, string PriceBook, long PriceFrom, string PriceMeter, long PriceMicro, long PricePico, long Per, string Currency, long Micro,
    long Pico, string Cause, string? Invoice)
{
    public Money Amount => Money.FromParts(Micro, Pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));

    public decimal PriceAmount => Money.FromParts(PriceMicro, PricePico, default).Amount;

    public static RatedRow From(UsageMeter usage, RatedLine line, string seller)
    {
        // The currency only fixes how many digits a document shows; the columns are the same in all.
        var price = new Money(line.Price.Amount, line.Amount.Currency);
        return new RatedRow(
            usage.Source, usage.Id, usage.Meter.ToName(), 0, usage.IngestSequence, seller, usage.Organisation, usage.Channel, usage.Model, usage.At.ToMicros(),
            usage.Quantity, line.PriceBook, line.PriceEffectiveFrom.ToMicros(), line.Price.Meter.ToName(), price.Micro, price.Pico, line.Price.Per,
            line.Amount.Currency.Code, line.Amount.Micro, line.Amount.Pico, "", null);
    }

    public string Name => string.Create(CultureInfo.InvariantCulture, $"rated line {Number} ({Meter} of usage {UsageSource}/{UsageId})");
}

/// <summary>Usage that could not be charged, and why.</summary>
internal sealed record UnratedRow(
    string UsageSource, string UsageId, string Meter, long Number, long IngestSequence, string Organisation, string Channel, string Model, long EventAt, long Quantity,
    string Reason, string Detail)
{
    public static UnratedRow From(UsageMeter usage, string reason, string detail) => new(
        usage.Source, usage.Id, usage.Meter.ToName(), 0, usage.IngestSequence, usage.Organisation, usage.Channel, usage.Model, usage.At.ToMicros(), usage.Quantity,
        reason, detail);

    public UsageMeter ToUsage() => new(
        UsageSource, UsageId, IngestSequence, Organisation, Channel, Model, StoredTime.FromMicros(EventAt),
        MeterNames.Find(Meter) ?? throw new InvalidOperationException($"The store has a meter '{Meter}'."), Quantity,
        Reason is UsageMeter.NotCharged or UsageMeter.Provisioned ? Reason : null);
}
