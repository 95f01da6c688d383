using System.Globalization;
using Dogana.Catalog.Provisioned;
using Dogana.Storage;

namespace Dogana.Catalog;

/// <summary>Reads and declares the catalogue.</summary>
public static class CatalogRegister
{
    /// <summary>The catalogue, as committed.</summary>
    public static async Task<CatalogTable> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var models = await session.QueryAsync<ModelRow>(
            """
            select id as Id, owner as Owner, kind as Kind, context_tokens as ContextTokens, max_output_tokens as MaxOutputTokens, tokenizer as Tokenizer,
                is_restricted as IsRestricted, released_at as ReleasedAt, deprecated_at as DeprecatedAt, retires_at as RetiresAt, replacement as Replacement,
                requests_per_thousand_tokens as RequestsPerThousandTokens
            from model order by id
            """);
        var offers = (await ProvisionedRows.ReadOffersAsync(session)).ToLookup(static item => item.Model, static item => item.Offer, StringComparer.Ordinal);
        var upstreams = await session.QueryAsync<UpstreamRow>(
            """
            select id as Id, kind as Kind, base_url as BaseUrl, secret_env as SecretEnv, api_version as ApiVersion, region as Region, on_disconnect as OnDisconnect,
                operations as Operations, open_calls_max as OpenCallsMax, queue_max as QueueMax, queue_seconds as QueueSeconds,
                forwards_service_tier as ForwardsServiceTier, cost_book as CostBook
            from upstream order by id
            """);
        var deployments = await session.QueryAsync<DeploymentRow>(
            """
            select name as Name, model as Model, default_output_cap as DefaultOutputCap, requests_per_minute as RequestsPerMinute, tokens_per_minute as TokensPerMinute,
                region as Region, observes_limits as ObservesLimits, type as Type, units as Units, project as Project, spillover as Spillover,
                filter_policy as FilterPolicy
            from deployment order by name
            """);
        var routes = (await session.QueryAsync<RouteRow>(
            """
            select deployment as Deployment, position as Position, upstream as Upstream, upstream_model as UpstreamModel, priority as Priority, weight as Weight
            from deployment_route order by deployment, position
            """)).ToLookup(static row => row.Deployment, StringComparer.Ordinal);
        var markets = await session.QueryAsync<MarketRow>("select country as Country, models as Models, channels as Channels from market order by country");
        return new CatalogTable(
            [.. models.Select(row => row.ToModel(offers[row.Id]))],
            [.. upstreams.Select(static row => row.ToUpstream())],
            [.. deployments.Select(row => row.ToDeployment(routes[row.Name]))],
            [.. markets.Select(static row => new Market(row.Country, row.Models.Split(' '), row.Channels.Split(' ')))])
        {
            Waves = await ReleaseWaves.ReadAsync(session),
        };
    }

    /// <summary>Makes the catalogue hold what is declared; what is not named stays.</summary>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, IReadOnlyList<Model> models, IReadOnlyList<Upstream> upstreams, IReadOnlyList<Deployment> deployments, IReadOnlyList<Market> markets)
    {
        ArgumentNullException.ThrowIfNull(session);
        var present = await ReadAsync(session);
        return
        [
            .. await DeclareModelsAsync(session, present, models),
            .. await session.DeclareAsync(
                "upstream", [.. present.Upstreams.Values], upstreams, static item => item.Id,
                """
                insert into upstream(id, kind, base_url, secret_env, api_version, region, on_disconnect, operations, open_calls_max, queue_max, queue_seconds,
                    forwards_service_tier, cost_book)
                values(@Id, @Kind, @BaseUrl, @SecretEnv, @ApiVersion, @Region, @OnDisconnect, @Operations, @OpenCallsMax, @QueueMax, @QueueSeconds,
                    @ForwardsServiceTier, @CostBook)
                on conflict(id) do update set kind = excluded.kind, base_url = excluded.base_url, secret_env = excluded.secret_env,
                    api_version = excluded.api_version, region = excluded.region, on_disconnect = excluded.on_disconnect,
                    operations = excluded.operations, open_calls_max = excluded.open_calls_max, queue_max = excluded.queue_max,
                    queue_seconds = excluded.queue_seconds, forwards_service_tier = excluded.forwards_service_tier, cost_book = excluded.cost_book
                """,
                UpstreamRow.Of),
            .. await DeclareDeploymentsAsync(session, present, deployments),
            .. await session.DeclareAsync(
                "market", [.. present.Markets.Values], markets, static item => item.Country,
                """
                insert into market(country, models, channels) values(@Country, @Models, @Channels)
                on conflict(country) do update set models = excluded.models, channels = excluded.channels
                """,
                static item => new MarketRow(item.Country, string.Join(' ', item.Models), string.Join(' ', item.Channels))),
        ];
    }

    private static async Task<IReadOnlyList<Change>> DeclareModelsAsync(StoreSession session, CatalogTable present, IReadOnlyList<Model> models)
    {
        var changes = await session.DeclareAsync(
            "model", [.. present.Models.Values], models, static item => item.Id,
            """
            insert into model(id, owner, kind, context_tokens, max_output_tokens, tokenizer, is_restricted, released_at, deprecated_at, retires_at, replacement,
                requests_per_thousand_tokens)
            values(@Id, @Owner, @Kind, @ContextTokens, @MaxOutputTokens, @Tokenizer, @IsRestricted, @ReleasedAt, @DeprecatedAt, @RetiresAt, @Replacement, @RequestsPerThousandTokens)
            on conflict(id) do update set owner = excluded.owner, kind = excluded.kind,
                context_tokens = excluded.context_tokens, max_output_tokens = excluded.max_output_tokens, tokenizer = excluded.tokenizer,
                is_restricted = excluded.is_restricted, released_at = excluded.released_at, deprecated_at = excluded.deprecated_at,
                retires_at = excluded.retires_at, replacement = excluded.replacement, requests_per_thousand_tokens = excluded.requests_per_thousand_tokens
            """,
            ModelRow.Of);
        foreach (var (model, _) in models.Zip(changes).Where(static pair => pair.Second.Kind != ChangeKind.Unchanged))
        {
            await ProvisionedRows.WriteOffersAsync(session, model);
        }

        return changes;
    }

    private static async Task<IReadOnlyList<Change>> DeclareDeploymentsAsync(StoreSession session, CatalogTable present, IReadOnlyList<Deployment> deployments)
    {
        var changes = await session.DeclareAsync(
            "deployment", [.. present.Deployments.Values], deployments, static item => item.Name,
            """
            insert into deployment(name, model, default_output_cap, requests_per_minute, tokens_per_minute, region, observes_limits, type, units, project, spillover, filter_policy)
            values(@Name, @Model, @DefaultOutputCap, @RequestsPerMinute, @TokensPerMinute, @Region, @ObservesLimits, @Type, @Units, @Project, @Spillover, @FilterPolicy)
            on conflict(name) do update set model = excluded.model, default_output_cap = excluded.default_output_cap,
                requests_per_minute = excluded.requests_per_minute, tokens_per_minute = excluded.tokens_per_minute, region = excluded.region,
                observes_limits = excluded.observes_limits,
                type = excluded.type, units = excluded.units, project = excluded.project, spillover = excluded.spillover, filter_policy = excluded.filter_policy
            """,
            static item => new DeploymentRow(
                item.Name, item.Model, item.DefaultOutputCap, item.RequestsPerMinute, item.TokensPerMinute, item.Region,
                item.ObservesLimits ? 1 : 0, item.Type.ToString(), item.Units, item.Project, item.Spillover, item.FilterPolicy));
        foreach (var (deployment, _) in deployments.Zip(changes).Where(static pair => pair.Second.Kind != ChangeKind.Unchanged))
        {
            await session.ExecuteAsync("delete from deployment_route where deployment = @Name", new { deployment.Name });
            foreach (var (position, route) in deployment.Routes.Index())
            {
                await session.ExecuteAsync(
                    """
                    insert into deployment_route(deployment, position, upstream, upstream_model, priority, weight)
                    values(@Deployment, @Position, @Upstream, @UpstreamModel, @Priority, @Weight)
                    """,
                    new RouteRow(deployment.Name, position + 1, route.Upstream, route.UpstreamModel, route.Order, route.Weight));
            }
        }

        return changes;
    }

    private sealed record ModelRow(
        string Id, string Owner, string Kind, long ContextTokens, long MaxOutputTokens, string Tokenizer, long IsRestricted, long? ReleasedAt, long? DeprecatedAt,
        long? RetiresAt, string? Replacement, string? RequestsPerThousandTokens)
    {
        public static ModelRow Of(Model item) => new(
            item.Id, item.Owner, item.Kind.ToString(), item.ContextTokens, item.MaxOutputTokens, item.Tokenizer.ToString(), item.IsRestricted ? 1 : 0,
            item.ReleasedAt?.ToMicros(), item.DeprecatedAt?.ToMicros(), item.RetiresAt?.ToMicros(), item.Replacement,
            item.RequestsPerThousandTokens?.ToString(CultureInfo.InvariantCulture));

        public Model ToModel(IEnumerable<ProvisionedOffer> offers) => new(Id, Owner, Enum.Parse<ModelKind>(Kind), ContextTokens, MaxOutputTokens)
        {
            Tokenizer = Enum.Parse<TokenizerKind>(Tokenizer),
            IsRestricted = IsRestricted == 1,
            ReleasedAt = Instant(ReleasedAt),
            DeprecatedAt = Instant(DeprecatedAt),
            RetiresAt = Instant(RetiresAt),
            Replacement = Replacement,
            RequestsPerThousandTokens = RequestsPerThousandTokens is null ? null : decimal.Parse(RequestsPerThousandTokens, CultureInfo.InvariantCulture),
            Provisioned = offers.ToArray(), // an empty one is the same as that of a model without offers
        };

        private static DateTimeOffset? Instant(long? micros) => micros is { } known ? StoredTime.FromMicros(known) : null;
    }

    private sealed record UpstreamRow(
        string Id, string Kind, string? BaseUrl, string? SecretEnv, string? ApiVersion, string? Region, string OnDisconnect, string? Operations, long? OpenCallsMax,
        long QueueMax, long QueueSeconds, long ForwardsServiceTier, string? CostBook)
    {
        public static UpstreamRow Of(Upstream item) => new(
            item.Id, item.Kind.ToString(), item.BaseUrl, item.SecretEnv, item.ApiVersion, item.Region, item.OnDisconnect.ToString(), item.Operations?.ToString(),
            item.OpenCallsMax, item.QueueMax, (long)item.QueueTime.TotalSeconds, item.ForwardsServiceTier ? 1 : 0, item.CostBook);

        public Upstream ToUpstream() => new(Id, Enum.Parse<UpstreamKind>(Kind), BaseUrl, SecretEnv)
        {
            ApiVersion = ApiVersion,
            Region = Region,
            OnDisconnect = Enum.Parse<DisconnectPolicy>(OnDisconnect),
            Operations = Operations is null ? null : Enum.Parse<UpstreamOperations>(Operations),
            OpenCallsMax = (int?)OpenCallsMax,
            QueueMax = (int)QueueMax,
            QueueTime = TimeSpan.FromSeconds(QueueSeconds),
            ForwardsServiceTier = ForwardsServiceTier == 1,
            CostBook = CostBook,
        };
    }

    private sealed record DeploymentRow(
        string Name, string Model, long DefaultOutputCap, long? RequestsPerMinute, long? TokensPerMinute, string Region, long ObservesLimits, string Type, long Units, string? Project, string? Spillover, string? FilterPolicy)
    {
        public Deployment ToDeployment(IEnumerable<RouteRow> routes) =>
            new(Name, Model, [.. routes.Select(static row => new Route(row.Upstream, row.UpstreamModel, (int)row.Priority, (int)row.Weight))], DefaultOutputCap)
            {
                RequestsPerMinute = RequestsPerMinute,
                TokensPerMinute = TokensPerMinute,
                Region = Region,
                ObservesLimits = ObservesLimits == 1,
                Type = Enum.Parse<DeploymentType>(Type),
                Units = Units,
                Project = Project,
                Spillover = Spillover,
                FilterPolicy = FilterPolicy,
            };
    }

    private sealed record RouteRow(string Deployment, long Position, string Upstream, string UpstreamModel, long Priority, long Weight);

    private sealed record MarketRow(string Country, string Models, string Channels);
}
