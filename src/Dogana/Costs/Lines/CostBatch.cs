using System.Globalization;
using Dogana.Catalog;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Costs.Lines;

/// <summary>Sums a batch of usage by hour and price, and posts what that costs: all in the caller's transaction.</summary>
internal sealed class CostBatch(PartyTable parties, CatalogTable catalog, PriceTable prices)
{
    private const long MicrosPerHour = 3_600_000_000;

    // Cost books hold unit prices alone, so the cost of a sum is the sum of the costs, however usage is cut into batches.
    private readonly Dictionary<(CostKey Key, PriceInForce Price), Sum> _costed = [];
    private readonly Dictionary<(CostKey Key, string Reason), Sum> _uncosted = [];

    public static async Task<CostBatch> BeginAsync(StoreSession session) =>
        new(await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), await PriceBooks.ReadAsync(session));

    public void Add(UsageRecord record)
    {
        ReadOnlySpan<(Meter, long)> counts =
        [
            (Meter.InputTokens, record.InputTokens), (Meter.CachedInputTokens, record.CachedInputTokens), (Meter.CacheWriteTokens, record.CacheWriteTokens),
            (Meter.OutputTokens, record.OutputTokens),
        ];
        foreach (var (meter, quantity) in counts)
        {
            if (quantity == 0)
            {
                continue;
            }

            var key = new CostKey(
                parties.Channels.TryGetValue(record.Channel, out var channel) ? channel.Seller : "", record.Upstream ?? "", record.Model, meter.ToName(),
                record.OpenedAt.ToMicros() / MicrosPerHour * MicrosPerHour);
            var sum = new Sum(quantity, record.IngestSequence, record.IngestSequence);
            if (FindPrice(record, meter, out var reason) is { } price)
            {
                Add(_costed, (key, price), sum);
            }
            else
            {
                Add(_uncosted, (key, reason), sum);
            }
        }
    }

    /// <summary>Stores the lines and posts one entry for each seller, upstream, currency and hour. Gives how many lines have a cost, and have none.</summary>
    public async Task<(long Costed, long Uncosted)> PostAsync(StoreSession session, long first, long last, DateTimeOffset now)
    {
        var lines = new List<CostRow>();
        foreach (var ((key, price), sum) in _costed)
        {
            if (CostOf(price, sum.Quantity) is { } amount)
            {
                lines.Add(CostRow.From(key, price, sum, amount, string.Create(
                    CultureInfo.InvariantCulture, $"cost/{first}-{last}/{key.Seller}/{key.Upstream}/{price.Currency}/{StoredTime.FromMicros(key.HourAt).UtcDateTime:yyyy-MM-ddTHH}")));
            }
            else
            {
                Add(_uncosted, (key, "out_of_range"), sum);
            }
        }

        foreach (var group in lines.GroupBy(static line => (line.Cause, line.Seller, line.Upstream, line.Currency, line.HourAt)))
        {
            var (cause, seller, upstream, currency, hour) = group.Key;
            var amount = Money.Sum(group.Select(static line => line.Amount), Currency.Of(currency));
            if (!amount.IsZero)
            {
                var at = StoredTime.FromMicros(hour);
                await LedgerJournal.PostAsync(session, new NewEntry(cause, at, string.Create(CultureInfo.InvariantCulture, $"Used of {upstream} in the hour from {at.UtcDateTime:yyyy-MM-ddTHH:mmZ}"),
                [
                    new Posting(new Account(seller, AccountKind.UpstreamCost, upstream), amount),
                    new Posting(new Account(seller, AccountKind.AccruedCost, upstream), -amount),
                ]), now);
            }
        }

        await CostRows.InsertAsync(session, lines);
        await CostRows.InsertAsync(session, [.. _uncosted.Select(static pair => UncostedRow.From(pair.Key.Key, pair.Key.Reason, pair.Value))]);
        return (lines.Count, _uncosted.Count);
    }

    private static Money? CostOf(PriceInForce price, long quantity)
    {
        try
        {
            return price.Price.CostOf(quantity, price.Currency);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static void Add<T>(Dictionary<T, Sum> sums, T key, Sum more)
        where T : notnull => sums[key] = sums.TryGetValue(key, out var sum)
            ? new Sum(sum.Quantity + more.Quantity, Math.Min(sum.First, more.First), Math.Max(sum.Last, more.Last))
            : more;

    private PriceInForce? FindPrice(UsageRecord record, Meter meter, out string reason)
    {
        if (record.IsProvisioned)
        {
            reason = "provisioned"; // capacity that the customer has to itself is not bought by the token
            return null;
        }

        if (record.Upstream is not { } id || !catalog.Upstreams.TryGetValue(id, out var upstream) || !parties.Channels.ContainsKey(record.Channel))
        {
            reason = "no_upstream";
            return null;
        }

        // An upstream that is not told the tier bills what it bills everybody.
        var tier = upstream.ForwardsServiceTier ? record.ServiceTier : ServiceTier.Standard;
        reason = upstream.CostBook is null ? "no_cost_book" : "no_price";
        return upstream.CostBook is { } book ? prices.FindInForce(book, record.Model, meter, record.OpenedAt, tier, record.PromptTokens) : null;
    }
}

/// <summary>What usage is summed by.</summary>
internal sealed record CostKey(string Seller, string Upstream, string Model, string Meter, long HourAt);

/// <summary>A sum, and the ingest sequences between which its usage lies.</summary>
internal readonly record struct Sum(long Quantity, long First, long Last);
