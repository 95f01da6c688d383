using System.Text;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Apply;

/// <summary>The world file in the admin API.</summary>
public static class ApplyEndpoints
{
    private const int FileLengthMax = 200;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Maps <c>POST /apply?dry_run=true|false&amp;file=NAME</c>, whose body is the YAML text.</summary>
    public static RouteGroupBuilder MapApply(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapPost("/apply", ApplyAsync)
            .Produces<ApplyResult>().Produces<ApplyRefusal>(StatusCodes.Status400BadRequest)
            .WithSummary("Makes the store hold what a world file (text/yaml) declares, all of it or nothing; ?dry_run=true only says what would change").Needs(Permission.WorldApply);
        return admin;
    }

    private static async Task<IResult> ApplyAsync(HttpContext http, Store store, TimeProvider time, CancellationToken cancellation)
    {
        var query = http.Request.Query;
        if (query["dry_run"].ToString() is not ("" or "true" or "false") and var dryRun)
        {
            return new Problem(ProblemCode.InvalidRequest, $"dry_run is true or false, not '{dryRun}'.", "dry_run").ToHttp();
        }

        var file = FileName(query["file"], "world.yaml");
        var body = await ReadAsync(http.Request, cancellation);
        if (!body.TryGet(out var yaml, out var problem))
        {
            return problem.ToHttp();
        }

        var isDry = query["dry_run"] == "true";
        var actor = http.GetActor();
        var parsed = WorldFile.Parse(yaml, file);
        var applied = parsed.TryGet(out var world) ? await WorldApply.ApplyAsync(store, world, time.GetUtcNow(), actor, isDry, cancellation) : new(parsed.Faults);
        return applied.TryGet(out var changes) ? Results.Json(Result(changes, isDry)) : Refused(applied.Faults);
    }

    /// <summary>What faults call a file: its name, where it can be one.</summary>
    internal static string FileName(string? name, string otherwise) => name is { Length: > 0 and <= FileLengthMax } && !name.Any(char.IsControl) ? name : otherwise;

    /// <summary>The answer to a file with faults.</summary>
    internal static IResult Refused(IReadOnlyList<WorldFault> faults) => Results.Json(Refusal(faults), statusCode: StatusCodes.Status400BadRequest);

    /// <summary>A file's text, or what is wrong with how it was sent.</summary>
    internal static async Task<Outcome<string>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        // A form or plain text can be posted by any web page; YAML cannot without the browser asking first.
        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not ("text/yaml" or "application/yaml"))
        {
            return new Problem(ProblemCode.InvalidRequest, "Send the file with the content type text/yaml or application/yaml.", "Content-Type");
        }

        var tooLarge = new Problem(ProblemCode.BodyTooLarge, $"The file is larger than {WorldFile.BytesMax / 1024 / 1024} MiB. Split it: a file may be a part of the world.");
        if (request.ContentLength > WorldFile.BytesMax)
        {
            return tooLarge;
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (bytes.Length + read > WorldFile.BytesMax)
            {
                return tooLarge;
            }

            bytes.Write(buffer, 0, read);
        }

        try
        {
            return Strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException)
        {
            return new Problem(ProblemCode.InvalidRequest, "The file is not UTF-8. Save it as UTF-8.");
        }
    }

    private static ApplyResult Result(IReadOnlyList<Change> changes, bool isDry) => new(
        isDry, changes.Any(static change => change.Kind != ChangeKind.Unchanged),
        [.. changes.Select(static change => new ApplyChange(EnumWords.Of(change.Kind), change.Type, change.Id))]);

    private static ApplyRefusal Refusal(IReadOnlyList<WorldFault> faults)
    {
        var meaning = ProblemTable.Of(ProblemCode.InvalidRequest);
        var first = faults[0];
        var more = faults.Count > 1 ? $" ({faults.Count - 1} more in 'faults')" : "";
        return new ApplyRefusal(
            new ApplyError($"{first}{more}", meaning.OpenAiType, first.Path.Length > 0 ? first.Path : null, meaning.OpenAiCode ?? "invalid_request"),
            [.. faults.Select(static fault => new ApplyFault(fault.File, fault.Line, fault.Column, fault.Path, fault.Message, fault.Remedy))]);
    }
}
