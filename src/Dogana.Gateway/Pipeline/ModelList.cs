using System.Text.Json;
using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Gateway.Dialects;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>The models that a caller may call now: in its key's scope, sold in its market, on its channel, at a known price, and not suspended.</summary>
internal sealed class ModelList(Identification identification, TimeProvider time)
{
    public async Task ListAsync(HttpContext http, Dialect dialect)
    {
        if (!(await FindAllowedAsync(http, dialect)).TryGet(out var deployments, out var problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        await JsonAnswer.WriteAsync(http.Response, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            foreach (var item in deployments)
            {
                WriteModel(writer, item);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public async Task GetAsync(HttpContext http, Dialect dialect, string id)
    {
        if (!(await FindAllowedAsync(http, dialect)).TryGet(out var deployments, out var problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        var found = deployments.FirstOrDefault(item => item.Deployment.Name == id);
        if (found is null)
        {
            await dialect.WriteErrorAsync(http.Response, new Problem(ProblemCode.ModelNotFound, $"The model '{id}' does not exist or you do not have access to it.", "model"));
            return;
        }

        await JsonAnswer.WriteAsync(http.Response, writer => WriteModel(writer, found));
    }

    private async Task<Outcome<IReadOnlyList<Listed>>> FindAllowedAsync(HttpContext http, Dialect dialect)
    {
        if (!(await identification.IdentifyAsync(http, dialect)).TryGet(out var identified, out var problem))
        {
            return problem;
        }

        var ((snapshot, _, caller), now) = (identified, time.GetUtcNow());
        return snapshot.Catalog.Deployments.Values
            .Where(deployment => deployment.IsFor(caller.Project.Id))
            .Select(deployment => (Deployment: deployment, Model: snapshot.Catalog.Models[deployment.Model]))
            .Select(item => new Listed(item.Deployment, item.Model, snapshot.Admission.Find(caller.FactsOf(item.Model))))
            .Where(item => item.Decision.Refusal is null && caller.Key.Details.Scope.FindRefusal(item.Deployment.Name) is null
                && item.Deployment.Routes.Any(route => item.Decision.Forbids(snapshot.Catalog.Upstreams[route.Upstream]) is null)
                && CallSteps.HasPrice(snapshot, caller, item.Deployment, item.Model, now))
            .OrderBy(static item => item.Deployment.Name, StringComparer.Ordinal)
            .ToArray();
    }

    private static void WriteModel(Utf8JsonWriter writer, Listed item)
    {
        writer.WriteStartObject();
        writer.WriteString("id", item.Deployment.Name);
        writer.WriteString("object", "model");
        writer.WriteNumber("created", item.Model.ReleasedAt?.ToUnixTimeSeconds() ?? 0);
        writer.WriteString("owned_by", item.Model.Owner);
        if (item.Decision.Deprecation is { } deprecation)
        {
            writer.WriteStartObject("deprecation");
            WriteInstant("deprecated_at", deprecation.DeprecatedAt);
            WriteInstant("retires_at", deprecation.RetiresAt);
            writer.WriteString("replacement", deprecation.Replacement);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();

        void WriteInstant(string name, DateTimeOffset? at)
        {
            if (at is { } known)
            {
                writer.WriteNumber(name, known.ToUnixTimeSeconds());
            }
            else
            {
                writer.WriteNull(name);
            }
        }
    }

    private sealed record Listed(Deployment Deployment, Model Model, AdmissionDecision Decision);
}
