using Dogana.Apply.Reading;
using Dogana.Rating;

namespace Dogana.Apply.Checks;

/// <summary>Does nobody buy by what upstreams charge, and does no upstream charge by what customers pay?</summary>
internal static class BookKinds
{
    public static void Check(World world, PriceTable prices, FaultCollector faults)
    {
        foreach (var (upstream, source) in world.Upstreams.Where(item => item.Value.CostBook is { } book && IsOther(book, PriceBookKind.Cost)))
        {
            faults.Add(source.PlaceOf("cost_book"), $"The price book '{upstream.CostBook}' is what customers pay.", "Name a book with kind: cost.");
        }

        foreach (var (contract, source) in world.Contracts.Where(item => IsOther(item.Value.PriceBook, PriceBookKind.Sale)))
        {
            faults.Add(source.PlaceOf("price_book"), $"The price book '{contract.PriceBook}' is what upstreams charge.", "Name a book of kind sale.");
        }

        foreach (var (contract, source) in world.Contracts.Where(item => item.Value.Terms.Overrides is { } overrides && IsOther(overrides, PriceBookKind.Sale)))
        {
            faults.Add(source.PlaceOf("overrides"), $"The price book '{contract.Terms.Overrides}' is what upstreams charge.", "Name a book of kind sale.");
        }

        bool IsOther(string book, PriceBookKind kind) => prices.Books.TryGetValue(book, out var found) && found.Kind != kind;
    }
}
