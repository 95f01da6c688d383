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
            "select id as Id, owner as Owner, kind as Kind, context_tokens as ContextTokens, max_output_tokens as MaxOutputTokens from model order by id");
        var upstreams = await session.QueryAsync<UpstreamRow>("select id as Id, kind as Kind, base_url as BaseUrl, secret_env as SecretEnv from upstream order by id");
        var deployments = await session.QueryAsync<Deployment>(
            "select name as Name, model as Model, upstream as Upstream, upstream_model as UpstreamModel, default_output_cap as DefaultOutputCap from deployment order by name");
        var markets = await session.QueryAsync<MarketRow>("select country as Country, models as Models, channels as Channels from market order by country");
        return new CatalogTable(
            [.. models.Select(static row => new Model(row.Id, row.Owner, Enum.Parse<ModelKind>(row.Kind), row.ContextTokens, row.MaxOutputTokens))],
            [.. upstreams.Select(static row => new Upstream(row.Id, Enum.Parse<UpstreamKind>(row.Kind), row.BaseUrl, row.SecretEnv))],
            deployments,
            [.. markets.Select(static row => new Market(row.Country, row.Models.Split(' '), row.Channels.Split(' ')))]);
    }

    /// <summary>Makes the catalogue hold what is declared; what is not named stays.</summary>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, IReadOnlyList<Model> models, IReadOnlyList<Upstream> upstreams, IReadOnlyList<Deployment> deployments, IReadOnlyList<Market> markets)
    {
        ArgumentNullException.ThrowIfNull(session);
        var present = await ReadAsync(session);
        return
        [
            .. await session.DeclareAsync(
                "model", [.. present.Models.Values], models, static item => item.Id,
                """
                insert into model(id, owner, kind, context_tokens, max_output_tokens) values(@Id, @Owner, @Kind, @ContextTokens, @MaxOutputTokens)
                on conflict(id) do update set owner = excluded.owner, kind = excluded.kind,
                    context_tokens = excluded.context_tokens, max_output_tokens = excluded.max_output_tokens
                """,
                static item => new ModelRow(item.Id, item.Owner, item.Kind.ToString(), item.ContextTokens, item.MaxOutputTokens)),
            .. await session.DeclareAsync(
                "upstream", [.. present.Upstreams.Values], upstreams, static item => item.Id,
                """
                insert into upstream(id, kind, base_url, secret_env) values(@Id, @Kind, @BaseUrl, @SecretEnv)
                on conflict(id) do update set kind = excluded.kind, base_url = excluded.base_url, secret_env = excluded.secret_env
                """,
                static item => new UpstreamRow(item.Id, item.Kind.ToString(), item.BaseUrl, item.SecretEnv)),
            .. await session.DeclareAsync(
                "deployment", [.. present.Deployments.Values], deployments, static item => item.Name,
                """
                insert into deployment(name, model, upstream, upstream_model, default_output_cap) values(@Name, @Model, @Upstream, @UpstreamModel, @DefaultOutputCap)
                on conflict(name) do update set model = excluded.model, upstream = excluded.upstream,
                    upstream_model = excluded.upstream_model, default_output_cap = excluded.default_output_cap
                """,
                static item => item),
            .. await session.DeclareAsync(
                "market", [.. present.Markets.Values], markets, static item => item.Country,
                """
                insert into market(country, models, channels) values(@Country, @Models, @Channels)
                on conflict(country) do update set models = excluded.models, channels = excluded.channels
                """,
                static item => new MarketRow(item.Country, string.Join(' ', item.Models), string.Join(' ', item.Channels))),
        ];
    }

    private sealed record ModelRow(string Id, string Owner, string Kind, long ContextTokens, long MaxOutputTokens);

    private sealed record UpstreamRow(string Id, string Kind, string? BaseUrl, string? SecretEnv);

    private sealed record MarketRow(string Country, string Models, string Channels);
}
