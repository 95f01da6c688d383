using Dogana.Catalog;
using Dogana.Storage;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Dogana.Billing.Accruing;

/// <summary>
/// A rated line as stored: what one batch of usage added to one customer's period, hour, model, meter and price. Its usage is what has an ingest sequence from the first to the last, and fits the rest.
/// </summary>
internal sealed record RatedRow(
    long Number, string Cause, string Seller, string Organisation, string Channel, string Contract, long PeriodStart, long Hour, string Model, string Meter, string PriceBook,
    long PriceFrom, string PriceKey, long IsResale, long Records, long Quantity, string Currency, long Micro, long Pico, long FirstSequence, long LastSequence)
{
    public Money Amount => Money.FromParts(Micro, Pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));

    public LineKey Key => new(Seller, Organisation, Channel, Contract, PeriodStart, Hour, Model, Meter, PriceBook, PriceFrom, PriceKey, Currency, IsResale == 1);

    public string Name => string.Create(CultureInfo.InvariantCulture, $"rated line {Number} ({Meter} of '{Model}' by contract '{Contract}')");
}

/// <summary>What usage is added up by.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LineKey(
    string Seller, string Organisation, string Channel, string Contract, long PeriodStart, long Hour, string Model, string Meter, string PriceBook, long PriceFrom, string PriceKey,
    string Currency, bool IsResale)
{
    /// <summary>The same line of every hour: what prices that go by quantity count together.</summary>
    public TotalKey Total => new(Contract, PeriodStart, Model, Meter, PriceBook, PriceFrom, PriceKey);

    /// <summary>The order in which lines are numbered.</summary>
    public static int Compare(LineKey left, LineKey other)
    {
        var order = string.CompareOrdinal(left.Seller, other.Seller);
        order = order != 0 ? order : string.CompareOrdinal(left.Organisation, other.Organisation);
        order = order != 0 ? order : string.CompareOrdinal(left.Channel, other.Channel);
        order = order != 0 ? order : string.CompareOrdinal(left.Contract, other.Contract);
        order = order != 0 ? order : left.PeriodStart.CompareTo(other.PeriodStart);
        order = order != 0 ? order : left.Hour.CompareTo(other.Hour);
        order = order != 0 ? order : string.CompareOrdinal(left.Model, other.Model);
        order = order != 0 ? order : string.CompareOrdinal(left.Meter, other.Meter);
        order = order != 0 ? order : string.CompareOrdinal(left.PriceBook, other.PriceBook);
        order = order != 0 ? order : left.PriceFrom.CompareTo(other.PriceFrom);
        return order != 0 ? order : string.CompareOrdinal(left.PriceKey, other.PriceKey);
    }
}

/// <summary>What a price that goes by quantity counts together: a period's whole use of a model and meter at one price.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TotalKey(string Contract, long PeriodStart, string Model, string Meter, string PriceBook, long PriceFrom, string PriceKey);

/// <summary>Usage that could not be charged when it was read, and why; with the run that charged it later, once a contract or a price was there.</summary>
internal sealed record UnratedRow(
    string UsageSource, string UsageId, string Meter, long Number, long IngestSequence, string Organisation, string Channel, string Model, long EventAt, long Quantity,
    string Reason, string Detail, string? RatedBy)
{
    public static UnratedRow From(UsageMeter usage, string reason, string detail) => new(
        usage.Source, usage.Id, usage.Meter.ToName(), 0, usage.IngestSequence, usage.Organisation, usage.Channel, usage.Model, usage.At.ToMicros(), usage.Quantity,
        reason, detail, null);
}
