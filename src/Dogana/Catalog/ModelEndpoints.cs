using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Catalog;

/// <summary>Models in the admin API. They are changed by applying a world file.</summary>
public static class ModelEndpoints
{
    /// <summary>Maps <c>GET /models</c> and <c>GET /models/{id}</c>.</summary>
    public static RouteGroupBuilder MapModels(this RouteGroupBuilder admin)
    {
        admin.MapGet("/models", ListAsync).Produces<Page<ModelRecord>>().WithSummary("The models with their lives and release waves, by id, in pages; those of an owner or in a state where these are given").Needs(Permission.ModelRead);
        admin.MapGet("/models/{id}", GetAsync).Produces<ModelRecord>().WithSummary("A model with its life and its release waves").Needs(Permission.ModelRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, string? owner, string? state, int? limit, string? after, CancellationToken cancellation)
    {
        var wanted = EnumWords.Find<ModelState>(state);
        if (state is not null && wanted is null)
        {
            return new Problem(ProblemCode.InvalidRequest, "A model's state is active, deprecated or retired.", "state").ToHttp();
        }

        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var catalog = await store.ReadAsync(CatalogRegister.ReadAsync, cancellation);
        var now = time.GetUtcNow();
        var models = catalog.Models.Values.Where(model => (owner is null || model.Owner == owner) && (wanted is null || model.StateAt(now) == wanted));
        return Results.Json(Paging.Of(models, after, rows, static model => model.Id, model => ToRecord(model, catalog, now)));
    }

    private static async Task<IResult> GetAsync(Store store, TimeProvider time, string id, CancellationToken cancellation)
    {
        var catalog = await store.ReadAsync(CatalogRegister.ReadAsync, cancellation);
        return catalog.Models.TryGetValue(id, out var model)
            ? Results.Json(ToRecord(model, catalog, time.GetUtcNow()))
            : new Problem(ProblemCode.NotFound, $"No model has the id '{id}'. 'dogana model list' shows them.", "id").ToHttp();
    }

    private static ModelRecord ToRecord(Model model, CatalogTable catalog, DateTimeOffset now) => new(
        model.Id, model.Owner, EnumWords.Of(model.Kind), model.ContextTokens, model.MaxOutputTokens, model.IsRestricted, EnumWords.Of(model.StateAt(now)),
        model.ReleasedAt, model.DeprecatedAt, model.RetiresAt, model.Replacement,
        [.. catalog.Waves.Where(wave => wave.Model == model.Id).OrderBy(static wave => wave.From).Select(static wave => new ReleaseWaveRecord(
            wave.Id, wave.From, wave.Channels, wave.Countries, wave.Organisations, wave.Projects, wave.Families))],
        [.. catalog.Deployments.Values.Where(deployment => deployment.Model == model.Id).Select(static deployment => deployment.Name).Order(StringComparer.Ordinal)]);
}
