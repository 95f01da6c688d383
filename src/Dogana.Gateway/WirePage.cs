using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway;

/// <summary>Which part of a list OpenAI's clients want, and how it is answered.</summary>
/// <param name="Limit">At most so many.</param>
/// <param name="IsOldestFirst">In which order.</param>
/// <param name="After">Behind this id; null from the beginning.</param>
internal sealed record WirePage(int Limit, bool IsOldestFirst, string? After)
{
    public static Outcome<WirePage> Read(IQueryCollection query, int otherwise, int max)
    {
        var limit = otherwise;
        if (query.TryGetValue("limit", out var asked)
            && !(int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= max))
        {
            return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"limit must be a whole number from 1 to {max}."), "limit");
        }

        return query["order"].ToString() is var order && order is "" or "asc" or "desc"
            ? new WirePage(limit, order == "asc", query["after"].ToString() is { Length: > 0 } after ? after : null)
            : new Problem(ProblemCode.InvalidRequest, "order must be 'asc' or 'desc'.", "order");
    }

    /// <summary>Writes the list: at most a page of what was found, which has one more where there is one.</summary>
    public static void Write<T>(Utf8JsonWriter writer, IReadOnlyList<T> found, int limit, Func<T, string> id, Action<Utf8JsonWriter, T> write)
    {
        T[] data = [.. found.Take(limit)];
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var item in data)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
        writer.WriteString("first_id", data.Length == 0 ? "" : id(data[0])); // the document asks for texts also where there are none
        writer.WriteString("last_id", data.Length == 0 ? "" : id(data[^1]));
        writer.WriteBoolean("has_more", found.Count > limit);
        writer.WriteEndObject();
    }
}
