using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>
/// A JSON string put together from pieces, each with the escapes it came with: nothing is decoded, and a character whose halves are escapes
/// in two pieces becomes whole again.
/// </summary>
internal sealed class JsonText
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64);

    public JsonText() => _bytes.Write("\""u8);

    /// <summary>How many bytes stand between the quotes.</summary>
    public int Length => _bytes.WrittenCount - 1;

    public void Append(JsonElement text) => _bytes.Write(JsonMarshal.GetRawUtf8Value(text)[1..^1]);

    /// <summary>Writes the string as a property, and is empty again.</summary>
    public void MoveTo(Utf8JsonWriter writer, string name)
    {
        _bytes.Write("\""u8);
        writer.WritePropertyName(name);
        writer.WriteRawValue(_bytes.WrittenSpan, skipInputValidation: true);
        _bytes.ResetWrittenCount();
        _bytes.Write("\""u8);
    }
}
