using Dogana.Catalog;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>What a run named as not resold, held against its usage: a price that was published since changes nothing of it. Not thread-safe.</summary>
internal sealed class RetailCheck
{
    private readonly Dictionary<(long Sequence, string Meter), RetailRow> _named;
    private readonly List<BookFault> _faults = [];

    private RetailCheck(IEnumerable<RetailRow> rows) => _named = rows.ToDictionary(static row => (row.IngestSequence, row.Meter));

    public static async Task<RetailCheck> ReadAsync(StoreSession session, string run) => new(await RetailRows.ReadOfRunAsync(session, run));

    /// <summary>Is the usage among it? Each is once.</summary>
    public bool Names(UsageMeter usage)
    {
        if (!_named.Remove((usage.IngestSequence, usage.Meter.ToName()), out var row))
        {
            return false;
        }

        if (RetailRow.From(usage, row.Reason, row.Detail) with { Run = row.Run } is var metered && metered != row)
        {
            _faults.Add(new BookFault(NameOf(row), "the usage that is named as not resold is not what was metered", row.ToString(), metered.ToString()));
        }

        return true;
    }

    /// <summary>What was wrong, once all usage was rated.</summary>
    public IEnumerable<BookFault> Faults(UsageRating rating) =>
    [
        .. _faults, .. rating.UnratedRetail.Select(static row => new BookFault(NameOf(row), "it is neither charged to the end customer nor named as not resold")),
        .. _named.Values.Select(static row => new BookFault(NameOf(row), "it is named as not resold, and there is no such usage")),
    ];

    private static string NameOf(RetailRow row) => $"usage {row.UsageSource}/{row.UsageId}, {row.Meter}, for '{row.EndCustomer}'";
}
