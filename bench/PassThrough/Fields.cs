using System.Text.Json;

namespace PassThrough;

/// <summary>Finds single fields in JSON without reading the rest into objects.</summary>
internal static class Fields
{
    public static (string? Model, bool IsStream) ReadCall(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        (string? model, var isStream) = (null, false);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                model = reader.GetString();
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                isStream = reader.GetBoolean();
            }
        }

        return (model, isStream);
    }

    public static long ReadTotalTokens(ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer);
        var tokens = 0L;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("total_tokens"u8))
            {
                reader.Read();
                tokens = reader.GetInt64();
            }
        }

        return tokens;
    }
}
