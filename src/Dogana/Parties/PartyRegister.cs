using Dogana.Parties.Ownership;
using Dogana.Storage;

namespace Dogana.Parties;

/// <summary>Reads and declares the parties.</summary>
public static class PartyRegister
{
    private const string SelectOrganisation = """
        select id as Id, name as Name, country as Country, time_zone as TimeZone, parent as Parent, lei as Lei, weight as Weight, tax_id as TaxId, street as Street,
            postal_code as PostalCode, city as City, invoice_email as InvoiceEmail
        from organisation
        """;

    /// <summary>All parties, as committed.</summary>
    public static async Task<PartyTable> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Organisation[] organisations = [.. (await session.QueryAsync<OrganisationRow>($"{SelectOrganisation} order by id")).Select(static row => row.ToOrganisation())];
        var channels = await ReadChannelsAsync(session);
        var agreements = await session.QueryAsync<AgreementRow>("""
            select id as Id, owner as Owner, channel as Channel, measures as Measures, review_hours as ReviewHours, end_customers as EndCustomers, upstreams as Upstreams
            from agreement order by id
            """);
        var projects = await session.QueryAsync<ProjectRow>(
            """
            select id as Id, organisation as Organisation, channel as Channel, stores_answers as StoresAnswers, traces_content as TracesContent, country as Country,
                resells as Resells, service_tier as ServiceTier, may_use_priority as MayUsePriority, filter_policy as FilterPolicy,
                response_cache_seconds as ResponseCacheSeconds
            from project order by id
            """);
        var moves = (await session.QueryAsync<MoveRow>("select project as Project, channel as Channel, at as At from project_move order by project, at"))
            .ToLookup(static row => row.Project, StringComparer.Ordinal);
        return new PartyTable(
            organisations,
            channels,
            [.. agreements.Select(static row => row.ToAgreement())],
            [.. projects.Select(row => row.ToProject(moves[row.Id]))],
            new OwnershipGraph(organisations, OwnershipStore.Resolve(await OwnershipStore.ReadStatementsAsync(session), organisations), await OwnershipStore.ReadRulesAsync(session)))
        {
            OwnershipParties = await OwnershipStore.ReadPartiesAsync(session),
        };
    }

    /// <summary>Some organisations, the channels' sellers and all channels, and nothing else: what documents are made with, however many customers there are.</summary>
    public static async Task<PartyTable> ReadOfAsync(StoreSession session, IEnumerable<string> organisations)
    {
        ArgumentNullException.ThrowIfNull(session);
        var channels = await ReadChannelsAsync(session);
        string[] ids = [.. organisations.Concat(channels.Select(static channel => channel.Seller)).Distinct(StringComparer.Ordinal)];
        var rows = await session.QueryAsync<OrganisationRow>($"{SelectOrganisation} where {session.IsOneOf("id", "ids")} order by id", new { ids = session.List(ids) });
        return new PartyTable([.. rows.Select(static row => row.ToOrganisation())], channels, [], []);
    }

    /// <summary>Who stands behind whom, read without the organisations of which nothing is said: those are their own family, however many they are.</summary>
    public static async Task<OwnershipGraph> ReadOwnershipAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Organisation[] organisations =
        [
            .. (await session.QueryAsync<OrganisationRow>($"{SelectOrganisation} where parent is not null or lei is not null order by id")).Select(static row => row.ToOrganisation()),
        ];
        return new OwnershipGraph(organisations, OwnershipStore.Resolve(await OwnershipStore.ReadStatementsAsync(session), organisations), await OwnershipStore.ReadRulesAsync(session));
    }

    private static async Task<IReadOnlyList<Channel>> ReadChannelsAsync(StoreSession session) =>
        [.. (await session.QueryAsync<ChannelRow>("select id as Id, name as Name, kind as Kind, seller as Seller from channel order by id"))
            .Select(static row => new Channel(row.Id, row.Name, Enum.Parse<ChannelKind>(row.Kind), row.Seller))];

    /// <summary>The time zones of some organisations, by id.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadTimeZonesAsync(StoreSession session, string[] organisations)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<ZoneRow>(
            $"select id as Id, time_zone as TimeZone from organisation where {session.IsOneOf("id", "organisations")}", new { organisations = session.List(organisations) });
        return rows.ToDictionary(static row => row.Id, static row => row.TimeZone, StringComparer.Ordinal);
    }

    /// <summary>
    /// Makes the register hold what is declared about ownership; what is not named stays. Statements are facts about any time: a statement that was wrong
    /// may be declared anew under its id, in the past too.
    /// </summary>
    public static Task<IReadOnlyList<Change>> DeclareOwnershipAsync(
        StoreSession session, IReadOnlyList<OwnershipParty> parties, IReadOnlyList<OwnershipStatement> statements, IReadOnlyList<ControlRule> rules)
    {
        ArgumentNullException.ThrowIfNull(session);
        return OwnershipStore.DeclareAsync(session, parties, statements, rules);
    }

    /// <summary>
    /// The ids of the statements, not over at an instant, that are about an organisation by its LEI alone: an import made them before the organisation was
    /// declared. They are about it for as long as it has the LEI.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="lei">The LEI.</param>
    /// <param name="at">The instant.</param>
    /// <param name="declared">Statements that are to be declared, and count as what they then are.</param>
    public static async Task<IReadOnlyList<string>> FindStatementsByLeiAsync(StoreSession session, string lei, DateTimeOffset at, IReadOnlyList<OwnershipStatement> declared)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(declared);
        return await OwnershipStore.FindByLeiAsync(session, lei, at, declared);
    }

    /// <summary>Makes the register hold what is declared; what is not named stays. Parents stand before their children in the list. Moves of projects are made by <see cref="MoveProjectAsync"/>.</summary>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, IReadOnlyList<Organisation> organisations, IReadOnlyList<Channel> channels, IReadOnlyList<Agreement> agreements, IReadOnlyList<Project> projects)
    {
        ArgumentNullException.ThrowIfNull(session);
        var present = await ReadAsync(session);
        return
        [
            .. await session.DeclareAsync(
                "organisation", [.. present.Organisations.Values], organisations, static item => item.Id,
                """
                insert into organisation(id, name, country, time_zone, parent, lei, weight, tax_id, street, postal_code, city, invoice_email)
                values(@Id, @Name, @Country, @TimeZone, @Parent, @Lei, @Weight, @TaxId, @Street, @PostalCode, @City, @InvoiceEmail)
                on conflict(id) do update set name = excluded.name, country = excluded.country, time_zone = excluded.time_zone, parent = excluded.parent,
                    lei = excluded.lei, weight = excluded.weight, tax_id = excluded.tax_id, street = excluded.street, postal_code = excluded.postal_code,
                    city = excluded.city, invoice_email = excluded.invoice_email
                """,
                static item => item),
            .. await session.DeclareAsync(
                "channel", [.. present.Channels.Values], channels, static item => item.Id,
                """
                insert into channel(id, name, kind, seller) values(@Id, @Name, @Kind, @Seller)
                on conflict(id) do update set name = excluded.name, kind = excluded.kind, seller = excluded.seller
                """,
                static item => new ChannelRow(item.Id, item.Name, item.Kind.ToString(), item.Seller)),
            .. await session.DeclareAsync(
                "agreement", present.Agreements, agreements, static item => item.Id,
                """
                insert into agreement(id, owner, channel, measures, review_hours, end_customers, upstreams)
                values(@Id, @Owner, @Channel, @Measures, @ReviewHours, @EndCustomers, @Upstreams)
                on conflict(id) do update set owner = excluded.owner, channel = excluded.channel, measures = excluded.measures, review_hours = excluded.review_hours,
                    end_customers = excluded.end_customers, upstreams = excluded.upstreams
                """,
                static item => new AgreementRow(
                    item.Id, item.Owner, item.Channel, item.Measures.ToString(), (long?)item.ReviewTime?.TotalHours, item.EndCustomers.ToString(),
                    item.Upstreams is null ? null : string.Join(' ', item.Upstreams))),
            .. await session.DeclareAsync(
                "project", [.. present.Projects.Values.Select(WithoutMoves)], [.. projects.Select(WithoutMoves)], static item => item.Id,
                """
                insert into project(id, organisation, channel, stores_answers, traces_content, country, resells, service_tier, may_use_priority, filter_policy, response_cache_seconds)
                values(@Id, @Organisation, @Channel, @StoresAnswers, @TracesContent, @Country, @Resells, @ServiceTier, @MayUsePriority, @FilterPolicy, @ResponseCacheSeconds)
                on conflict(id) do update set organisation = excluded.organisation, channel = excluded.channel,
                    stores_answers = excluded.stores_answers, traces_content = excluded.traces_content, country = excluded.country, resells = excluded.resells,
                    service_tier = excluded.service_tier, may_use_priority = excluded.may_use_priority, filter_policy = excluded.filter_policy,
                    response_cache_seconds = excluded.response_cache_seconds
                """,
                static item => new ProjectRow(
                    item.Id, item.Organisation, item.Channel, item.StoresAnswers ? 1 : 0, item.TracesContent ? 1 : 0, item.Country, item.Resells ? 1 : 0,
                    item.ServiceTier, item.MayUsePriority ? 1 : 0, item.FilterPolicy, (long?)item.ResponseCacheTime?.TotalSeconds)),
        ];
    }

    /// <summary>Moves a project to another channel from an instant on, which must lie in the future; a move at the same instant is replaced.</summary>
    public static async Task MoveProjectAsync(StoreSession session, string project, ProjectMove move)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(move);
        await session.ExecuteAsync(
            """
            insert into project_move(project, channel, at) values(@project, @Channel, @at) on conflict(project, at) do update set channel = excluded.channel
            """,
            new { project, move.Channel, at = move.At.ToMicros() });
        session.ChangesConfiguration();
    }

    /// <summary>Takes a move back.</summary>
    public static async Task CancelMoveAsync(StoreSession session, string project, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(session);
        await session.ExecuteAsync("delete from project_move where project = @project and at = @micros", new { project, micros = at.ToMicros() });
        session.ChangesConfiguration();
    }

    private static Project WithoutMoves(Project project) => project with { Moves = [] };

    private sealed record OrganisationRow(
        string Id, string Name, string Country, string TimeZone, string? Parent, string? Lei, long Weight, string? TaxId, string? Street, string? PostalCode, string? City,
        string? InvoiceEmail)
    {
        public Organisation ToOrganisation() => new(Id, Name, Country, TimeZone, Parent)
        {
            Lei = Lei,
            Weight = (int)Weight,
            TaxId = TaxId,
            Street = Street,
            PostalCode = PostalCode,
            City = City,
            InvoiceEmail = InvoiceEmail,
        };
    }

    private sealed record ChannelRow(string Id, string Name, string Kind, string Seller);

    private sealed record ProjectRow(
        string Id, string Organisation, string Channel, long StoresAnswers, long TracesContent, string? Country, long Resells, string ServiceTier,
        long MayUsePriority, string? FilterPolicy, long? ResponseCacheSeconds)
    {
        public Project ToProject(IEnumerable<MoveRow> moves) => new(Id, Organisation, Channel)
        {
            StoresAnswers = StoresAnswers == 1,
            TracesContent = TracesContent == 1,
            Country = Country,
            Resells = Resells == 1,
            ServiceTier = ServiceTier,
            MayUsePriority = MayUsePriority == 1,
            FilterPolicy = FilterPolicy,
            ResponseCacheTime = ResponseCacheSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Moves = [.. moves.Select(static move => new ProjectMove(move.Channel, StoredTime.FromMicros(move.At)))],
        };
    }

    private sealed record MoveRow(string Project, string Channel, long At);

    private sealed record ZoneRow(string Id, string TimeZone);

    private sealed record AgreementRow(string Id, string Owner, string Channel, string Measures, long? ReviewHours, string EndCustomers, string? Upstreams)
    {
        public Agreement ToAgreement() => new(Id, Owner, Channel, Enum.Parse<MeasureFlow>(Measures))
        {
            ReviewTime = ReviewHours is { } hours ? TimeSpan.FromHours(hours) : null,
            EndCustomers = Enum.Parse<EndCustomerNaming>(EndCustomers),
            Upstreams = Upstreams?.Split(' '),
        };
    }
}
