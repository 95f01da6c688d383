using System.Globalization;
using System.Text;
using Dogana.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Dogana.Gateway.Files;

/// <summary>Takes uploads: <c>multipart/form-data</c>, whose parts are read as they come and never held whole.</summary>
internal sealed class FileUpload(StoredFiles files)
{
    private const int FieldBytesMax = 1_024;
    private const int PartsMax = 16;
    private const int HeadersAllowance = 64 * 1024; // beside the file itself
    private const int ReadBytes = 64 * 1024;

    private int _open;

    /// <summary>The file that the request brings; a problem leaves nothing of it.</summary>
    public async Task<Outcome<StoredFile>> TakeAsync(HttpContext http, string project)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            return new Problem(ProblemCode.InvalidRequest, "A file is sent as multipart/form-data with the parts 'purpose' and 'file'.");
        }

        if (http.Request.ContentLength > files.Limits.FileBytesMax + HeadersAllowance)
        {
            return FileWriter.TooLarge(files.Limits);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null; // the limit here is answered in the dialect
        }

        try
        {
            return Interlocked.Increment(ref _open) > files.Limits.UploadsAtOnce
                ? new Problem(ProblemCode.Busy, "This node takes as many files as it can. Try again shortly.")
                : await ReadAsync(new MultipartReader(boundary, http.Request.Body, ReadBytes), project, http.RequestAborted);
        }
        catch (Exception broken) when (broken is BadHttpRequestException or InvalidDataException or IOException && !http.RequestAborted.IsCancellationRequested)
        {
            return new Problem(ProblemCode.InvalidRequest, "The multipart body is broken or ends too early. Send it again.");
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<Outcome<StoredFile>> ReadAsync(MultipartReader reader, string project, CancellationToken cancellation)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        FileWriter? file = null;
        try
        {
            for (var parts = 0; await reader.ReadNextSectionAsync(cancellation) is { } section; parts++)
            {
                if (parts == PartsMax || section.GetContentDispositionHeader() is not { } disposition)
                {
                    return new Problem(ProblemCode.InvalidRequest, $"Each part has a name, and there are at most {PartsMax}.");
                }

                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                if (name != "file")
                {
                    if (await ReadFieldAsync(section.Body, cancellation) is not { } text)
                    {
                        return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"The part '{(name.Length <= 64 ? name : "")}' is longer than {FieldBytesMax} bytes."), "purpose");
                    }

                    fields[name] = text;
                    continue;
                }

                if (file is not null)
                {
                    return new Problem(ProblemCode.InvalidRequest, "One request brings one file.", "file");
                }

                var shown = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";
                if (!(await files.BeginAsync(project, shown, isBounded: true, cancellation)).TryGet(out file, out var problem))
                {
                    return problem;
                }

                if (await CopyAsync(section.Body, file, cancellation) is { } full)
                {
                    return full;
                }
            }

            return file is null ? new Problem(ProblemCode.InvalidRequest, "The part 'file' is missing.", "file")
                : Read(fields).TryGet(out var said, out var wrong) ? await file.CompleteAsync(said.Purpose, said.KeptFor, cancellation) : wrong;
        }
        finally
        {
            await (file?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static Outcome<(string Purpose, TimeSpan? KeptFor)> Read(Dictionary<string, string> fields)
    {
        var purpose = fields.GetValueOrDefault("purpose", "");
        if (!FilePurpose.Uploaded.Contains(purpose, StringComparer.Ordinal))
        {
            return new Problem(ProblemCode.InvalidRequest, $"'purpose' must be one of {string.Join(", ", FilePurpose.Uploaded)}.", "purpose");
        }

        var (anchor, seconds) = (fields.GetValueOrDefault("expires_after[anchor]"), fields.GetValueOrDefault("expires_after[seconds]"));
        if (anchor is null && seconds is null)
        {
            return (purpose, (TimeSpan?)null);
        }

        return long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && ExpiresAfter.Of(anchor, count).TryGet(out var kept, out _)
            ? (purpose, kept)
            : ExpiresAfter.Wrong("expires_after");
    }

    private static async Task<string?> ReadFieldAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = new byte[FieldBytesMax + 1];
        var have = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return have > FieldBytesMax ? null : Encoding.UTF8.GetString(buffer, 0, have);
    }

    private static async Task<Problem?> CopyAsync(Stream body, FileWriter file, CancellationToken cancellation)
    {
        var buffer = new byte[ReadBytes];
        while (await body.ReadAsync(buffer, cancellation) is > 0 and var have)
        {
            if (await file.WriteAsync(buffer.AsMemory(0, have), cancellation) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }
}

/// <summary>When a file ends by itself, as OpenAI's clients say it.</summary>
internal static class ExpiresAfter
{
    private const long SecondsMin = 3_600;
    private const long SecondsMax = 2_592_000;

    public static Outcome<TimeSpan?> Of(string? anchor, long seconds) =>
        anchor == "created_at" && seconds is >= SecondsMin and <= SecondsMax ? (TimeSpan?)TimeSpan.FromSeconds(seconds) : Wrong("expires_after");

    public static Problem Wrong(string field) => new(
        ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"'{field}' is {{\"anchor\":\"created_at\",\"seconds\":N}} with N from {SecondsMin} to {SecondsMax}."), field);
}
