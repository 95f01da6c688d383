using FakeUpstream.Answers;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream;

/// <summary>The paths of OpenAI, of Azure OpenAI with the model in the path or not, and of Anthropic.</summary>
internal static class Endpoints
{
    private static readonly string[] DefaultModels = ["fake", "fake-embedding"];

    public static void MapUpstream(this WebApplication app, FakeUpstreamServer server)
    {
        app.MapGet("/healthz/ready", static () => "ready");
        var chat = new ChatOperation();
        Map(app, server, exchange => SpokenAnswer.SendAsync(exchange, chat), "/v1/chat/completions", "/openai/v1/chat/completions", "/openai/deployments/{model}/chat/completions");
        var completion = new CompletionOperation();
        Map(app, server, exchange => SpokenAnswer.SendAsync(exchange, completion), "/v1/completions", "/openai/v1/completions", "/openai/deployments/{model}/completions");
        var response = new ResponseOperation();
        Map(app, server, exchange => SpokenAnswer.SendAsync(exchange, response), "/v1/responses", "/openai/v1/responses", "/openai/responses");
        var message = new MessageOperation();
        Map(app, server, exchange => SpokenAnswer.SendAsync(exchange, message), "/v1/messages", "/anthropic/v1/messages");
        Map(app, server, TokenCountAnswer.SendAsync, "/v1/messages/count_tokens", "/anthropic/v1/messages/count_tokens");
        Map(app, server, EmbeddingAnswer.SendAsync, "/v1/embeddings", "/openai/v1/embeddings", "/openai/deployments/{model}/embeddings");
        var image = new ImageOperation();
        Map(app, server, exchange => SpokenAnswer.SendAsync(exchange, image), "/v1/images/generations", "/openai/v1/images/generations", "/openai/deployments/{model}/images/generations");
        var speech = new SpeechOperation();
        Map(app, server, exchange => SpeechOperation.SendAsync(exchange, speech), "/v1/audio/speech", "/openai/v1/audio/speech", "/openai/deployments/{model}/audio/speech");
        var transcription = new TranscriptionOperation();
        Map(app, server, exchange => TranscriptionOperation.SendAsync(exchange, transcription), "/v1/audio/transcriptions", "/openai/v1/audio/transcriptions", "/openai/deployments/{model}/audio/transcriptions");

        var known = server.Options.Models.Count > 0 ? server.Options.Models : DefaultModels;
        RequestDelegate models = context => RequestAnswer.SendAsync(context, server, exchange => SendModelsAsync(exchange, known));
        app.MapGet("/v1/models", models);
        app.MapGet("/openai/v1/models", models);
        app.MapGet("/openai/models", models);

        app.MapFallback(context => RequestAnswer.SendAsync(context, server, static exchange => ErrorAnswer.SendAsync(exchange.With(FakeScript.Failing(404)))));
    }

    private static void Map(WebApplication app, FakeUpstreamServer server, Func<Exchange, Task> send, params string[] paths)
    {
        foreach (var path in paths)
        {
            app.MapPost(path, context => RequestAnswer.SendAsync(context, server, send));
        }
    }

    private static Task SendModelsAsync(Exchange exchange, IEnumerable<string> models) => WholeAnswer.SendAsync(exchange, new
    {
        @object = "list",
        data = models.Select(static id => new { id, @object = "model", created = Exchange.Created, owned_by = "fake" }),
    });
}
