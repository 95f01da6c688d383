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
    private readonly Dictionary<(CostKey Key, string Reason, long Alone), Sum> _uncosted = [];

    public static async Task<CostBatch> BeginAsync(StoreSession session) =>
        new(await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), await PriceBooks.ReadAsync(session));

    /// <summary>What a record counts that upstreams charge for.</summary>
    public IEnumerable<(CostKey Key, Meter Meter, Sum Sum)> Count(UsageRecord record)
    {
        var seller = parties.Channels.TryGetValue(record.Channel, out var channel) ? channel.Seller : "";
        (Meter Meter, long Quantity)[] counts =
        [
            (Meter.InputTokens, record.InputTokens), (Meter.CachedInputTokens, record.CachedInputTokens), (Meter.CacheWriteTokens, record.CacheWriteTokens),
            (Meter.OutputTokens, record.OutputTokens),
            .. record.Meter is null || record.IsEvent || record.Meter == Meter.ResponseCacheTokens.Name // no upstream worked for those
                ? (ReadOnlySpan<(Meter, long)>)[] : [(MeterNames.Find(record.Meter)!, record.Quantity)],
        ];
        return counts.Where(static count => count.Quantity != 0).Select(count => (
            new CostKey(seller, record.Upstream ?? "", record.Model, count.Meter.ToName(), record.OpenedAt.ToMicros() / MicrosPerHour * MicrosPerHour), count.Meter,
            new Sum(count.Quantity, record.IngestSequence, record.IngestSequence)));
    }

    public void Add(UsageRecord record)
    {
        foreach (var (key, meter, sum) in Count(record))
        {
            Add(record, key, meter, sum);
        }
    }

    /// <summary>Adds what a record counted of one meter. Where its upstream's book has no price, it stands alone: a price that is published later may be for a part of an hour's calls.</summary>
    public void Add(UsageRecord record, CostKey key, Meter meter, Sum sum)
    {
        if (FindPrice(record, meter, out var reason) is { } price)
        {
            Add(_costed, (key, price), sum);
        }
        else
        {
            Add(_uncosted, (key, reason, reason == UncostedRow.NoPrice ? record.IngestSequence : 0), sum);
        }
    }

    /// <summary>Has what a record counted of a meter a price?</summary>
    public bool HasPrice(UsageRecord record, Meter meter) => FindPrice(record, meter, out _) is not null;

    /// <summary>Could a model's meter of an upstream have a price in an hour?</summary>
    public bool IsPriced(CostKey key) => catalog.Upstreams.TryGetValue(key.Upstream, out var upstream) && upstream.CostBook is { } book && MeterNames.Find(key.Meter) is { } meter
        && (prices.FindInForce(book, key.Model, meter, StoredTime.FromMicros(key.HourAt + MicrosPerHour - 1)) is not null || prices.FindInForce(book, key.Model, meter, StoredTime.FromMicros(key.HourAt)) is not null);

    /// <summary>Stores the lines and posts one entry for each seller, upstream, currency and hour. Gives how many lines have a cost, and have none.</summary>
    public async Task<(long Costed, long Uncosted)> PostAsync(StoreSession session, string run, DateTimeOffset now)
    {
        var lines = new List<CostRow>();
        foreach (var ((key, price), sum) in _costed)
        {
            if (CostOf(price, sum.Quantity) is { } amount)
            {
                lines.Add(CostRow.From(key, price, sum, amount, string.Create(
                    CultureInfo.InvariantCulture, $"cost/{run}/{key.Seller}/{key.Upstream}/{price.Currency}/{StoredTime.FromMicros(key.HourAt).UtcDateTime:yyyy-MM-ddTHH}")));
            }
            else
            {
                Add(_uncosted, (key, "out_of_range", 0), sum);
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
                    PostingsOf(seller, upstream, amount)), now);
            }
        }

        await CostRows.InsertAsync(session, lines, run);
        await CostRows.InsertAsync(session, [.. _uncosted.Select(static pair => UncostedRow.From(pair.Key.Key, pair.Key.Reason, pair.Value))], run);
        return (lines.Count, _uncosted.Count);
    }

    /// <summary>What an hour of an upstream costs a seller, and is owed.</summary>
    public static IReadOnlyList<Posting> PostingsOf(string seller, string upstream, Money amount) =>
    [
        new(new Account(seller, AccountKind.UpstreamCost, upstream), amount),
        new(new Account(seller, AccountKind.AccruedCost, upstream), -amount),
    ];

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
            reason = UncostedRow.Provisioned; // capacity that the customer has to itself is not bought by the token
            return null;
        }

        if (record.Upstream is not { } id || !catalog.Upstreams.TryGetValue(id, out var upstream) || !parties.Channels.ContainsKey(record.Channel))
        {
            reason = "no_upstream";
            return null;
        }

        // An upstream that is not told the tier bills what it bills everybody.
        var tier = upstream.ForwardsServiceTier ? record.ServiceTier : ServiceTier.Standard;
        reason = upstream.CostBook is null ? UncostedRow.NoCostBook : UncostedRow.NoPrice;
        return upstream.CostBook is { } book ? prices.FindInForce(book, record.Model, meter, record.OpenedAt, tier, record.PromptTokens) : null;
    }
}

/// <summary>What usage is summed by.</summary>
internal sealed record CostKey(string Seller, string Upstream, string Model, string Meter, long HourAt);

/// <summary>A sum, and the ingest sequences between which its usage lies.</summary>
internal readonly record struct Sum(long Quantity, long First, long Last);
