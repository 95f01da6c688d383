using Dogana.Storage;

namespace Dogana.Conduct.Cases;

/// <summary>Cases and their events as rows. A case is one document; the columns beside it are what it is looked for by.</summary>
internal static class CaseRows
{
    private const string SelectEvent = """
        select case_id as CaseId, sequence as Sequence, at as At, actor as Actor, person as Person, side as Side, kind as Kind, channel as Channel, body as Body from conduct_case_event
        """;

    public static async Task<ConductCase?> FindAsync(StoreSession session, string id) =>
        await session.ScalarAsync<string>("select body from conduct_case where id = @id", new { id }) is { } body ? StoredJson.Read<ConductCase>(body) : null;

    /// <summary>The case of an account that is not decided yet, or null: there is at most one. What comes after a decision is another case.</summary>
    public static async Task<ConductCase?> FindActiveAsync(StoreSession session, ConductAccount account) =>
        (await session.QueryAsync<string>(
            "select body from conduct_case where owner = @Owner and organisation = @Organisation and end_customer = @EndCustomer and state in ('Triage', 'Open', 'Cure', 'Review', 'Proposed') order by id",
            Key(account))).Select(StoredJson.Read<ConductCase>).FirstOrDefault();

    /// <summary>Those in a state, where given, by id.</summary>
    public static async Task<IReadOnlyList<ConductCase>> ListAsync(StoreSession session, CaseState? state, string after, int limit) =>
        [.. (await session.QueryAsync<string>(
            $"select body from conduct_case where id > @after{(state is null ? "" : " and state = @state")} order by id limit @limit", new { after, state = state?.ToString(), limit }))
            .Select(StoredJson.Read<ConductCase>)];

    public static async Task<IReadOnlyList<ConductCase>> ReadDueAsync(StoreSession session, DateTimeOffset now, int limit) =>
        [.. (await session.QueryAsync<string>("select body from conduct_case where due_at <= @At order by due_at, id limit @limit", new { At = now.ToMicros(), limit })).Select(StoredJson.Read<ConductCase>)];

    public static async Task<IReadOnlyList<ConductCase>> ReadErasableAsync(StoreSession session, DateTimeOffset now, int limit) =>
        [.. (await session.QueryAsync<string>("select body from conduct_case where erase_at <= @At order by erase_at, id limit @limit", new { At = now.ToMicros(), limit })).Select(StoredJson.Read<ConductCase>)];

    public static async Task<IReadOnlyDictionary<ConductAccount, string>> ReadOpenAsync(StoreSession session) =>
        (await session.QueryAsync<AccountRow>("select id as Id, organisation as Organisation, owner as Owner, end_customer as EndCustomer from conduct_case where state = @state", new { state = nameof(CaseState.Open) }))
            .ToDictionary(static row => new ConductAccount(row.Organisation, row.Owner, row.EndCustomer.Length == 0 ? null : row.EndCustomer), static row => row.Id);

    public static Task<int> WriteAsync(StoreSession session, ConductCase item, int retentionDays) => session.ExecuteAsync(
        """
        insert into conduct_case(id, organisation, owner, end_customer, state, created_at, due_at, erase_at, body)
        values(@Id, @Organisation, @Owner, @EndCustomer, @State, @CreatedAt, @DueAt, @EraseAt, @Body)
        on conflict(id) do update set state = excluded.state, due_at = excluded.due_at, erase_at = excluded.erase_at, body = excluded.body
        """,
        new
        {
            item.Id, item.Account.Organisation, item.Account.Owner, EndCustomer = item.Account.EndCustomer ?? "", State = item.State.ToString(), CreatedAt = item.CreatedAt.ToMicros(),
            DueAt = CaseLife.DueAt(item)?.ToMicros(), EraseAt = item.ErasedAt is null ? item.ClosedAt?.AddDays(retentionDays).ToMicros() : null, Body = StoredJson.Write(item),
        });

    public static Task InsertAsync(StoreSession session, string id, IReadOnlyList<CaseEvent> events) => session.InsertAsync(
        "conduct_case_event", ["case_id", "sequence", "at", "actor", "person", "side", "kind", "channel", "body"], events,
        item => [id, (long)item.Sequence, item.At.ToMicros(), item.By.Name, item.By.Person, item.By.Side.ToString(), item.Kind.ToString(), item.Channel, item.Text]);

    public static async Task<IReadOnlyList<CaseEvent>> ReadEventsAsync(StoreSession session, string id) =>
        [.. (await session.QueryAsync<EventRow>(SelectEvent + " where case_id = @id order by sequence", new { id })).Select(static row => row.ToEvent())];

    public static Task<int> EraseEventsAsync(StoreSession session, string id) => session.ExecuteAsync("update conduct_case_event set body = 'erased' where case_id = @id", new { id });

    public static object Key(ConductAccount account) => new { account.Organisation, account.Owner, EndCustomer = account.EndCustomer ?? "" };

    private sealed record AccountRow(string Id, string Organisation, string Owner, string EndCustomer);

    private sealed record EventRow(string CaseId, long Sequence, long At, string Actor, string Person, string Side, string Kind, string? Channel, string Body)
    {
        public CaseEvent ToEvent() => new((int)Sequence, StoredTime.FromMicros(At), new CaseActor(Actor, Person, Enum.Parse<CaseSide>(Side)), Enum.Parse<CaseEventKind>(Kind), Body) { Channel = Channel };
    }
}
