using Dogana.Parties.Ownership.Import;
using Dogana.Storage;

namespace Dogana.Parties.Ownership;

/// <summary>Ownership in the store: parties that are known from statements only, statements, rules of control.</summary>
internal static class OwnershipStore
{
    public const string SelectStatements = """
        select id as Id, subject as Subject, interested_party as InterestedParty, interest as Interest, share_min as ShareMin, share_max as ShareMax,
            from_at as FromAt, to_at as ToAt, source as Source, record as Record from ownership_statement
        """;

    public const string SelectParties = "select id as Id, name as Name, kind as Kind, country as Country, lei as Lei from ownership_party";

    // What an import took from a record stays that record's, also where a file declares it anew.
    public const string UpsertStatement = """
        insert into ownership_statement(id, subject, interested_party, interest, share_min, share_max, from_at, to_at, source, record)
        values(@Id, @Subject, @InterestedParty, @Interest, @ShareMin, @ShareMax, @FromAt, @ToAt, @Source, @Record)
        on conflict(id) do update set subject = excluded.subject, interested_party = excluded.interested_party, interest = excluded.interest,
            share_min = excluded.share_min, share_max = excluded.share_max, from_at = excluded.from_at, to_at = excluded.to_at, source = excluded.source,
            record = coalesce(excluded.record, ownership_statement.record)
        """;

    public const string UpsertParty = """
        insert into ownership_party(id, name, kind, country, lei) values(@Id, @Name, @Kind, @Country, @Lei)
        on conflict(id) do update set name = excluded.name, kind = excluded.kind, country = excluded.country, lei = excluded.lei
        """;

    private const string UpsertRule = """
        insert into control_rule(id, owner, threshold, is_inclusive, aggregates, chain, on_unknown, links, from_at, to_at)
        values(@Id, @Owner, @Threshold, @IsInclusive, @Aggregates, @Chain, @OnUnknown, @Links, @FromAt, @ToAt)
        on conflict(id) do update set owner = excluded.owner, threshold = excluded.threshold, is_inclusive = excluded.is_inclusive,
            aggregates = excluded.aggregates, chain = excluded.chain, on_unknown = excluded.on_unknown, links = excluded.links,
            from_at = excluded.from_at, to_at = excluded.to_at
        """;

    public static async Task<IReadOnlyList<OwnershipParty>> ReadPartiesAsync(StoreSession session) =>
        [.. (await session.QueryAsync<PartyRow>(SelectParties + " order by id")).Select(static row => row.ToParty())];

    public static async Task<IReadOnlyList<OwnershipStatement>> ReadStatementsAsync(StoreSession session) =>
        [.. (await session.QueryAsync<StatementRow>(SelectStatements + " order by id")).Select(static row => row.ToStatement())];

    /// <summary>
    /// The statements as they are about organisations: an import knew a party by its LEI alone, and it was declared as an organisation later.
    /// </summary>
    public static IReadOnlyList<OwnershipStatement> Resolve(IReadOnlyList<OwnershipStatement> statements, IEnumerable<Organisation> organisations)
    {
        var byParty = organisations.Where(static item => item.Lei is not null)
            .GroupBy(static item => ImportText.PartyOfLei(item.Lei!), StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.First().Id, StringComparer.Ordinal);
        return byParty.Count == 0 ? statements : [.. statements.Select(item => item with
        {
            Subject = byParty.GetValueOrDefault(item.Subject) ?? item.Subject,
            InterestedParty = item.InterestedParty is null ? null : byParty.GetValueOrDefault(item.InterestedParty) ?? item.InterestedParty,
        })];
    }

    public static async Task<IReadOnlyList<string>> FindByLeiAsync(StoreSession session, string lei, DateTimeOffset at, IReadOnlyList<OwnershipStatement> declared)
    {
        var party = ImportText.PartyOfLei(lei);
        var stored = await session.QueryAsync<StatementRow>(SelectStatements + " where subject = @party or interested_party = @party", new { party });
        return [.. stored.Select(static row => row.ToStatement()).ExceptBy(declared.Select(static item => item.Id), static item => item.Id, StringComparer.Ordinal)
            .Concat(declared.Where(item => item.Subject == party || item.InterestedParty == party))
            .Where(item => !(item.To <= at)).Select(static item => item.Id).Order(StringComparer.Ordinal)];
    }

    public static async Task<IReadOnlyList<ControlRule>> ReadRulesAsync(StoreSession session) => [.. (await session.QueryAsync<RuleRow>(
        """
        select id as Id, owner as Owner, threshold as Threshold, is_inclusive as IsInclusive, aggregates as Aggregates, chain as Chain, on_unknown as OnUnknown,
            links as Links, from_at as FromAt, to_at as ToAt from control_rule order by id
        """)).Select(static row => row.ToRule())];

    /// <summary>At most so many statements after an id, by id.</summary>
    public static async Task<IReadOnlyList<OwnershipStatement>> ReadPageAsync(StoreSession session, string after, int limit) =>
        [.. (await session.QueryAsync<StatementRow>(SelectStatements + " where id > @after order by id limit @limit", new { after, limit })).Select(static row => row.ToStatement())];

    public static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, IReadOnlyList<OwnershipParty> parties, IReadOnlyList<OwnershipStatement> statements, IReadOnlyList<ControlRule> rules) =>
    [
        .. parties.Count == 0 ? [] : await session.DeclareAsync(
            "ownership_party", await ReadPartiesAsync(session), parties, static item => item.Id, UpsertParty, PartyRow.Of),
        .. statements.Count == 0 ? [] : await session.DeclareAsync(
            "ownership_statement", await ReadStatementsAsync(session), statements, static item => item.Id, UpsertStatement, static item => StatementRow.Of(item, null)),
        .. rules.Count == 0 ? [] : await session.DeclareAsync("control_rule", await ReadRulesAsync(session), rules, static item => item.Id, UpsertRule, RuleRow.Of),
    ];

    internal sealed record PartyRow(string Id, string Name, string Kind, string? Country, string? Lei)
    {
        public static PartyRow Of(OwnershipParty item) => new(item.Id, item.Name, item.Kind.ToString(), item.Country, item.Lei);

        public OwnershipParty ToParty() => new(Id, Name, Enum.Parse<OwnershipPartyKind>(Kind), Country, Lei);
    }

    internal sealed record StatementRow(
        string Id, string Subject, string? InterestedParty, string Interest, long ShareMin, long ShareMax, long? FromAt, long? ToAt, string Source, string? Record)
    {
        public static StatementRow Of(OwnershipStatement item, string? record) => new(
            item.Id, item.Subject, item.InterestedParty, item.Interest.ToString(), item.Share.Min, item.Share.Max, item.From?.ToMicros(), item.To?.ToMicros(), item.Source, record);

        public OwnershipStatement ToStatement() => new(
            Id, Subject, InterestedParty, Enum.Parse<InterestKind>(Interest), new ShareRange(ShareMin, ShareMax), Instant(FromAt), Instant(ToAt), Source);
    }

    private sealed record RuleRow(
        string Id, string? Owner, long Threshold, long IsInclusive, long Aggregates, string Chain, string OnUnknown, string Links, long? FromAt, long? ToAt)
    {
        public static RuleRow Of(ControlRule item) => new(
            item.Id, item.Owner, item.Threshold, item.IsInclusive ? 1 : 0, item.Aggregates ? 1 : 0, item.Chain.ToString(), item.Unknown.ToString(),
            string.Join(' ', item.Links), item.From?.ToMicros(), item.To?.ToMicros());

        public ControlRule ToRule() => new(
            Id, Owner, Threshold, IsInclusive == 1, Aggregates == 1, Enum.Parse<ControlChain>(Chain), Enum.Parse<UnknownControl>(OnUnknown),
            [.. Links.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<InterestKind>)], Instant(FromAt), Instant(ToAt));
    }

    private static DateTimeOffset? Instant(long? micros) => micros is { } at ? StoredTime.FromMicros(at) : null;
}
