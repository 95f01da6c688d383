using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Dogana.Exports;

/// <summary>The spans of time that a request for usage or costs asked for, a page of them.</summary>
/// <param name="From">The page's first instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="Width">How long each span is.</param>
/// <param name="GroupBy">By what results are grouped, as OpenAI names it.</param>
/// <param name="Next">Where the next page begins, in seconds since 1970; null for the last.</param>
internal sealed record BucketPage(DateTimeOffset From, DateTimeOffset To, TimeSpan Width, IReadOnlyList<string> GroupBy, long? Next)
{
    /// <summary>Reads the request's parameters: OpenAI's names, bounds and defaults.</summary>
    public static Outcome<BucketPage> Of(IQueryCollection query, bool isCosts, TimeProvider time)
    {
        var width = query["bucket_width"].ToString() is { Length: > 0 } asked ? asked : "1d";
        var (seconds, usual, most) = width switch { "1m" => (60, 60, 1_440), "1h" => (3_600, 24, 168), "1d" => (86_400, 7, isCosts ? 180 : 31), _ => (0, 0, 0) };
        if (seconds == 0 || (isCosts && width != "1d"))
        {
            return Wrong("bucket_width", isCosts ? "bucket_width is 1d: costs are kept by the day" : "bucket_width is 1m, 1h or 1d");
        }

        if (!Number(query, "start_time", out var start) || start is null)
        {
            return Wrong("start_time", "start_time is missing, or is not seconds since 1970");
        }

        if (!Number(query, "end_time", out var end) || end <= start)
        {
            return Wrong("end_time", "end_time is seconds since 1970, after start_time");
        }

        if (!Number(query, "limit", out var limit) || limit < 1 || limit > most)
        {
            return Wrong("limit", string.Create(CultureInfo.InvariantCulture, $"limit is 1 to {most} for spans of {width}"));
        }

        var first = start.Value - start.Value % seconds;
        if (query["page"].ToString() is { Length: > 0 } page
            && (!page.StartsWith("page_", StringComparison.Ordinal) || !long.TryParse(page.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out first) || first < start - seconds || first % seconds != 0))
        {
            return Wrong("page", "page is the next_page of an answer to the same question");
        }

        var last = end ?? time.GetUtcNow().ToUnixTimeSeconds() + 1;
        var stop = Math.Min(first + (limit ?? usual) * seconds, (last + seconds - 1) / seconds * seconds);
        return new BucketPage(
            DateTimeOffset.FromUnixTimeSeconds(first), DateTimeOffset.FromUnixTimeSeconds(Math.Max(first, stop)), TimeSpan.FromSeconds(seconds), List(query, "group_by") ?? [], stop < last ? stop : null);
    }

    /// <summary>A list, as <c>name=a&amp;name=b</c>, <c>name[]=a</c> or <c>name=a,b</c>; null where there is none.</summary>
    public static IReadOnlyList<string>? List(IQueryCollection query, string name)
    {
        string[] values = [.. query[name].Concat(query[name + "[]"]).OfType<string>().SelectMany(static value => value.Split(',', StringSplitOptions.RemoveEmptyEntries))];
        return values.Length == 0 ? null : values;
    }

    /// <summary>The answer: one bucket for each span, empty ones too.</summary>
    public object Answer(Func<long, IEnumerable<object>> results) => new
    {
        @object = "page",
        data = Enumerable.Range(0, (int)((To - From).Ticks / Width.Ticks)).Select(index => new
        {
            @object = "bucket",
            start_time = (From + index * Width).ToUnixTimeSeconds(),
            end_time = (From + (index + 1) * Width).ToUnixTimeSeconds(),
            results = results(index).ToArray(),
        }).ToArray(),
        has_more = Next is not null,
        next_page = Next is { } next ? string.Create(CultureInfo.InvariantCulture, $"page_{next}") : null,
    };

    private static bool Number(IQueryCollection query, string name, out long? value)
    {
        value = null;
        if (query[name].ToString() is not { Length: > 0 } text)
        {
            return true;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 100_000_000_000;
        value = number;
        return isNumber;
    }

    private static Problem Wrong(string param, string what) => new(ProblemCode.InvalidRequest, what + ".", param);
}
