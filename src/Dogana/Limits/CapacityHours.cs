using System.Globalization;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Limits.Capacity;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>
/// Charges what is held of provisioned units, used or not: a usage record for each deployment and hour, and for each reservation and hour. Any number of nodes may
/// do it at any time: each hour is written once, when it is over, and hours in which no node ran are written later. Thread-safe.
/// </summary>
public sealed class CapacityHours(Store store, TimeProvider time, IUsagePosting? posting = null)
{
    // Which hour was written last, as hours since 1970. Its row stays locked until the transaction ends.
    private const string Mark = "capacity_hour";

    private long _written;

    /// <summary>Writes the hours that are over and not written.</summary>
    /// <returns>How many usage records are new.</returns>
    public async Task<int> WriteDueAsync(CancellationToken cancellation = default)
    {
        var last = HourOf(time.GetUtcNow()) - 1;
        var records = 0;
        while (Volatile.Read(ref _written) < last)
        {
            var written = await store.ReadAsync(ReadWrittenAsync, cancellation);
            if (written is { } mark && mark < last)
            {
                records += await store.WriteAsync(session => WriteNextAsync(session, last), cancellation);
            }

            Volatile.Write(ref _written, written is { } done ? Math.Min(done + 1, last) : last); // where nothing was ever held, nothing is due
        }

        return records;
    }

    // Null while no unit was ever held or reserved.
    private static async Task<long?> ReadWrittenAsync(StoreSession session) => await session.LastAsync(Mark) is > 0 and var mark ? mark
        : await CapacityRegister.FindFirstAsync(session) is { } first ? HourOf(first) - 1
        : null;

    private async Task<int> WriteNextAsync(StoreSession session, long last)
    {
        if (await ReadWrittenAsync(session) is not { } written || written >= last)
        {
            return 0; // another node was faster
        }

        var hour = written + 1;
        var (start, end) = (StartOf(hour), StartOf(hour + 1));
        var spans = await CapacityRegister.ReadSpansAsync(session, start, end);
        var reservations = (await CapacityRegister.ReadReservationsAsync(session)).Where(item => item.From < end && item.To > start).ToArray();
        var records = 0;
        if (spans.Count + reservations.Length > 0)
        {
            var prices = new HourPrices(await Contracts.ReadAsync(session), await PriceBooks.ReadAsync(session));
            foreach (var batch in HourCharges.Of(start, spans, reservations, await PartyRegister.ReadAsync(session)).Select(prices.Charge).Chunk(UsageIntake.BatchMax))
            {
                var results = await UsageIntake.AcceptAsync(session, batch, posting);
                if (results.Contains(IntakeResult.Conflict))
                {
                    throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The store has other usage records of the provisioned units held in the hour from {start:yyyy-MM-ddTHHZ}."));
                }

                records += results.Count(static result => result == IntakeResult.Accepted);
            }
        }

        await session.NextAsync(Mark, hour - await session.LastAsync(Mark));
        return records;
    }

    private static long HourOf(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerHour;

    private static DateTimeOffset StartOf(long hour) => DateTimeOffset.UnixEpoch.AddHours(hour);
}
