using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>A reminder of an overdue invoice.</summary>
/// <param name="AfterDays">So many days after the due date, 1 to 3,650.</param>
/// <param name="Text">What it says, on one line.</param>
public sealed record DunningStep(int AfterDays, string Text);

/// <summary>When a seller reminds of invoices that are overdue.</summary>
/// <param name="Seller">The seller.</param>
/// <param name="Steps">The reminders, by days; the first one is level 1.</param>
public sealed record DunningPolicy(string Seller, IReadOnlyList<DunningStep> Steps);

/// <summary>Reads and declares the sellers' policies.</summary>
public static class DunningPolicies
{
    /// <summary>All policies, by seller.</summary>
    public static async Task<IReadOnlyList<DunningPolicy>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>("select seller as Seller, steps as Steps from dunning_policy order by seller");
        return [.. rows.Select(static row => new DunningPolicy(row.Seller, DocumentText.Read<DunningStep[]>(row.Steps) ?? []))];
    }

    /// <summary>Adds policies or changes them; reminders that were sent stay sent.</summary>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<DunningPolicy> wanted) => await session.DeclareAsync(
        "dunning_policy", await ReadAsync(session), wanted, static policy => policy.Seller,
        "insert into dunning_policy(seller, steps) values(@Seller, @Steps) on conflict(seller) do update set steps = excluded.steps",
        static policy => new Row(policy.Seller, DocumentText.Write(policy.Steps)));

    private sealed record Row(string Seller, string Steps);
}
