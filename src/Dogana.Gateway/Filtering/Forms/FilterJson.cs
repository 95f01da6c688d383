using System.Text.Json;
using Dogana.Filtering;
using Dogana.Gateway.Filtering.Judging;

namespace Dogana.Gateway.Filtering.Forms;

/// <summary>Writes Azure OpenAI's annotations, and puts them into JSON that passes without changing another byte of it.</summary>
internal static class FilterJson
{
    /// <summary>Writes JSON.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WireJson.Options))
        {
            write(writer);
        }

        return stream.ToArray();
    }

    /// <summary><c>prompt_filter_results</c>' value.</summary>
    public static void WritePrompt(Utf8JsonWriter writer, Judgement prompt)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteNumber("prompt_index", 0);
        writer.WritePropertyName("content_filter_results");
        prompt.Write(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary><c>content_filters</c>' value, as responses have it.</summary>
    public static void WriteContentFilters(Utf8JsonWriter writer, Judgement? prompt, Judgement? completion, int characters)
    {
        writer.WriteStartArray();
        foreach (var judgement in new[] { prompt, completion })
        {
            if (judgement is null)
            {
                continue;
            }

            var end = judgement.Source == FilterSource.Completion ? characters : 0;
            writer.WriteStartObject();
            writer.WriteBoolean("blocked", judgement.IsFiltered);
            writer.WriteString("source_type", EnumWords.Of(judgement.Source));
            writer.WriteStartArray("content_filter_raw");
            writer.WriteEndArray();
            writer.WritePropertyName("content_filter_results");
            judgement.Write(writer);
            WriteOffsets(writer, 0, end);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary><c>content_filter_offsets</c>, in characters of the answer.</summary>
    public static void WriteOffsets(Utf8JsonWriter writer, int start, int end)
    {
        writer.WriteStartObject("content_filter_offsets");
        writer.WriteNumber("check_offset", end);
        writer.WriteNumber("start_offset", start);
        writer.WriteNumber("end_offset", end);
        writer.WriteEndObject();
    }

    /// <summary>An object with one more field at its end.</summary>
    /// <param name="json">Bytes with the object in them.</param>
    /// <param name="end">Where its closing brace stands.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value's JSON.</param>
    public static byte[] WithField(ReadOnlySpan<byte> json, int end, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var isEmpty = json[..end].TrimEnd(" \t\r\n"u8)[^1] == (byte)'{';
        return [.. json[..end], .. isEmpty ? ""u8 : ","u8, (byte)'"', .. name, .. "\":"u8, .. value, .. json[end..]];
    }
}
