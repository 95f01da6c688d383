using System.Buffers;
using System.Text.Json;

namespace Dogana.Gateway.Requests;

/// <summary>Writes a body anew with some top-level fields replaced; every other field keeps its very bytes.</summary>
internal static class BodyRewriter
{
    /// <param name="request">The request whose body is rewritten.</param>
    /// <param name="replacements">Raw JSON by field name; fields that are absent are added.</param>
    public static byte[] Rewrite(CallRequest request, IReadOnlyDictionary<string, byte[]> replacements)
    {
        var output = new ArrayBufferWriter<byte>(request.Body.Length + 256);
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        foreach (var (name, range) in request.Fields)
        {
            if (!replacements.ContainsKey(name))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(request.Body.Span[range], skipInputValidation: true);
            }
        }

        foreach (var (name, value) in replacements)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
