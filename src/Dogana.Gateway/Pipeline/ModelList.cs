using System.Text.Json;
using Dogana.Catalog;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>The models that a caller may call now: sold in its market, on its channel, at a known price, and not suspended.</summary>
internal static class ModelList
{
    public static async Task ListAsync(HttpContext http, Dialect dialect, SnapshotKeeper snapshots, CountryFile countries, TimeProvider time)
    {
        if (!Allowed(http, snapshots, countries, time.GetUtcNow()).TryGet(out var deployments, out var problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        await WriteAsync(http.Response, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            foreach (var (deployment, model) in deployments)
            {
                WriteModel(writer, deployment, model);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public static async Task GetAsync(HttpContext http, Dialect dialect, string id, SnapshotKeeper snapshots, CountryFile countries, TimeProvider time)
    {
        if (!Allowed(http, snapshots, countries, time.GetUtcNow()).TryGet(out var deployments, out var problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        var found = deployments.FirstOrDefault(item => item.Deployment.Name == id);
        if (found.Deployment is null)
        {
            await dialect.WriteErrorAsync(http.Response, new Problem(ProblemCode.ModelNotFound, $"The model '{id}' does not exist or you do not have access to it.", "model"));
            return;
        }

        await WriteAsync(http.Response, writer => WriteModel(writer, found.Deployment, found.Model));
    }

    private static Outcome<IReadOnlyList<(Deployment Deployment, Model Model)>> Allowed(HttpContext http, SnapshotKeeper snapshots, CountryFile countries, DateTimeOffset now)
    {
        if (!snapshots.Current.TryGet(out var snapshot, out var problem)
            || !CallSteps.Identify(snapshot, CallOrigin.Of(http, countries.Current), now).TryGet(out var caller, out problem))
        {
            return problem;
        }

        return snapshot.Catalog.Deployments.Values
            .Where(deployment => deployment.IsFor(caller.Project.Id))
            .Select(deployment => (deployment, Model: snapshot.Catalog.Models[deployment.Model]))
            .Where(item => snapshot.Admission.Find(caller.FactsOf(item.Model)) is { Refusal: null } decision
                && item.deployment.Routes.Any(route => decision.Forbids(snapshot.Catalog.Upstreams[route.Upstream]) is null)
                && CallSteps.Price(snapshot, caller, item.deployment, item.Model, 1, item.Model.Kind == ModelKind.Chat ? 1 : 0, now).Problem is null)
            .OrderBy(static item => item.deployment.Name, StringComparer.Ordinal)
            .ToArray();
    }

    private static void WriteModel(Utf8JsonWriter writer, Deployment deployment, Model model)
    {
        writer.WriteStartObject();
        writer.WriteString("id", deployment.Name);
        writer.WriteString("object", "model");
        writer.WriteNumber("created", 0);
        writer.WriteString("owned_by", model.Owner);
        writer.WriteEndObject();
    }

    private static async Task WriteAsync(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(stream, WireJson.Options))
        {
            write(writer);
        }

        response.ContentType = "application/json";
        response.ContentLength = stream.Length;
        await response.BodyWriter.WriteAsync(stream.GetBuffer().AsMemory(0, (int)stream.Length));
    }
}
