using Dogana.Storage;

namespace Dogana.Conduct.Cases;

/// <summary>Signals and questions as rows.</summary>
internal static class SignalRows
{
    private const string Select = """
        select id as Id, state as State, source as Source, recorded_at as RecordedAt, updated_at as UpdatedAt, window_until as WindowUntil, case_id as CaseId, finding as Finding from conduct_signal
        """;

    private const string SelectQuestion = """
        select id as Id, signal as Signal, organisation as Organisation, owner as Owner, end_customer as EndCustomer, asked_at as AskedAt, due_at as DueAt, uses as Uses, answer as Answer,
            answered_by as AnsweredBy, answered_at as AnsweredAt, overdue_at as OverdueAt
        from conduct_question
        """;

    public static async Task<ConductSignal?> FindAsync(StoreSession session, string id) => (await session.FindAsync<Row>(Select + " where id = @id", new { id }))?.ToSignal();

    /// <summary>The signal of the same finding whose window is open, or null.</summary>
    public static async Task<ConductSignal?> FindOpenAsync(StoreSession session, ConductFinding finding, DateTimeOffset now) =>
        (await session.QueryAsync<Row>(
            Select + " where owner = @Owner and organisation = @Organisation and end_customer = @EndCustomer and detector = @detector and signature = @Signature and version = @version and window_until > @at order by id",
            new
            {
                finding.Account.Owner, finding.Account.Organisation, EndCustomer = finding.Account.EndCustomer ?? "", detector = finding.Detector.ToString(), finding.Signature,
                version = finding.SignatureVersion, at = now.ToMicros(),
            })).Select(static row => row.ToSignal()).FirstOrDefault();

    public static async Task<IReadOnlyList<ConductSignal>> ListAsync(StoreSession session, SignalState? state, string after, int limit) =>
        [.. (await session.QueryAsync<Row>(
            $"{Select} where id > @after{(state is null ? "" : " and state = @state")} order by id limit @limit", new { after, state = state?.ToString(), limit })).Select(static row => row.ToSignal())];

    public static async Task<IReadOnlyList<ConductSignal>> OfCaseAsync(StoreSession session, string caseId) =>
        [.. (await session.QueryAsync<Row>(Select + " where case_id = @caseId order by id", new { caseId })).Select(static row => row.ToSignal())];

    public static Task<int> WriteAsync(StoreSession session, ConductSignal item) => session.ExecuteAsync(
        """
        insert into conduct_signal(id, organisation, owner, end_customer, detector, signature, version, strength, state, source, recorded_at, updated_at, window_until, case_id, finding)
        values(@Id, @Organisation, @Owner, @EndCustomer, @Detector, @Signature, @Version, @Strength, @State, @Source, @RecordedAt, @UpdatedAt, @WindowUntil, @CaseId, @Finding)
        on conflict(id) do update set strength = excluded.strength, state = excluded.state, source = excluded.source, updated_at = excluded.updated_at, case_id = excluded.case_id, finding = excluded.finding
        """,
        new
        {
            item.Id, item.Finding.Account.Organisation, item.Finding.Account.Owner, EndCustomer = item.Finding.Account.EndCustomer ?? "", Detector = item.Finding.Detector.ToString(),
            item.Finding.Signature, Version = item.Finding.SignatureVersion, Strength = item.Finding.Strength.ToString(), State = item.State.ToString(), item.Source,
            RecordedAt = item.RecordedAt.ToMicros(), UpdatedAt = item.UpdatedAt.ToMicros(), WindowUntil = item.WindowUntil.ToMicros(), CaseId = item.Case, Finding = StoredJson.Write(item.Finding),
        });

    public static async Task<UseQuestion?> FindQuestionAsync(StoreSession session, string id) =>
        (await session.FindAsync<QuestionRow>(SelectQuestion + " where id = @id", new { id }))?.ToQuestion();

    public static async Task<IReadOnlyList<UseQuestion>> ListQuestionsAsync(StoreSession session, string after, int limit) =>
        [.. (await session.QueryAsync<QuestionRow>(SelectQuestion + " where id > @after order by id limit @limit", new { after, limit })).Select(static row => row.ToQuestion())];

    public static async Task<IReadOnlyList<UseQuestion>> QuestionsOfAsync(StoreSession session, ConductAccount account) =>
        [.. (await session.QueryAsync<QuestionRow>(
            SelectQuestion + " where owner = @Owner and organisation = @Organisation and end_customer = @EndCustomer order by id", CaseRows.Key(account))).Select(static row => row.ToQuestion())];

    public static async Task<IReadOnlyList<UseQuestion>> QuestionsDueAsync(StoreSession session, DateTimeOffset now, int limit) =>
        [.. (await session.QueryAsync<QuestionRow>(
            SelectQuestion + " where due_at <= @At and answered_at is null and overdue_at is null order by due_at, id limit @limit", new { At = now.ToMicros(), limit }))
            .Select(static row => row.ToQuestion())];

    public static Task<int> WriteAsync(StoreSession session, UseQuestion item) => session.ExecuteAsync(
        """
        insert into conduct_question(id, signal, organisation, owner, end_customer, asked_at, due_at, uses, answer, answered_by, answered_at, overdue_at)
        values(@Id, @Signal, @Organisation, @Owner, @EndCustomer, @AskedAt, @DueAt, @Uses, @Answer, @AnsweredBy, @AnsweredAt, @OverdueAt)
        on conflict(id) do update set uses = excluded.uses, answer = excluded.answer, answered_by = excluded.answered_by, answered_at = excluded.answered_at, overdue_at = excluded.overdue_at
        """,
        new QuestionRow(
            item.Id, item.Signal, item.Account.Organisation, item.Account.Owner, item.Account.EndCustomer ?? "", item.AskedAt.ToMicros(), item.DueAt.ToMicros(),
            item.Uses is null ? null : string.Join(' ', item.Uses), item.Answer, item.AnsweredBy, item.AnsweredAt?.ToMicros(), item.OverdueAt?.ToMicros()));

    private static DateTimeOffset? Instant(long? micros) => micros is { } at ? StoredTime.FromMicros(at) : null;

    private sealed record Row(string Id, string State, string Source, long RecordedAt, long UpdatedAt, long WindowUntil, string? CaseId, string Finding)
    {
        public ConductSignal ToSignal() => new(
            Id, StoredJson.Read<ConductFinding>(Finding), Enum.Parse<SignalState>(State), Source, StoredTime.FromMicros(RecordedAt), StoredTime.FromMicros(UpdatedAt), StoredTime.FromMicros(WindowUntil), CaseId);
    }

    private sealed record QuestionRow(
        string Id, string Signal, string Organisation, string Owner, string EndCustomer, long AskedAt, long DueAt, string? Uses, string? Answer, string? AnsweredBy, long? AnsweredAt, long? OverdueAt)
    {
        public UseQuestion ToQuestion() => new(Id, Signal, new ConductAccount(Organisation, Owner, EndCustomer.Length == 0 ? null : EndCustomer), StoredTime.FromMicros(AskedAt), StoredTime.FromMicros(DueAt))
        {
            Uses = Uses?.Split(' '),
            Answer = Answer,
            AnsweredBy = AnsweredBy,
            AnsweredAt = Instant(AnsweredAt),
            OverdueAt = Instant(OverdueAt),
        };
    }
}
