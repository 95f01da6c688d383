using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dogana.Gateway;

/// <summary>How the gateway writes JSON of its own: as the vendors do, without escapes that only a web page would need.</summary>
internal static class WireJson
{
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
