using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway;

/// <summary>Writes answers that are made here.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        var body = Bytes(write);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body);
    }

    /// <summary>The JSON alone.</summary>
    public static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WireJson.Options))
        {
            write(writer);
        }

        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }
}
