using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>Finds the contract, the period and the price of usage, and adds it up by them: a pure function of usage, parties, contracts and prices. Not thread-safe.</summary>
internal sealed class UsageRating(PartyTable parties, ContractTable contracts, PriceTable prices)
{
    private const long MicrosPerHour = 3_600_000_000;

    private readonly Dictionary<LineKey, LineSum> _lines = [];
    private readonly List<UnratedRow> _unrated = [];
    private readonly Dictionary<string, (PeriodCalendar Calendar, BillingPeriod Period)> _periods = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<LineKey, LineSum> Lines => _lines;

    public IReadOnlyList<UnratedRow> Unrated => _unrated;

    /// <summary>Meters of usage that are charged to a customer.</summary>
    public long Rated { get; private set; }

    /// <summary>One that knows the customers of records.</summary>
    public static async Task<UsageRating> ReadAsync(StoreSession session, IReadOnlyList<UsageRecord> records)
    {
        return await ReadAsync(session, records.Select(static record => record.Organisation).Concat(records.Select(static record => record.EndCustomer).OfType<string>()));
    }

    /// <summary>One that knows some customers.</summary>
    public static async Task<UsageRating> ReadAsync(StoreSession session, IEnumerable<string> customers) =>
        new(await PartyRegister.ReadOfAsync(session, []), await Contracts.ReadOfAsync(session, customers), await PriceBooks.ReadAsync(session));

    /// <summary>One with the same tables, and nothing in it.</summary>
    public UsageRating Anew() => new(parties, contracts, prices);

    /// <summary>Adds the usage to its line, or keeps the reason why there is none. Is it rated?</summary>
    public bool Add(UsageMeter usage)
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

        // What an organisation bought for its end customer is charged to that one too, where it sells by a contract of its own.
        if (usage.EndCustomer is { } customer && contracts.Resale(usage.Organisation, customer, usage.Channel, usage.At) is { } resale
            && prices.FindInForce(resale.Prices, usage.Model, usage.Meter, usage.At, usage.Tier, usage.PromptTokens) is { } retail && IsInRange(retail, usage.Quantity))
        {
            AddTo(resale, usage.Organisation, retail, usage, isResale: true);
        }

        return true;
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
