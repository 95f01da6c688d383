using Dogana.Storage;

namespace Dogana.Terms.Rows;

/// <summary>The tables of Terms.</summary>
internal static class TermsRows
{
    public static async Task<IReadOnlyList<UsageTerms>> ReadTermsAsync(StoreSession session)
    {
        var versions = (await session.QueryAsync<VersionRow>(
            """
            select terms as Terms, version as Version, effective_from as EffectiveFrom, accept_by as AcceptBy, text_url as TextUrl, text_sha256 as TextSha256,
                serve as Serve, log as Log, evaluate as Evaluate, train as Train, competing_models as CompetingModels, note as Note
            from usage_terms_version order by terms, effective_from
            """)).ToLookup(static row => row.Terms, static row => row.ToVersion(), StringComparer.Ordinal);
        var terms = await session.QueryAsync<TermsRow>("select id as Id, name as Name, owner as Owner, models as Models, channels as Channels from usage_terms");
        return [.. terms.OrderBy(static row => row.Id, StringComparer.Ordinal)
            .Select(row => new UsageTerms(row.Id, row.Name, row.Owner, row.Models?.Split(' '), row.Channels?.Split(' '), [.. versions[row.Id]]))];
    }

    public static Task<IReadOnlyList<Change>> DeclareTermsAsync(StoreSession session, IReadOnlyList<UsageTerms> present, IReadOnlyList<UsageTerms> terms) =>
        session.DeclareAsync(
            "terms", [.. present.Select(static item => item with { Versions = [] })], [.. terms.Select(static item => item with { Versions = [] })], static item => item.Id,
            """
            insert into usage_terms(id, name, owner, models, channels) values(@Id, @Name, @Owner, @Models, @Channels)
            on conflict(id) do update set name = excluded.name, owner = excluded.owner, models = excluded.models, channels = excluded.channels
            """,
            static item => new TermsRow(item.Id, item.Name, item.Owner, Join(item.Models), Join(item.Channels)));

    public static Task PublishAsync(StoreSession session, TermsVersion version, DateTimeOffset now) => session.ExecuteAsync(
        """
        insert into usage_terms_version(terms, version, effective_from, accept_by, text_url, text_sha256, serve, log, evaluate, train, competing_models, note, published_at)
        values(@Terms, @Version, @EffectiveFrom, @AcceptBy, @TextUrl, @TextSha256, @Serve, @Log, @Evaluate, @Train, @CompetingModels, @Note, @PublishedAt)
        """,
        new
        {
            version.Terms, version.Version, EffectiveFrom = version.EffectiveFrom.ToMicros(), AcceptBy = version.AcceptBy?.ToMicros(), version.TextUrl, version.TextSha256,
            Serve = Flag(version.Serve), Log = Flag(version.Log), Evaluate = Flag(version.Evaluate), Train = Flag(version.Train),
            CompetingModels = Flag(version.AllowsCompetingModels), version.Note, PublishedAt = now.ToMicros(),
        });

    public static async Task<IReadOnlyList<LicenceGrant>> ReadExceptionsAsync(StoreSession session) => [.. (await session.QueryAsync<ExceptionRow>(
        """
        select id as Id, organisation as Organisation, terms as Terms, grants as Grants, valid_from as ValidFrom, valid_to as ValidTo,
            approved_by as ApprovedBy, reason as Reason
        from licence_exception order by id
        """)).Select(static row => row.ToException())];

    public static async Task<IReadOnlyList<Change>> DeclareExceptionsAsync(StoreSession session, IReadOnlyList<LicenceGrant> exceptions) => await session.DeclareAsync(
        "licence_exception", await ReadExceptionsAsync(session), exceptions, static item => item.Id,
        """
        insert into licence_exception(id, organisation, terms, grants, valid_from, valid_to, approved_by, reason)
        values(@Id, @Organisation, @Terms, @Grants, @ValidFrom, @ValidTo, @ApprovedBy, @Reason)
        on conflict(id) do update set organisation = excluded.organisation, terms = excluded.terms, grants = excluded.grants, valid_from = excluded.valid_from,
            valid_to = excluded.valid_to, approved_by = excluded.approved_by, reason = excluded.reason
        """,
        static item => new ExceptionRow(
            item.Id, item.Organisation, item.Terms, item.Grants.ToString(), item.From.ToMicros(), item.To?.ToMicros(), item.ApprovedBy, item.Reason));

    public static async Task<IReadOnlyList<DeclaredUse>> ReadUsesAsync(StoreSession session) => [.. (await session.QueryAsync<UseRow>(
        """
        select project as Project, kind as Kind, monthly_tokens as MonthlyTokens, description as Description, valid_to as ValidTo
        from declared_use order by project, kind
        """)).Select(static row => row.ToUse())];

    public static async Task<IReadOnlyList<Change>> DeclareUsesAsync(StoreSession session, IReadOnlyList<DeclaredUse> uses) => await session.DeclareAsync(
        "declared_use", await ReadUsesAsync(session), uses, static item => $"{item.Project}/{item.Use}",
        """
        insert into declared_use(project, kind, monthly_tokens, description, valid_to) values(@Project, @Kind, @MonthlyTokens, @Description, @ValidTo)
        on conflict(project, kind) do update set monthly_tokens = excluded.monthly_tokens, description = excluded.description, valid_to = excluded.valid_to
        """,
        static item => new UseRow(item.Project, item.Use, item.MonthlyTokens, item.Description, item.To?.ToMicros()));

    private static string? Join(IReadOnlyList<string>? names) => names is null ? null : string.Join(' ', names);

    private static long Flag(bool flag) => flag ? 1 : 0;

    private static DateTimeOffset? Instant(long? micros) => micros is { } at ? StoredTime.FromMicros(at) : null;

    private sealed record TermsRow(string Id, string Name, string Owner, string? Models, string? Channels);

    private sealed record VersionRow(
        string Terms, string Version, long EffectiveFrom, long? AcceptBy, string? TextUrl, string? TextSha256, long Serve, long Log, long Evaluate, long Train,
        long CompetingModels, string? Note)
    {
        public TermsVersion ToVersion() => new(
            Terms, Version, StoredTime.FromMicros(EffectiveFrom), Instant(AcceptBy), Serve == 1, Log == 1, Evaluate == 1, Train == 1, CompetingModels == 1)
        {
            TextUrl = TextUrl,
            TextSha256 = TextSha256,
            Note = Note,
        };
    }

    private sealed record ExceptionRow(
        string Id, string Organisation, string Terms, string Grants, long ValidFrom, long? ValidTo, string ApprovedBy, string Reason)
    {
        public LicenceGrant ToException() => new(
            Id, Organisation, Terms, Enum.Parse<LicenceScope>(Grants), StoredTime.FromMicros(ValidFrom), Instant(ValidTo), ApprovedBy, Reason);
    }

    private sealed record UseRow(string Project, string Kind, long MonthlyTokens, string Description, long? ValidTo)
    {
        public DeclaredUse ToUse() => new(Project, Kind, MonthlyTokens, Description, Instant(ValidTo));
    }
}
