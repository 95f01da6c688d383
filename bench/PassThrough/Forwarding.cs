using System.Net;
using System.Net.Http.Headers;

namespace PassThrough;

/// <summary>Sends a call on and its answer back. Reads what any gateway that meters has to read, and does nothing with it.</summary>
internal sealed class Forwarding(Uri upstream) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
    });

    private long _tokens;

    public async Task RunAsync(HttpContext context)
    {
        using var body = new MemoryStream(1024);
        await context.Request.Body.CopyToAsync(body);
        var isStream = Fields.ReadCall(body.GetBuffer().AsSpan(0, (int)body.Length)).IsStream;

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, context.Request.Path));
        request.Content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        request.Content.Headers.ContentType = Json;
        request.Headers.TryAddWithoutValidation("authorization", "Bearer upstream");
        using var answer = await _http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        await (isStream ? RelayStreamAsync(answer, context) : RelayWholeAsync(answer, context));
    }

    public void Dispose() => _http.Dispose();

    private static async Task RelayStreamAsync(HttpResponseMessage answer, HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await using var events = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var writer = context.Response.BodyWriter;
        while (await events.ReadAsync(writer.GetMemory(4096), context.RequestAborted) is > 0 and var read)
        {
            writer.Advance(read);
            await writer.FlushAsync(context.RequestAborted);
        }
    }

    private async Task RelayWholeAsync(HttpResponseMessage answer, HttpContext context)
    {
        using var body = new MemoryStream(2048);
        await answer.Content.CopyToAsync(body);
        Interlocked.Add(ref _tokens, Fields.ReadTotalTokens(body.GetBuffer().AsSpan(0, (int)body.Length)));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }
}
