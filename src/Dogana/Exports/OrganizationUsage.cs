using System.Globalization;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Exports;

/// <summary>Usage and costs as OpenAI's administration API has them, below <c>/v1/organization</c>, with an admin key of one's own; a tenant's reaches the tenant's only.</summary>
public static class OrganizationUsage
{
    /// <summary>Where it stands.</summary>
    public const string Prefix = "/v1/organization";

    private static readonly Dictionary<string, string> Groups = new(StringComparer.Ordinal)
    {
        ["project_id"] = "project", ["api_key_id"] = "key_id", ["model"] = "model", ["service_tier"] = "service_tier",
    };

    // The path of each kind's usage, the name of what it counts, and what that is counted by.
    private static readonly (ModelKind Kind, string Name, string? Unit)[] Usages =
    [
        (ModelKind.Chat, "completions", null), (ModelKind.Embedding, "embeddings", null), (ModelKind.Image, "images", "images"), (ModelKind.Speech, "audio_speeches", "characters"),
        (ModelKind.Transcription, "audio_transcriptions", "seconds"),
    ];

    /// <summary>Maps <c>usage/completions</c>, <c>usage/embeddings</c>, <c>usage/images</c>, <c>usage/audio_speeches</c>, <c>usage/audio_transcriptions</c> and <c>costs</c>.</summary>
    public static void MapOrganizationUsage(this IEndpointRouteBuilder routes)
    {
        foreach (var (kind, name, _) in Usages)
        {
            routes.MapGet($"{Prefix}/usage/{name}", (Store store, HttpContext http) => ReadUsageAsync(store, http, kind)).NeedsInReach(Permission.UsageRead);
        }

        routes.MapGet(Prefix + "/costs", ReadCostsAsync).NeedsInReach(Permission.InvoiceRead);
    }

    private static async Task<IResult> ReadUsageAsync(Store store, HttpContext http, ModelKind kind)
    {
        if (!BucketPage.Of(http.Request.Query, isCosts: false, http.RequestServices.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System).TryGet(out var page, out var problem))
        {
            return problem.ToHttp();
        }

        var query = http.Request.Query;
        var unknown = page.GroupBy.FirstOrDefault(group => ColumnOf(kind, group) is null);
        if (unknown is not null || query.ContainsKey("user_ids") || query.ContainsKey("batch"))
        {
            return new Problem(ProblemCode.InvalidRequest, "Usage is grouped by project_id, api_key_id, model and service_tier (of images by size too), and chosen by project_ids, api_key_ids and models.", unknown is null ? "user_ids" : "group_by").ToHttp();
        }

        var wanted = BucketPage.List(query, "models");
        var buckets = await store.ReadAsync(
            async session =>
            {
                var models = (await CatalogRegister.ReadAsync(session)).Models.Values.Where(model => model.Kind == kind).Select(static model => model.Id);
                return await UsageSums.ByBucketAsync(
                    session,
                    new BucketQuery(
                        page.From, page.To, page.Width, [.. models.Where(model => wanted is null || wanted.Contains(model, StringComparer.Ordinal))], BucketPage.List(query, "project_ids"),
                        BucketPage.List(query, "api_key_ids"), [.. page.GroupBy.Select(group => ColumnOf(kind, group)!)]) { Unit = Meter.UnitOf(kind) },
                    http.GetReach());
            },
            http.RequestAborted);
        var bySpan = buckets.ToLookup(static bucket => bucket.Bucket);
        return Results.Json(page.Answer(index => (kind == ModelKind.Image ? BySize(bySpan[index]) : bySpan[index]).Select(bucket => Result(kind, bucket))));
    }

    private static string? ColumnOf(ModelKind kind, string group) => group == "size" && kind == ModelKind.Image ? "meter" : Groups.GetValueOrDefault(group);

    // Images of a size are those of all its qualities.
    private static IEnumerable<UsageBucket> BySize(IEnumerable<UsageBucket> buckets) => buckets
        .GroupBy(static bucket => bucket with { Meter = bucket.Meter is null ? null : Meter.Find(bucket.Meter)?.ImageSize, Calls = 0, InputTokens = 0, CachedInputTokens = 0, OutputTokens = 0, Units = 0 })
        .Select(static group => group.Key with { Calls = group.Sum(static bucket => bucket.Calls), Units = group.Sum(static bucket => bucket.Units) });

    private static Dictionary<string, object?> Result(ModelKind kind, UsageBucket bucket)
    {
        var (_, name, unit) = Usages.First(usage => usage.Kind == kind);
        var result = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["object"] = $"organization.usage.{name}.result",
            [unit ?? "input_tokens"] = unit is null ? bucket.InputTokens + bucket.CachedInputTokens : bucket.Units, // OpenAI's count has the cached ones in it
            ["num_model_requests"] = bucket.Calls,
            ["project_id"] = bucket.Project,
            ["user_id"] = null,
            ["api_key_id"] = bucket.Key,
            ["model"] = bucket.Model,
        };
        if (kind == ModelKind.Chat)
        {
            result["input_cached_tokens"] = bucket.CachedInputTokens;
            result["input_uncached_tokens"] = bucket.InputTokens;
            result["output_tokens"] = bucket.OutputTokens;
            result["batch"] = null;
            result["service_tier"] = bucket.ServiceTier is null ? null : EnumWords.Of(Enum.Parse<ServiceTier>(bucket.ServiceTier));
        }

        if (kind == ModelKind.Image)
        {
            result["source"] = "image.generation";
            result["size"] = bucket.Meter;
        }

        return result;
    }

    private static async Task<IResult> ReadCostsAsync(Store store, TimeProvider time, HttpContext http)
    {
        var query = http.Request.Query;
        if (!BucketPage.Of(query, isCosts: true, time).TryGet(out var page, out var problem))
        {
            return problem.ToHttp();
        }

        if (page.GroupBy.Any(static group => group != "line_item") || query.ContainsKey("project_ids") || query.ContainsKey("api_key_ids"))
        {
            return new Problem(ProblemCode.InvalidRequest, "Costs are kept by model and meter: group_by line_item. For projects and keys ask usage/completions with the group_by of your choice.", "group_by").ToHttp();
        }

        var costs = (await store.ReadAsync(session => AccruedQuantities.SumCostsAsync(session, page.From, page.To, page.Width, http.GetReach()), http.RequestAborted))
            .ToLookup(cost => (cost.Day - page.From).Ticks / page.Width.Ticks);
        return Results.Json(page.Answer(index => costs[index]
            .GroupBy(cost => (cost.Cost.Currency, Item: page.GroupBy.Count > 0 ? $"{cost.Model}, {cost.Meter.Replace('_', ' ')}" : null))
            .Select(static group => new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["object"] = "organization.costs.result",
                ["amount"] = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["value"] = Money.Sum(group.Select(static cost => cost.Cost), group.Key.Currency).Amount,
                    ["currency"] = group.Key.Currency.Code.ToLower(CultureInfo.InvariantCulture),
                },
                ["line_item"] = group.Key.Item,
                ["project_id"] = null,
                ["api_key_id"] = null,
                ["quantity"] = group.Key.Item is null ? null : group.Sum(static cost => cost.Quantity),
            })));
    }
}
