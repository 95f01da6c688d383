using System.Globalization;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>Rates a batch of usage, stores each line or the reason why there is none, and posts what it earned: all in the caller's transaction.</summary>
internal sealed class AccrualBatch(PartyTable parties, ContractTable contracts, PriceTable prices)
{
    private readonly List<RatedRow> _rated = [];
    private readonly List<UnratedRow> _unrated = [];

    public IReadOnlyList<RatedRow> Rated => _rated;

    public IReadOnlyList<UnratedRow> Unrated => _unrated;

    public static async Task<AccrualBatch> BeginAsync(StoreSession session) =>
        new(await PartyRegister.ReadAsync(session), await Contracts.ReadAsync(session), await PriceBooks.ReadAsync(session));

    public void Rate(UsageMeter usage)
    {
        if (usage.Uncharged is { } reason)
        {
            _unrated.Add(UnratedRow.From(
                usage, reason, reason == UsageMeter.Provisioned ? "It was served by the customer's own capacity, which is charged by the minute." : "The call ended in a way that is not charged."));
        }
        else if (usage.Quantity < 0)
        {
            _unrated.Add(UnratedRow.From(usage, "invalid_quantity", "The quantity is below zero."));
        }
        else if (contracts.InForce(usage.Organisation, usage.Channel, usage.At) is not { } contract || !parties.Channels.TryGetValue(usage.Channel, out var channel))
        {
            _unrated.Add(UnratedRow.From(usage, "no_contract", $"No contract of '{usage.Organisation}' on channel '{usage.Channel}' is in force then."));
        }
        else if (!prices.Rate(usage.Source, usage.Id, contract.PriceBook, usage.Model, usage.Meter, usage.Quantity, usage.At).TryGet(out var line, out var problem))
        {
            _unrated.Add(UnratedRow.From(usage, problem.Code == ProblemCode.PriceUnknown ? "no_price" : "out_of_range", problem.Message));
        }
        else
        {
            _rated.Add(RatedRow.From(usage, line, channel.Seller));
        }
    }

    /// <summary>Posts one entry for each seller, customer, currency and UTC hour of use; its cause is <paramref name="origin"/> and the group.</summary>
    public async Task PostAsync(StoreSession session, string origin, DateTimeOffset now)
    {
        var rows = new List<RatedRow>(_rated.Count);
        foreach (var group in _rated.GroupBy(static row => (row.Seller, row.Organisation, row.Currency, Hour: Hour(row.EventAt))))
        {
            var (seller, organisation, currency, hour) = group.Key;
            var cause = string.Create(CultureInfo.InvariantCulture, $"accrual/{origin}/{seller}/{organisation}/{currency}/{hour:yyyy-MM-ddTHH}");
            rows.AddRange(group.Select(row => row with { Cause = cause }));
            var amount = Money.Sum(group.Select(static row => row.Amount), Currency.Of(currency));
            if (!amount.IsZero)
            {
                await LedgerJournal.PostAsync(session, new NewEntry(cause, hour, string.Create(CultureInfo.InvariantCulture, $"Usage in the hour from {hour:yyyy-MM-ddTHH:mmZ}"),
                [
                    new Posting(new Account(seller, AccountKind.UnbilledReceivable, organisation), amount),
                    new Posting(new Account(seller, AccountKind.UsageRevenue, organisation), -amount),
                ]), now);
            }
        }

        await RatedRows.InsertAsync(session, rows);
    }

    public Task StoreUnratedAsync(StoreSession session) => RatedRows.InsertAsync(session, _unrated);

    private static DateTimeOffset Hour(long micros)
    {
        var instant = StoredTime.FromMicros(micros).UtcDateTime;
        return new DateTimeOffset(instant.Year, instant.Month, instant.Day, instant.Hour, 0, 0, TimeSpan.Zero);
    }
}
