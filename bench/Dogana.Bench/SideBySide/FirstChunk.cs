using System.Diagnostics;
using System.Text;
using Dogana.Bench.Figures;

namespace Dogana.Bench.SideBySide;

/// <summary>A stream whose chunks come 300 ms apart: how much later its first bytes come through the gateway than direct.</summary>
internal static class FirstChunk
{
    /// <summary>Asks in turn, direct and through the gateway, and reads each stream to its end.</summary>
    /// <returns>The difference of the medians in milliseconds.</returns>
    public static async Task<double> MeasureAsync(Field field, int calls, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        var (direct, through) = (new List<double>(), new List<double>());
        for (var call = 0; call < calls; call++)
        {
            direct.Add(await AskAsync(http, field.Scripted.Address, "fake+words=2+between=300", "any", cancellation));
            through.Add(await AskAsync(http, field.Dogana.Process.Address, "slow", field.Store.Key, cancellation));
        }

        return Percentile.Of([.. through.Order()], 0.5) - Percentile.Of([.. direct.Order()], 0.5);
    }

    private static async Task<double> AskAsync(HttpClient http, Uri server, string model, string key, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/v1/chat/completions"));
        request.Headers.Authorization = new("Bearer", key);
        request.Content = new StringContent($$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using var events = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[4096];
        if (await events.ReadAsync(buffer, cancellation) == 0)
        {
            throw new BenchmarkFailedException("A stream had no chunk.");
        }

        var first = Stopwatch.GetElapsedTime(begun);
        while (await events.ReadAsync(buffer, cancellation) > 0)
        {
        }

        return first.TotalMilliseconds;
    }
}
