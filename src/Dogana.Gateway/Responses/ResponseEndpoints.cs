using System.Text.Json;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Responses;

/// <summary>Reads and deletes responses that are kept. Source: OpenAI's API reference, "Responses".</summary>
internal sealed class ResponseEndpoints(Identification identification, ResponseKeeping keeping)
{
    private const int PageUsual = 20;
    private const int PageMax = 100;

    public Task GetAsync(HttpContext http, Dialect dialect, string id) => AnswerAsync(http, dialect, async caller =>
        http.Request.Query["stream"] == "true"
            ? new Problem(ProblemCode.OperationNotSupported, "A response that is kept is given whole. Leave 'stream' out.", "stream")
            : (await keeping.FindAsync(caller, id)).TryGet(out var found, out var problem) ? (ReadOnlyMemory<byte>)found.Response : problem);

    public Task DeleteAsync(HttpContext http, Dialect dialect, string id) => AnswerAsync(http, dialect, async caller =>
        (await keeping.DeleteAsync(caller, id)).TryGet(out _, out var problem)
            ? JsonAnswer.Bytes(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                writer.WriteString("object", "response");
                writer.WriteBoolean("deleted", true);
                writer.WriteEndObject();
            })
            : problem);

    public Task CancelAsync(HttpContext http, Dialect dialect, string id) => AnswerAsync(http, dialect, async caller =>
        (await keeping.FindAsync(caller, id)).TryGet(out _, out var problem)
            ? new Problem(ProblemCode.OperationNotSupported, "Only responses in the background can be cancelled, and none are served here.", "response_id")
            : problem);

    /// <summary><c>limit</c> (1 to 100, 20), <c>order</c> (desc) and <c>after</c>, as the reference has them.</summary>
    public Task ListInputAsync(HttpContext http, Dialect dialect, string id) => AnswerAsync(http, dialect, async caller =>
    {
        if (!WirePage.Read(http.Request.Query, PageUsual, PageMax).TryGet(out var page, out var problem))
        {
            return problem;
        }

        if (!(await keeping.FindAsync(caller, id)).TryGet(out var found, out problem))
        {
            return problem;
        }

        using var input = JsonDocument.Parse(found.Input);
        var items = ResponseItems.List(id, input.RootElement);
        items = page.IsOldestFirst ? items : [.. items.Reverse()];
        var rest = page.After is null ? items : [.. items.SkipWhile(item => item.Id != page.After).Skip(1)];
        return JsonAnswer.Bytes(writer => WirePage.Write(writer, rest, page.Limit, static item => item.Id, static (to, item) => to.WriteRawValue(item.Json, skipInputValidation: true)));
    });

    private async Task AnswerAsync(HttpContext http, Dialect dialect, Func<Caller, Task<Outcome<ReadOnlyMemory<byte>>>> answer)
    {
        var outcome = (await identification.IdentifyAsync(http, dialect)).TryGet(out var identified, out var problem) ? await answer(identified.Caller) : problem;
        if (!outcome.TryGet(out var body, out problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
