using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Dogana.Gateway.Upstreams.Embedded;

/// <summary>Writes OpenAI's embeddings list, as numbers or as base64 of little-endian 32-bit floats (what the SDKs ask for by default).</summary>
internal static class EmbeddingJson
{
    public static byte[] Write(IReadOnlyList<Embedding<float>> embeddings, string model, long promptTokens, bool asBase64)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        for (var index = 0; index < embeddings.Count; index++)
        {
            writer.WriteStartObject();
            writer.WriteString("object", "embedding");
            writer.WriteNumber("index", index);
            WriteVector(writer, embeddings[index].Vector.Span, asBase64);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("model", model);
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", promptTokens);
        writer.WriteNumber("total_tokens", promptTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteVector(Utf8JsonWriter writer, ReadOnlySpan<float> vector, bool asBase64)
    {
        if (asBase64)
        {
            var bytes = new byte[vector.Length * sizeof(float)];
            for (var i = 0; i < vector.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            }

            writer.WriteBase64String("embedding", bytes);
            return;
        }

        writer.WriteStartArray("embedding");
        foreach (var value in vector)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
