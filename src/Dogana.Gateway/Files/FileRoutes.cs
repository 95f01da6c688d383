using System.Text.Json;
using Dogana.Files;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Pipeline;
using Dogana.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Dogana.Gateway.Files;

/// <summary>OpenAI's files, for a key's project. Source: OpenAI's API reference, "Files".</summary>
internal sealed class FileRoutes(StorageDoor door, StoredFiles files, FileUpload upload, Store store)
{
    private const int ListMax = 10_000;
    private const int PartBytes = StoredFiles.ChunkBytes;

    public async Task UploadAsync(HttpContext http, Dialect dialect)
    {
        if (await door.EnterAsync(http, dialect, keeps: true) is not { } identified)
        {
            return;
        }

        await AnswerAsync(http, dialect, await upload.TakeAsync(http, identified.Caller.Project.Id), static (writer, file) => Write(writer, file));
    }

    public async Task ListAsync(HttpContext http, Dialect dialect)
    {
        if (await door.EnterAsync(http, dialect, keeps: false) is not { } identified)
        {
            return;
        }

        var query = http.Request.Query;
        var purpose = Text(query["purpose"]);
        if (!WirePage.Read(query, ListMax, ListMax).TryGet(out var page, out var problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        var found = await store.ReadAsync(
            session => files.ListAsync(session, identified.Caller.Project.Id, purpose, page.Limit + 1, page.IsOldestFirst, page.After), http.RequestAborted);
        await JsonAnswer.WriteAsync(http.Response, writer => WirePage.Write(writer, found, page.Limit, static file => file.Id, Write));
    }

    public async Task GetAsync(HttpContext http, Dialect dialect, string id)
    {
        if (await door.EnterAsync(http, dialect, keeps: false) is { } identified)
        {
            await AnswerAsync(http, dialect, await files.FindAsync(identified.Caller.Project.Id, id, http.RequestAborted), static (writer, file) => Write(writer, file));
        }
    }

    public async Task DeleteAsync(HttpContext http, Dialect dialect, string id)
    {
        if (await door.EnterAsync(http, dialect, keeps: false) is not { } identified)
        {
            return;
        }

        var problem = await files.DeleteAsync(identified.Caller.Project.Id, id, http.RequestAborted);
        await AnswerAsync(http, dialect, problem is null ? id : (Outcome<string>)problem, static (writer, id) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("object", "file");
            writer.WriteBoolean("deleted", true);
            writer.WriteEndObject();
        });
    }

    public async Task DownloadAsync(HttpContext http, Dialect dialect, string id)
    {
        if (await door.EnterAsync(http, dialect, keeps: false) is not { } identified)
        {
            return;
        }

        if (!(await files.FindAsync(identified.Caller.Project.Id, id, http.RequestAborted)).TryGet(out var file, out var problem))
        {
            await dialect.WriteErrorAsync(http.Response, problem);
            return;
        }

        var response = http.Response;
        response.ContentType = "application/octet-stream";
        response.ContentLength = file.Bytes;
        for (long offset = 0; offset < file.Bytes; offset += PartBytes)
        {
            if (!(await files.ReadAsync(file, offset, PartBytes, http.RequestAborted)).TryGet(out var part, out problem))
            {
                await FailAsync(http, dialect, problem);
                return;
            }

            await response.BodyWriter.WriteAsync(part, http.RequestAborted);
        }
    }

    // What has begun is broken off: a part that looks whole is worse than none.
    private static async Task FailAsync(HttpContext http, Dialect dialect, Problem problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.ContentLength = null;
        await dialect.WriteErrorAsync(http.Response, problem);
    }

    private static Task AnswerAsync<T>(HttpContext http, Dialect dialect, Outcome<T> outcome, Action<Utf8JsonWriter, T> write) => outcome.TryGet(out var value, out var problem)
        ? JsonAnswer.WriteAsync(http.Response, writer => write(writer, value))
        : dialect.WriteErrorAsync(http.Response, problem);

    private static string? Text(StringValues values) => values.ToString() is { Length: > 0 } text ? text : null;

    private static void Write(Utf8JsonWriter writer, StoredFile file)
    {
        writer.WriteStartObject();
        writer.WriteString("id", file.Id);
        writer.WriteString("object", "file");
        writer.WriteNumber("bytes", file.Bytes);
        writer.WriteNumber("created_at", file.CreatedAt.ToUnixTimeSeconds());
        if (file.ExpiresAt is { } at)
        {
            writer.WriteNumber("expires_at", at.ToUnixTimeSeconds());
        }

        writer.WriteString("filename", file.Name);
        writer.WriteString("purpose", file.Purpose);
        writer.WriteString("status", "processed");
        writer.WriteEndObject();
    }
}
