using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Dogana.Metering.Intake;

/// <summary>Reads CloudEvents 1.0 in JSON: one, or a batch. Every fault names the attribute.</summary>
internal static class CloudEventReader
{
    private const int TextLengthMax = 256;
    private const int DimensionLengthMax = 80;

    /// <summary>An event, or what is wrong with it; its key where that can be read.</summary>
    public static (UsageKey? Key, Outcome<UsageEvent> Event) Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return (null, Wrong("", "An event is a JSON object."));
        }

        Problem? fault = null;
        var (source, id, type) = (Required("source"), Required("id"), Required("type"));
        var key = source is null || id is null ? null : new UsageKey(source, id);
        var subject = Text(item, "subject", "subject", ref fault);
        if (fault is null && Required("specversion") is { } version && version != "1.0")
        {
            fault = Wrong("specversion", $"specversion is '{version}'. Send events of CloudEvents 1.0.");
        }

        if (fault is null && item.TryGetProperty("data_base64", out _))
        {
            fault = Wrong("data_base64", "data_base64 is no JSON. Send the data as JSON under data.");
        }

        var time = fault is null ? Time(item, ref fault) : null;
        if (fault is not null)
        {
            return (key, fault);
        }

        if (!item.TryGetProperty("data", out var data) || data.ValueKind is JsonValueKind.Null)
        {
            return (key, Finish(key!, type!, subject, time, default));
        }

        return data.ValueKind == JsonValueKind.Object
            ? (key, Finish(key!, type!, subject, time, data))
            : (key, Wrong("data", "data is a JSON object, such as {\"value\": 3}."));

        string? Required(string name)
        {
            var text = Text(item, name, name, ref fault);
            if (text is null && fault is null)
            {
                fault = Wrong(name, $"{name} is missing. Every event has id, source, type and specversion.");
            }

            return text;
        }
    }

    private static Outcome<UsageEvent> Finish(UsageKey key, string type, string? subject, DateTimeOffset? time, JsonElement data)
    {
        Problem? fault = null;
        string? organisation = null, channel = null, model = null;
        KeyValuePair<string, string>[] dimensions = [];
        var fields = new List<EventField>(1);
        if (data.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in data.EnumerateObject())
            {
                switch (property.Name)
                {
                    case "organisation":
                        organisation = Text(data, property.Name, "data.organisation", ref fault);
                        break;
                    case "channel":
                        channel = Text(data, property.Name, "data.channel", ref fault);
                        break;
                    case "model":
                        model = Text(data, property.Name, "data.model", ref fault);
                        break;
                    case "dimensions":
                        dimensions = Dimensions(property.Value, ref fault);
                        break;
                    default:
                        fields.Add(Field(property, ref fault));
                        break;
                }
            }
        }

        if (fault is not null)
        {
            return fault;
        }

        fields.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var read = new UsageEvent(key, "", type, subject, time, organisation, channel, model, dimensions, fields);
        return read with { Hash = HashOf(read) };
    }

    private static string? Text(JsonElement of, string name, string path, ref Problem? fault)
    {
        if (!of.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= TextLengthMax } text && !text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            return text;
        }

        fault ??= Wrong(path, $"{path} is text of 1 to {TextLengthMax} characters.");
        return null;
    }

    // Without an offset it would be nobody's time.
    private static DateTimeOffset? Time(JsonElement item, ref Problem? fault)
    {
        if (Text(item, "time", "time", ref fault) is not { } text)
        {
            return null;
        }

        var clock = text.AsSpan(Math.Min(text.Length, 11));
        if ((clock.EndsWith("Z", StringComparison.OrdinalIgnoreCase) || clock.ContainsAny('+', '-'))
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && char.IsAsciiDigit(text[0]))
        {
            return time.ToUniversalTime();
        }

        fault ??= Wrong("time", $"time is '{text}'. Write an instant as RFC 3339 has it, such as 2026-01-31T12:00:00Z.");
        return null;
    }

    private static KeyValuePair<string, string>[] Dimensions(JsonElement value, ref Problem? fault)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            fault ??= Wrong("data.dimensions", "data.dimensions is a JSON object of texts.");
            return [];
        }

        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String || property.Value.GetString() is not { Length: > 0 and <= DimensionLengthMax } text
                || text.AsSpan().ContainsAnyExceptInRange(' ', '~') || text.AsSpan().ContainsAny(',', '='))
            {
                fault ??= Wrong(
                    $"data.dimensions.{property.Name}", $"data.dimensions.{property.Name} is text of 1 to {DimensionLengthMax} printable ASCII characters without comma or equals sign.");
                continue;
            }

            all[property.Name] = text;
        }

        return [.. all];
    }

    private static EventField Field(JsonProperty property, ref Problem? fault)
    {
        var kind = property.Value.ValueKind;
        var text = kind switch
        {
            JsonValueKind.String => property.Value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
            _ => "",
        };
        if (text.Length is 0 or > TextLengthMax)
        {
            fault ??= Wrong($"data.{property.Name}", $"data.{property.Name} is text of 1 to {TextLengthMax} characters, a number, true or false.");
        }

        return new EventField(property.Name, kind, text);
    }

    // An array has one spelling: the order of keys, white space and offsets of time do not matter.
    private static string HashOf(UsageEvent read)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartArray();
            foreach (var text in (ReadOnlySpan<string?>)[read.Key.Source, read.Key.Id, read.Type, read.Project, read.Organisation, read.Channel, read.Model])
            {
                writer.WriteStringValue(text);
            }

            writer.WriteNumberValue(read.Time?.UtcTicks ?? 0);
            foreach (var (name, value) in read.Dimensions)
            {
                writer.WriteStringValue(name);
                writer.WriteStringValue(value);
            }

            writer.WriteNullValue();
            foreach (var field in read.Fields)
            {
                writer.WriteStringValue(field.Name);
                writer.WriteNumberValue((int)field.Kind);
                writer.WriteStringValue(field.Text);
            }

            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static Problem Wrong(string param, string message) => new(ProblemCode.InvalidRequest, message, param);
}
