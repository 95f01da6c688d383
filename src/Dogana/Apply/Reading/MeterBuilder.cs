using Dogana.Apply.Shapes;
using Dogana.Catalog;

namespace Dogana.Apply.Reading;

/// <summary>Makes meters of what was read.</summary>
internal static class MeterBuilder
{
    public static MeterDefinition Read(ReadItem item) => new(
        Meter.Find(item.Get<string>("id"))!, item.Get<string>("unit"), Enum.Parse<MeterAggregation>(item.Get<string>("aggregation"), ignoreCase: true),
        item.Get<string>("event_type"), item.FindText("value_field") ?? "value",
        item.Has("dimensions") ? [.. item.Get<IReadOnlyList<string>>("dimensions").Order(StringComparer.Ordinal)] : [],
        Enum.Parse<MeterWindow>(item.FindText("window") ?? nameof(MeterWindow.Month), ignoreCase: true));

    /// <summary>The meters that prices name: their names are no ids. Those of images of a size are declared nowhere.</summary>
    public static IEnumerable<Reference> References(ReadItem root) => root.Items(WorldShapes.Books)
        .SelectMany(static book => book.Items("versions")).SelectMany(static version => version.Items("prices"))
        .Where(static price => price.FindText("meter") is { } name && Meter.Find(name) is not { IsOfImages: true })
        .Select(static price => new Reference(MeterShapes.Section, price.Get<string>("meter"), price.PlaceOf("meter")));
}
