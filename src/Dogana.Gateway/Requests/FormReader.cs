using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using Dogana.Gateway.Requests.Audio;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Dogana.Gateway.Requests;

/// <summary>
/// Reads a call that is a form with one file in it: <c>multipart/form-data</c>, part by part and no more than its limits. What its fields say is then read as if it were JSON, by
/// <see cref="RequestReader"/>; the file stands there by its name, length and SHA-256, so that a repeat of a call is known by what it says, whatever its boundary.
/// </summary>
internal static class FormReader
{
    private const string File = "file";
    private const int PartsMax = 64;
    private const int FieldBytesMax = 64 * 1024;
    private const int FieldsBytesMax = 512 * 1024;
    private const int HeadersAllowance = 64 * 1024;
    private const int NameLengthMax = 64;
    private const int FileNameLengthMax = 255;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.[]");

    /// <summary>Reads it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="operation">What was called.</param>
    /// <param name="fileBytesMax">The largest file.</param>
    /// <param name="choicesMax">The most answers that one call may ask for.</param>
    public static async Task<Outcome<CallRequest>> ReadAsync(HttpContext http, Operation operation, int fileBytesMax, int choicesMax)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            return new Problem(ProblemCode.InvalidRequest, "A recording is sent as multipart/form-data with the parts 'model' and 'file'.");
        }

        var bodyMax = fileBytesMax + FieldsBytesMax + HeadersAllowance;
        if (http.Request.ContentLength > bodyMax)
        {
            return TooLarge(fileBytesMax);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = bodyMax;
        }

        try
        {
            var reader = new MultipartReader(boundary, http.Request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4 * 1024 };
            if (!(await ReadPartsAsync(reader, fileBytesMax, http.RequestAborted)).TryGet(out var form, out var problem) || !RequestReader.Read(ToJson(form), operation, choicesMax).TryGet(out var request, out problem))
            {
                return problem;
            }

            var length = AudioLength.Of(form.Parts.First(static part => part.Name == File).Content.Span);
            return request with { Media = request.Media! with { Form = form, Length = length } };
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(fileBytesMax);
        }
        catch (Exception broken) when (broken is BadHttpRequestException or InvalidDataException or IOException && !http.RequestAborted.IsCancellationRequested)
        {
            return new Problem(ProblemCode.InvalidRequest, "The multipart body is broken or ends too early. Send it again.");
        }
    }

    private static async Task<Outcome<CallForm>> ReadPartsAsync(MultipartReader reader, int fileBytesMax, CancellationToken cancellation)
    {
        var (parts, names, fieldBytes) = (new List<FormPart>(), new HashSet<string>(StringComparer.Ordinal), 0);
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
        {
            if (parts.Count >= PartsMax)
            {
                return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"The form has more than {PartsMax} parts. Send fewer."));
            }

            if (!NameOf(section).TryGet(out var part, out var problem))
            {
                return problem;
            }

            if (!names.Add(part.Name) && !part.Name.EndsWith("[]", StringComparison.Ordinal))
            {
                return new Problem(ProblemCode.InvalidRequest, $"The part '{part.Name}' stands in the form twice.", part.Name);
            }

            var bytesMax = part.Name == File ? fileBytesMax : FieldBytesMax;
            if (await ReadAsync(section.Body, bytesMax, cancellation) is not { } content)
            {
                return part.Name == File ? TooLarge(fileBytesMax)
                    : new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"The part '{part.Name}' is larger than {FieldBytesMax} bytes."), part.Name);
            }

            fieldBytes += part.Name == File ? 0 : content.Length;
            if (fieldBytes > FieldsBytesMax)
            {
                return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"The form's fields are larger than {FieldsBytesMax} bytes together."));
            }

            if (part.Name != File && !Utf8.IsValid(content.Span))
            {
                return new Problem(ProblemCode.InvalidRequest, $"The part '{part.Name}' is not valid UTF-8.", part.Name);
            }

            parts.Add(part with { Content = content });
        }

        return parts.Find(static part => part.Name == File) is not { } file ? FieldProblem.Missing(File)
            : file.Content.IsEmpty ? FieldProblem.Value(File, "it is empty.")
            : new CallForm(parts);
    }

    // A part's name and, of the file, its own name and type; what else stands in its headers is let go.
    private static Outcome<FormPart> NameOf(MultipartSection section)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 and <= NameLengthMax } name || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return new Problem(ProblemCode.InvalidRequest, "Each part of the form needs a name of letters, digits, '_', '-', '.' and '[]'.");
        }

        var fileName = disposition.FileNameStar.Value ?? (disposition.FileName.HasValue ? HeaderUtilities.UnescapeAsQuotedString(disposition.FileName).Value : null);
        if (name != File)
        {
            return fileName is null ? new FormPart(name, default) : new Problem(ProblemCode.InvalidRequest, $"The part '{name}' is no file. Send the recording in the part 'file'.", name);
        }

        var type = MediaTypeHeaderValue.TryParse(section.ContentType, out var said) && said.MediaType.Length <= NameLengthMax ? said.MediaType.ToString() : "application/octet-stream";
        return fileName is { Length: > FileNameLengthMax } || fileName?.Any(static character => char.IsControl(character)) == true
            ? new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"The file's name must have at most {FileNameLengthMax} characters, none of them a control character."), File)
            : new FormPart(name, default) { FileName = string.IsNullOrEmpty(fileName) ? "audio" : fileName, ContentType = type };
    }

    // Null: there is more than that.
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream content, int bytesMax, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(4 * 1024);
        for (int read; (read = await content.ReadAsync(buffer.GetMemory(), cancellation)) > 0;)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > bytesMax)
            {
                return null;
            }
        }

        return buffer.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> ToJson(CallForm form) => JsonAnswer.Bytes(writer =>
    {
        writer.WriteStartObject();
        foreach (var part in form.Parts.Where(static part => part.Name != File).GroupBy(static part => part.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(part.Key.Replace("[]", "", StringComparison.Ordinal));
            if (part.Key.EndsWith("[]", StringComparison.Ordinal))
            {
                writer.WriteStartArray();
                foreach (var item in part)
                {
                    writer.WriteStringValue(item.Content.Span);
                }

                writer.WriteEndArray();
                continue;
            }

            WriteValue(writer, part.Key, part.First().Content.Span);
        }

        var file = form.Parts.First(static part => part.Name == File);
        writer.WriteStartObject(File);
        writer.WriteString("filename", file.FileName);
        writer.WriteNumber("bytes", file.Content.Length);
        writer.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(file.Content.Span)));
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    // What is no text has no other way to be written in a form.
    private static void WriteValue(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> value)
    {
        if (name == "stream" && (value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8)))
        {
            writer.WriteBooleanValue(value.Length == 4);
        }
        else if (name == "temperature" && decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }

    private static Problem TooLarge(int fileBytesMax) => new(
        ProblemCode.BodyTooLarge, string.Create(CultureInfo.InvariantCulture, $"The file is larger than this endpoint's limit of {fileBytesMax} bytes. Compress or split the recording."), File);
}
