using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dogana.Batches;

/// <summary>A line of a batch's input: one call. Source: OpenAI's API reference, "The request input object".</summary>
/// <param name="CustomId">What its sender calls it; given back with the answer.</param>
/// <param name="Model">What it calls, or null where it names nothing.</param>
/// <param name="Body">The call's body.</param>
public sealed record BatchLine(string CustomId, string? Model, ReadOnlyMemory<byte> Body)
{
    /// <summary>The longest name, in characters.</summary>
    public const int CustomIdLengthMax = 512;

    private const int DepthMax = 72; // a body may have 64 levels, which is looked at when it is called

    /// <summary>Reads a line; what is wrong with it otherwise.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="number">Which, from 1 on.</param>
    /// <param name="endpoint">One of <see cref="LineEndpoint.Paths"/>.</param>
    public static (BatchLine? Line, BatchFault? Fault) Read(ReadOnlyMemory<byte> line, long number, string endpoint)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = DepthMax, AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return Wrong("invalid_json_line", "This line is not a JSON object.");
            }

            if (Text(root, "custom_id") is not { Length: > 0 and <= CustomIdLengthMax } id)
            {
                return Wrong("invalid_request", $"'custom_id' must be a text of 1 to {CustomIdLengthMax} characters.", "custom_id");
            }

            if (Text(root, "method") != "POST")
            {
                return Wrong("invalid_request", "'method' must be POST.", "method");
            }

            if (LineEndpoint.Find(Text(root, "url")) != endpoint)
            {
                return Wrong("mismatched_endpoint", $"'url' must be the batch's own endpoint, {endpoint}.", "url");
            }

            return root.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object
                ? (new BatchLine(id, Text(body, "model"), JsonMarshal.GetRawUtf8Value(body).ToArray()), null)
                : Wrong("invalid_request", "'body' must be an object.", "body");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException) // the latter: text that is no UTF-8
        {
            return Wrong("invalid_json_line", "This line is not parseable as valid JSON.");
        }

        (BatchLine?, BatchFault?) Wrong(string code, string message, string? param = null) => (null, new BatchFault(code, message, number, param));
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
