using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dogana.Client;

/// <summary>How the admin API writes JSON: snake_case names, instants in ISO 8601, money as decimal text.</summary>
public static class DoganaJson
{
    /// <summary>The options that both sides use.</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    /// <summary>The same, set out for people.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the documents are JSON, never put into a page
            WriteIndented = indented,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
