using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dogana.Gateway.Requests;

/// <summary>Writes a body anew with some top-level values replaced or added; every other byte stays as it came.</summary>
internal static class BodySplice
{
    /// <summary>The body with the changes; the very same bytes where nothing differs.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="fields">Where its top-level values stand.</param>
    /// <param name="changes">Raw JSON by field name; fields that are absent are added.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, Range> fields, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Json)> changes)
    {
        var replaced = new List<(int Start, int End, ReadOnlyMemory<byte> Json)>(changes.Count);
        var added = new List<(string Name, ReadOnlyMemory<byte> Json)>(changes.Count);
        var length = body.Length;
        foreach (var (name, json) in changes)
        {
            if (!fields.TryGetValue(name, out var range))
            {
                added.Add((name, json));
                length += name.Length + json.Length + 4;
            }
            else if (!body.Span[range].SequenceEqual(json.Span))
            {
                replaced.Add((range.Start.Value, range.End.Value, json));
                length += json.Length;
            }
        }

        if (replaced.Count == 0 && added.Count == 0)
        {
            return body;
        }

        replaced.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var output = new ArrayBufferWriter<byte>(length);
        var position = body.Span.IndexOf((byte)'{') + 1;
        output.Write(body.Span[..position]);
        for (var i = 0; i < added.Count; i++)
        {
            output.Write("\""u8);
            output.Write(JsonEncodedText.Encode(added[i].Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            output.Write("\":"u8);
            output.Write(added[i].Json.Span);
            output.Write(i + 1 < added.Count || fields.Count > 0 ? ","u8 : ""u8);
        }

        foreach (var (start, end, json) in replaced)
        {
            output.Write(body.Span[position..start]);
            output.Write(json.Span);
            position = end;
        }

        output.Write(body.Span[position..]);
        return output.WrittenMemory;
    }
}
