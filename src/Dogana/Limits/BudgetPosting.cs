using Dogana.Limits.Spending;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>Charges usage to the budgets that it is about, in the transaction in which it is taken in: what a record was charged with is spent once.</summary>
public sealed class BudgetPosting(TimeProvider time) : IUsagePosting
{
    /// <inheritdoc/>
    public async Task PostAsync(StoreSession session, IReadOnlyList<UsageRecord> records)
    {
        ArgumentNullException.ThrowIfNull(session);

        // 1. Which budgets may be about them.
        UsageRecord[] charged = [.. records.Where(static record => record.Charge is { IsZero: false })];
        string[] organisations = [.. charged.Select(static record => record.Organisation).Distinct(StringComparer.Ordinal)];
        if (organisations.Length == 0)
        {
            return;
        }

        var budgets = (await BudgetRows.ReadOfAsync(session, organisations)).ToLookup(static budget => budget.Organisation, StringComparer.Ordinal);
        if (budgets.Count == 0)
        {
            return;
        }

        // 2. Sums by budget and window.
        var zones = await PartyRegister.ReadTimeZonesAsync(session, organisations);
        var added = new Dictionary<(string Limit, long Window), Int128>();
        var ofNodes = new List<PostedCharge>();
        var touched = new Dictionary<(string Limit, long Window), Budget>();
        foreach (var record in charged)
        {
            foreach (var budget in budgets[record.Organisation].Where(budget => Counts(budget, record)))
            {
                var key = (budget.LimitId, Window: budget.PeriodIn(zones[record.Organisation]).At(record.OpenedAt).Number);
                var amount = Limit.Parts(record.Charge!.Value);
                added[key] = added.GetValueOrDefault(key) + amount;
                touched[key] = budget;
                if (budget.Kind == BudgetKind.Hard)
                {
                    ofNodes.Add(new PostedCharge(key.LimitId, key.Window, record.Source, record.ClosedAt, amount));
                }
            }
        }

        // 3. Spent, held no more, and told where it is much.
        await SpendRows.AddAsync(session, added);
        await SpendRows.PostAsync(session, ofNodes);
        await BudgetCrossings.LookAsync(session, [.. touched.Select(static item => (item.Value, item.Key.Window))], time.GetUtcNow());
    }

    private static bool Counts(Budget budget, UsageRecord record) =>
        record.OpenedAt.ToMicros() >= budget.Since.ToMicros()
        && record.Charge!.Value.Currency == budget.Amount.Currency
        && budget.Subject == budget.Scope switch
        {
            BudgetScope.Organisation => record.Organisation,
            BudgetScope.Project => record.Project,
            _ => record.Key,
        };
}
