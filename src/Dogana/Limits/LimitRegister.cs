using Dogana.Limits.Quotas;
using Dogana.Limits.Spending;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>Reads all that limits calls.</summary>
public static class LimitRegister
{
    /// <summary>The limits, as committed.</summary>
    public static async Task<LimitTable> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new LimitTable(new QuotaTable(await QuotaRows.ReadAsync(session)), new BudgetTable(await BudgetRows.ReadAsync(session)));
    }
}
