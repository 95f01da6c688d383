using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>Finds the contract, the period and the price of usage, and adds it up by them: a pure function of usage, parties, contracts and prices. Not thread-safe.</summary>
internal sealed class UsageRating(PartyTable parties, ContractTable contracts, PriceTable prices, IReadOnlyDictionary<string, long> resellers)
{
    private const long MicrosPerHour = 3_600_000_000;

    private readonly Dictionary<LineKey, LineSum> _lines = [];
    private readonly List<UnratedRow> _unrated = [];
    private readonly List<RetailRow> _unratedRetail = [];
    private readonly Dictionary<string, (PeriodCalendar Calendar, BillingPeriod Period)> _periods = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<LineKey, LineSum> Lines => _lines;

    public IReadOnlyList<UnratedRow> Unrated => _unrated;

    /// <summary>What a reseller is charged for and its end customer is not.</summary>
    public IReadOnlyList<RetailRow> UnratedRetail => _unratedRetail;

    /// <summary>Meters of usage that are charged to a customer.</summary>
    public long Rated { get; private set; }

    /// <summary>One that knows the customers of records.</summary>
    public static async Task<UsageRating> ReadAsync(StoreSession session, IReadOnlyList<UsageRecord> records)
    {
        return await ReadAsync(session, records.Select(static record => record.Organisation).Concat(records.Select(static record => record.EndCustomer).OfType<string>()));
    }

    /// <summary>One that knows some customers.</summary>
    public static async Task<UsageRating> ReadAsync(StoreSession session, IEnumerable<string> customers)
    {
        string[] ids = [.. customers.Distinct(StringComparer.Ordinal)];
        return new(await PartyRegister.ReadOfAsync(session, []), await Contracts.ReadOfAsync(session, ids), (await PriceHistory.ReadAsync(session)).Known, await RetailRows.ReadResellersAsync(session, ids));
    }

    /// <summary>One with the same tables but for the prices, and nothing in it.</summary>
    public UsageRating With(PriceTable others) => new(parties, contracts, others, resellers);

    /// <summary>Adds the usage to its line, or keeps the reason why there is none. Is it rated?</summary>
    /// <param name="usage">The usage.</param>
    /// <param name="withRetail">Is it charged to the end customer that it was bought for, too? No where that is known to have had no price when it was rated.</param>
    public bool Add(UsageMeter usage, bool withRetail = true)
    {
        if (usage.Uncharged is { } uncharged)
        {
            return Refuse(usage, uncharged, uncharged == UsageMeter.Provisioned ? "It was served by the customer's own capacity, which is charged by the minute." : "The call ended in a way that is not charged.");
        }

        if (usage.Quantity < 0 && !usage.MayFall)
        {
            return Refuse(usage, "invalid_quantity", "The quantity is below zero.");
        }

        if (contracts.InForce(usage.Organisation, usage.Channel, usage.At) is not { } contract || !parties.Channels.TryGetValue(usage.Channel, out var channel))
        {
            return Refuse(usage, "no_contract", $"No contract of '{usage.Organisation}' on channel '{usage.Channel}' is in force then.");
        }

        if (prices.FindInForce(contract.Prices, usage.Model, usage.Meter, usage.At, usage.Tier, usage.PromptTokens) is not { } price)
        {
            return Refuse(usage, "no_price", $"Price book '{contract.PriceBook}' has no price for {usage.Meter.ToName()} of '{usage.Model}' at {usage.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}. "
                + "Add a version of the book that lists it.");
        }

        if (!IsInRange(price, usage.Quantity))
        {
            return Refuse(usage, "out_of_range", $"{usage.Quantity} {usage.Meter.ToName()} of '{usage.Model}' cost more than an amount can hold.");
        }

        AddTo(contract, channel.Seller, price, usage, isResale: false);
        Rated++;

        if (withRetail && usage.EndCustomer is { } customer)
        {
            AddRetail(usage, customer);
        }

        return true;
    }

    // What an organisation bought for its end customer is charged to that one too, where it sells by a contract of its own. Whoever resells is told what of it nobody pays for.
    private void AddRetail(UsageMeter usage, string customer)
    {
        if (contracts.Resale(usage.Organisation, customer, usage.Channel, usage.At) is not { } resale)
        {
            if (resellers.TryGetValue(usage.Organisation, out var since) && usage.IngestSequence > since)
            {
                Refuse("no_retail_contract", $"No contract by which '{usage.Organisation}' sells to '{customer}' on channel '{usage.Channel}' is in force then.");
            }
        }
        else if (prices.FindInForce(resale.Prices, usage.Model, usage.Meter, usage.At, usage.Tier, usage.PromptTokens) is not { } retail)
        {
            Refuse("no_retail_price", $"Price book '{resale.PriceBook}' of contract '{resale.Id}' has no price for {usage.Meter.ToName()} of '{usage.Model}' at {usage.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}.");
        }
        else if (!IsInRange(retail, usage.Quantity))
        {
            Refuse("retail_out_of_range", $"{usage.Quantity} {usage.Meter.ToName()} of '{usage.Model}' cost more than an amount can hold.");
        }
        else
        {
            AddTo(resale, usage.Organisation, retail, usage, isResale: true);
        }

        void Refuse(string reason, string detail) => _unratedRetail.Add(RetailRow.From(usage, reason, detail));
    }

    private static bool IsInRange(PriceInForce price, long quantity)
    {
        try
        {
            _ = price.Price.CostOf(Math.Abs(quantity), price.Currency);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private void AddTo(Contract contract, string seller, PriceInForce price, UsageMeter usage, bool isResale)
    {
        var at = usage.At.ToMicros();
        var key = new LineKey(
            seller, contract.Organisation, usage.Channel, contract.Id, PeriodOf(contract, usage.At).Start.ToMicros(), at - at % MicrosPerHour, usage.Model, usage.Meter.ToName(),
            price.Book, price.EffectiveFrom.ToMicros(), PriceKey.Of(price.Price, usage.Meter), price.Currency.Code, isResale);
        if (!_lines.TryGetValue(key, out var line))
        {
            line = _lines[key] = new LineSum(price.Price, usage.IngestSequence);
        }

        line.Add(usage);
    }

    private BillingPeriod PeriodOf(Contract contract, DateTimeOffset at)
    {
        if (!_periods.TryGetValue(contract.Id, out var found))
        {
            found.Calendar = contract.Calendar;
        }

        if (!found.Period.Contains(at))
        {
            found.Period = found.Calendar.Of(at);
            _periods[contract.Id] = found;
        }

        return found.Period;
    }

    private bool Refuse(UsageMeter usage, string reason, string detail)
    {
        _unrated.Add(UnratedRow.From(usage, reason, detail));
        return false;
    }
}
