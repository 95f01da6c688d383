using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>Bytes that are the same for every request but for the request's number in them: made once, sent often.</summary>
internal sealed class Template
{
    /// <summary>Stands for the number.</summary>
    public const string Number = "~number~";

    private static readonly JsonSerializerOptions AsVendors = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // letters beyond ASCII go out as they are

    private readonly List<byte[]> _parts = [];

    private Template(ReadOnlySpan<byte> bytes)
    {
        for (var at = bytes.IndexOf("~number~"u8); at >= 0; at = bytes.IndexOf("~number~"u8))
        {
            _parts.Add(bytes[..at].ToArray());
            bytes = bytes[(at + Number.Length)..];
        }

        _parts.Add(bytes.ToArray());
    }

    public static Template Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public static Template Of(JsonNode json) => new(JsonSerializer.SerializeToUtf8Bytes(json, AsVendors));

    public void WriteTo(IBufferWriter<byte> writer, long number)
    {
        for (var index = 0; index < _parts.Count; index++)
        {
            if (index > 0)
            {
                number.TryFormat(writer.GetSpan(20), out var written, provider: CultureInfo.InvariantCulture);
                writer.Advance(written);
            }

            writer.Write(_parts[index]);
        }
    }

    public byte[] ToBytes(long number)
    {
        var writer = new ArrayBufferWriter<byte>(_parts.Sum(static part => part.Length) + 20);
        WriteTo(writer, number);
        return writer.WrittenSpan.ToArray();
    }

    public string ToText(long number) => Encoding.UTF8.GetString(ToBytes(number));
}
