using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dogana.Gateway.Requests;

/// <summary>Writes a body anew with some top-level values replaced, added or taken out; every other byte stays as it came.</summary>
internal static class BodySplice
{
    /// <summary>The body with the changes; the very same bytes where nothing differs.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="fields">Where its top-level values stand.</param>
    /// <param name="changes">Raw JSON by field name; fields that are absent are added. Nothing in place of JSON takes the field out.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, Range> fields, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Json)> changes)
    {
        var replaced = new List<(int Start, int End, ReadOnlyMemory<byte> Json)>(changes.Count);
        var added = new List<(string Name, ReadOnlyMemory<byte> Json)>(changes.Count);
        var (length, left) = (body.Length, fields.Count);
        foreach (var (name, json) in changes)
        {
            var isThere = fields.TryGetValue(name, out var range);
            if (json.IsEmpty)
            {
                if (isThere)
                {
                    var (from, to) = Member(body.Span, range);
                    replaced.Add((from, to, json));
                    left--;
                }
            }
            else if (!isThere)
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
            output.Write(i + 1 < added.Count || left > 0 ? ","u8 : ""u8);
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

    // From a member's name to behind its value, with the comma behind it, or else the one before it.
    private static (int From, int To) Member(ReadOnlySpan<byte> body, Range value)
    {
        // Back over the colon to the name, whose quotes are its first and its last that no backslash escapes.
        var from = body[..value.Start.Value].LastIndexOf((byte)':');
        from = body[..from].LastIndexOf((byte)'"');
        do
        {
            from = body[..from].LastIndexOf((byte)'"');
        }
        while (Backslashes(body[..from]) % 2 == 1);

        var to = value.End.Value;
        var next = to + body[to..].IndexOfAnyExcept(" \t\r\n"u8);
        if (body[next] == (byte)',')
        {
            return (from, next + 1);
        }

        var before = body[..from].LastIndexOfAnyExcept(" \t\r\n"u8);
        return (body[before] == (byte)',' ? before : from, to);
    }

    private static int Backslashes(ReadOnlySpan<byte> end) => end.Length - 1 - end.LastIndexOfAnyExcept((byte)'\\');
}
