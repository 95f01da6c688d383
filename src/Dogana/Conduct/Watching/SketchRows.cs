using Dogana.Storage;

namespace Dogana.Conduct.Watching;

/// <summary>Sketches in the store: one of each account and node, so that what a node writes again changes nothing twice.</summary>
internal static class SketchRows
{
    private const string Select = "select organisation as Organisation, owner as Owner, end_customer as EndCustomer, node as Node, state as State from conduct_sketch";

    /// <summary>A node's own sketch of an account, or null.</summary>
    public static async Task<AccountSketch?> FindAsync(StoreSession session, ConductAccount account, string node) =>
        (await session.FindAsync<Row>(
            $"{Select} where organisation = @Organisation and owner = @Owner and end_customer = @endCustomer and node = @node",
            new { account.Organisation, account.Owner, endCustomer = account.EndCustomer ?? "", node }))?.ToSketch();

    /// <summary>What the other nodes saw of accounts.</summary>
    public static async Task<ILookup<ConductAccount, AccountSketch>> ReadOthersAsync(StoreSession session, IReadOnlyList<ConductAccount> accounts, string node)
    {
        var rows = await session.QueryAsync<Row>(
            $"{Select} where {session.IsOneOf("organisation", "Organisations")} and node <> @node",
            new { Organisations = session.List([.. accounts.Select(static account => account.Organisation).Distinct(StringComparer.Ordinal)]), node });
        return ToLookup(rows.Where(row => accounts.Contains(row.Account)));
    }

    /// <summary>What all nodes saw of the accounts that called last, at most so many rows.</summary>
    public static async Task<ILookup<ConductAccount, AccountSketch>> ReadLastAsync(StoreSession session, DateTimeOffset since, int limit) => ToLookup(
        await session.QueryAsync<Row>($"{Select} where last_at >= @since order by last_at desc limit @limit", new { since = since.ToMicros(), limit }));

    /// <summary>Writes a node's sketches.</summary>
    public static Task WriteAsync(StoreSession session, IReadOnlyList<AccountSketch> sketches, string node) => session.InsertAsync(
        "conduct_sketch", ["organisation", "owner", "end_customer", "node", "state", "last_at"], sketches,
        sketch => [sketch.Account.Organisation, sketch.Account.Owner, sketch.Account.EndCustomer ?? "", node, Convert.ToBase64String(sketch.ToBytes()), (sketch.LastAt ?? default).ToMicros()],
        "on conflict(organisation, owner, end_customer, node) do update set state = excluded.state, last_at = excluded.last_at");

    /// <summary>Lets go of sketches of accounts that have not called since.</summary>
    public static Task ClearAsync(StoreSession session, DateTimeOffset before) => session.ExecuteAsync("delete from conduct_sketch where last_at < @before", new { before = before.ToMicros() });

    // What another version wrote cannot be read, and is begun anew.
    private static ILookup<ConductAccount, AccountSketch> ToLookup(IEnumerable<Row> rows) =>
        rows.Select(static row => row.ToSketch()).OfType<AccountSketch>().ToLookup(static sketch => sketch.Account);

    private sealed record Row(string Organisation, string Owner, string EndCustomer, string Node, string State)
    {
        public ConductAccount Account => new(Organisation, Owner, EndCustomer.Length == 0 ? null : EndCustomer);

        public AccountSketch? ToSketch() => AccountSketch.FromBytes(Account, Convert.FromBase64String(State));
    }
}
