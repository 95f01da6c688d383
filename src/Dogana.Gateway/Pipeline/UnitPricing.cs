using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Metering;
using Dogana.Rating;

namespace Dogana.Gateway.Pipeline;

/// <summary>How a call is charged whose model is not charged by the token: by images, seconds or characters. Decided by the contract's books when the call is opened.</summary>
internal sealed class UnitPricing
{
    private readonly PriceTable _prices;
    private readonly PriceList _books;
    private readonly string _model;
    private readonly DateTimeOffset _at;
    private readonly ServiceTier _tier;

    private UnitPricing(PriceTable prices, PriceList books, string model, DateTimeOffset at, ServiceTier tier, MeteredUnits most) =>
        (_prices, _books, _model, _at, _tier, Most) = (prices, books, model, at, tier, most);

    /// <summary>The most that the call counts. Images of which the size or the quality is not stated are held as the dearest.</summary>
    public MeteredUnits Most { get; }

    /// <summary>How a call is charged; null where it is charged by the token.</summary>
    public static UnitPricing? Of(PriceTable prices, PriceList books, Model model, CallRequest request, DateTimeOffset at, ServiceTier tier)
    {
        if (request.Media is not { } media || Meter.UnitOf(model.Kind) is not { } unit || !prices.HasUnitPrice(books, model, at))
        {
            return null;
        }

        var most = request.Operation switch
        {
            Operation.ImageGenerations => new MeteredUnits(media is { Size: { } size, Quality: { } quality } ? Meter.Images(size, quality) : unit, request.Choices),
            Operation.Speech => new MeteredUnits(unit, media.Characters),
            _ => new MeteredUnits(unit, media.Length.SecondsMax),
        };
        return new UnitPricing(prices, books, model.Id, at, tier, most);
    }

    /// <summary>The most that the call can cost; null where its units have no price.</summary>
    public Money? Bound() => _prices.UpperBoundOfUnits(_books, _model, Most.Meter, Most.Quantity, _at, _tier);

    /// <summary>By which meter images of a size and quality are charged: their own, or the one that it is priced as; the dearest where neither has a price.</summary>
    public Meter ImagesOf(string? size, string? quality)
    {
        var meter = Meter.Images(size, quality);
        return _prices.FindInForce(_books, _model, meter, _at, _tier) is not null ? meter : _prices.FindDearest(_books, _model, Meter.GeneratedImages, _at, _tier) ?? meter;
    }
}
