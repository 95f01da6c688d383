using Dogana.Batches;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Pipeline;
using Dogana.Storage;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Batches;

/// <summary>OpenAI's batches, for a key's project. Source: OpenAI's API reference, "Batch".</summary>
internal sealed class BatchRoutes(StorageDoor door, BatchRegister batches, BatchWorker worker, Store store)
{
    private const int BodyBytesMax = 64 * 1024;
    private const int ListMax = 100;
    private const int ListUsual = 20;

    public async Task CreateAsync(HttpContext http, Dialect dialect)
    {
        if (await door.EnterAsync(http, dialect, keeps: true) is not { } identified)
        {
            return;
        }

        if (!(await BodyReader.ReadAsync(http, BodyBytesMax)).TryGet(out var body, out var problem) || !BatchJson.Read(body).TryGet(out var order, out problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        var origin = identified.Origin;
        if (origin.Token is not null)
        {
            await dialect.WriteErrorAsync(http.Response, new Problem(ProblemCode.Forbidden, "A batch goes on for longer than a token. Make it with a key of the project."));
            return;
        }

        var made = await batches.CreateAsync(
            identified.Caller.Project.Id,
            new BatchOrigin(identified.Caller.Key.Id, dialect.Name) { EndCustomer = origin.EndCustomer, Tags = origin.Tags, Country = origin.Country, Address = origin.Address?.ToString() },
            order, CancellationToken.None);
        worker.Wake();
        await AnswerAsync(http, dialect, made);
    }

    public async Task ListAsync(HttpContext http, Dialect dialect)
    {
        if (await door.EnterAsync(http, dialect, keeps: false) is not { } identified)
        {
            return;
        }

        if (!WirePage.Read(http.Request.Query, ListUsual, ListMax).TryGet(out var page, out var problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        var found = await store.ReadAsync(session => batches.ListAsync(session, identified.Caller.Project.Id, page.Limit + 1, page.After), http.RequestAborted);
        await JsonAnswer.WriteAsync(http.Response, writer => WirePage.Write(writer, found, page.Limit, static batch => batch.Id, BatchJson.Write));
    }

    public async Task GetAsync(HttpContext http, Dialect dialect, string id)
    {
        if (await door.EnterAsync(http, dialect, keeps: false) is { } identified)
        {
            await AnswerAsync(http, dialect, await batches.FindAsync(id, identified.Caller.Project.Id, http.RequestAborted));
        }
    }

    public async Task CancelAsync(HttpContext http, Dialect dialect, string id)
    {
        if (await door.EnterAsync(http, dialect, keeps: false) is { } identified)
        {
            await AnswerAsync(http, dialect, await batches.CancelAsync(id, identified.Caller.Project.Id, CancellationToken.None));
            worker.Wake();
        }
    }

    private static Task AnswerAsync(HttpContext http, Dialect dialect, Outcome<Batch> outcome) => outcome.TryGet(out var batch, out var problem)
        ? JsonAnswer.WriteAsync(http.Response, writer => BatchJson.Write(writer, batch))
        : dialect.WriteErrorAsync(http.Response, problem);
}
