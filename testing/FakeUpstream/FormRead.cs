using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace FakeUpstream;

/// <summary>A form as JSON: its fields as texts, several of one name as a list; of a file its name, type, length and SHA-256.</summary>
internal static class FormRead
{
    public static bool IsForm(HttpRequest request) => request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    public static async Task<byte[]> ReadAsync(string contentType, byte[] body)
    {
        var boundary = MediaTypeHeaderValue.Parse(contentType).Parameters.First(static one => one.Name == "boundary").Value!.Trim('"');
        var reader = new MultipartReader(boundary, new MemoryStream(body));
        var fields = new Dictionary<string, object>(StringComparer.Ordinal);
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            var disposition = section.GetContentDispositionHeader()!;
            using var content = new MemoryStream();
            await section.Body.CopyToAsync(content);
            var name = disposition.Name.Value!.Trim('"');
            object value = disposition.FileName.HasValue
                ? new { filename = disposition.FileName.Value!.Trim('"'), type = section.ContentType, length = content.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(content.ToArray())) }
                : System.Text.Encoding.UTF8.GetString(content.ToArray());
            fields[name] = !fields.TryGetValue(name, out var earlier) ? value : (object[])[.. earlier as object[] ?? [earlier], value];
        }

        if (fields.TryGetValue("stream", out var stream) && stream is "true")
        {
            fields["stream"] = true;
        }

        return JsonSerializer.SerializeToUtf8Bytes(fields);
    }
}
