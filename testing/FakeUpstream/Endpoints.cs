using System.Text.Json;

namespace FakeUpstream;

/// <summary>The paths of OpenAI, and of Azure OpenAI with the model in the path.</summary>
internal static class Endpoints
{
    private static readonly string[] DefaultModels = ["fake", "fake-embedding"];

    public static void MapUpstream(this WebApplication app, FakeUpstreamServer server)
    {
        app.MapGet("/healthz/ready", static () => "ready");

        RequestDelegate chat = context => AnswerAsync(context, server, ChatAnswer.SendAsync);
        app.MapPost("/v1/chat/completions", chat);
        app.MapPost("/openai/v1/chat/completions", chat);
        app.MapPost("/openai/deployments/{model}/chat/completions", chat);

        RequestDelegate embeddings = context => AnswerAsync(context, server, EmbeddingAnswer.SendAsync);
        app.MapPost("/v1/embeddings", embeddings);
        app.MapPost("/openai/v1/embeddings", embeddings);
        app.MapPost("/openai/deployments/{model}/embeddings", embeddings);

        var known = server.Options.Models.Count > 0 ? server.Options.Models : DefaultModels;
        RequestDelegate models = context => AnswerAsync(context, server, exchange => SendModelsAsync(exchange, known));
        app.MapGet("/v1/models", models);
        app.MapGet("/openai/v1/models", models);
        app.MapGet("/openai/models", models);

        app.MapFallback(context => AnswerAsync(context, server, static exchange => ErrorAnswer.SendAsync(exchange, FakeScript.Failing(404))));
    }

    private static async Task AnswerAsync(HttpContext context, FakeUpstreamServer server, Func<Exchange, Task> send)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();
        var seen = server.See(context.Request, body);
        try
        {
            await SendAsync(context, server, seen, body, send);
            seen.End(AnswerEnding.Sent);
        }
        catch (CutException)
        {
            seen.End(AnswerEnding.Cut);
            context.Abort();
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            seen.End(AnswerEnding.CallerGone);
            context.Abort();
        }
    }

    private static async Task SendAsync(HttpContext context, FakeUpstreamServer server, SeenRequest seen, byte[] body, Func<Exchange, Task> send)
    {
        JsonElement request;
        string model;
        FakeScript script;
        try
        {
            using var document = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            request = document.RootElement.Clone();
            model = context.GetRouteValue("model") as string ?? request.Text("model") ?? "fake";
            script = server.Next(model);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            await ErrorAnswer.SendAsync(new Exchange(context, seen, default, "", new FakeScript()), FakeScript.Failing(400, ErrorAnswer.Envelope(wrong.Message, "invalid_request_error", null, null)));
            return;
        }

        var exchange = new Exchange(context, seen, request, model, script);
        if (Refusal(context.Request, server.Options, model) is { } refusal)
        {
            await ErrorAnswer.SendAsync(exchange, refusal);
            return;
        }

        await exchange.DelayAsync(script.DelayBeforeFirstByte);
        if (script.Fault == Fault.NeverAnswers)
        {
            await exchange.DelayAsync(Timeout.InfiniteTimeSpan);
        }

        await (script.Status == 200 && script.Body is null ? send(exchange) : ErrorAnswer.SendAsync(exchange, script));
    }

    private static FakeScript? Refusal(HttpRequest request, FakeUpstreamOptions options, string model)
    {
        var bearer = request.Headers.Authorization.ToString();
        if (options.Key is { } key && bearer != $"Bearer {key}" && request.Headers["api-key"] != key)
        {
            return FakeScript.Failing(401, ErrorAnswer.Envelope("Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key"));
        }

        return options.Models.Count > 0 && !HttpMethods.IsGet(request.Method) && !options.Models.Contains(ScriptName.BaseOf(model), StringComparer.Ordinal)
            ? FakeScript.Failing(404, ErrorAnswer.Envelope($"The model '{model}' does not exist", "invalid_request_error", "model", "model_not_found"))
            : null;
    }

    private static Task SendModelsAsync(Exchange exchange, IEnumerable<string> models) => exchange.SendJsonAsync(new
    {
        @object = "list",
        data = models.Select(static id => new { id, @object = "model", created = Exchange.Created, owned_by = "fake" }),
    });
}
