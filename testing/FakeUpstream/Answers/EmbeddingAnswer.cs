using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>Answers an embedding: vectors of length 1 that depend on the text only.</summary>
internal static class EmbeddingAnswer
{
    public static Task SendAsync(Exchange exchange)
    {
        var request = exchange.Request;
        var dimensions = request.Number("dimensions") ?? exchange.Script.Dimensions;
        var isBase64 = request.Text("encoding_format") == "base64";
        var data = Inputs(request).Select((text, index) =>
        {
            var vector = Vector(text, dimensions);
            return new { @object = "embedding", index, embedding = isBase64 ? (object)Base64(vector) : vector };
        }).ToArray();

        var tokens = exchange.Script.InputTokens;
        return exchange.Script.Usage == UsagePlace.Never
            ? WholeAnswer.SendAsync(exchange, new { @object = "list", model = exchange.Model, data })
            : WholeAnswer.SendAsync(exchange, new { @object = "list", model = exchange.Model, data, usage = new { prompt_tokens = tokens, total_tokens = tokens } });
    }

    // A text, texts, token numbers, or lists of token numbers.
    private static IEnumerable<string> Inputs(JsonElement request)
    {
        var input = request.Field("input");
        return input is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0 || list[0].ValueKind == JsonValueKind.Number
            ? [input?.ToString() ?? ""]
            : list.EnumerateArray().Select(static item => item.ToString());
    }

    private static float[] Vector(string text, int dimensions)
    {
        var state = 2_166_136_261u; // FNV-1a over the text, then over each index
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            state = Next(state, value);
        }

        var vector = new float[dimensions];
        var square = 0f;
        for (var index = 0; index < dimensions; index++)
        {
            state = Next(state, (byte)(index & 0xFF));
            vector[index] = state / (float)uint.MaxValue - 0.5f;
            square += vector[index] * vector[index];
        }

        return [.. vector.Select(part => part / MathF.Max(MathF.Sqrt(square), 1e-6f))];
    }

    private static uint Next(uint state, byte value) => unchecked((state ^ value) * 16_777_619u);

    private static string Base64(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var index = 0; index < vector.Length; index++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(index * sizeof(float)), vector[index]);
        }

        return Convert.ToBase64String(bytes);
    }
}
