using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Dogana.Client;

namespace Dogana.Bench.Standing;

/// <summary>How soon a suspension on one channel ends an open stream of an affiliate on another.</summary>
internal sealed class SuspendSpeed(Uri asked, Uri served, string adminKey, string affiliateKey) : IDisposable
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"model":"long","stream":true,"messages":[{"role":"user","content":"Go on."}]}""");

    private readonly AdminClient _admin = new(new HttpClient { BaseAddress = asked }, adminKey);
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, MaxResponseDrainSize = 0 }) { BaseAddress = served };

    public async Task MeasureAsync(int rounds, List<double> seconds, CancellationToken cancellation)
    {
        for (var round = 0; round < rounds; round++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(Body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", affiliateKey);
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                // The other node may not know yet that the last round's suspension was lifted.
                await Task.Delay(200, cancellation);
                round--;
                continue;
            }

            await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
            var (buffer, text) = (new byte[64 * 1024], new StringBuilder());
            text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, cancellation)));

            var begun = Stopwatch.GetTimestamp();
            var measure = await _admin.SuspendAsync(new SuspendRequest("head", "owner", "Benchmark."), cancellation);
            try
            {
                for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
                {
                    text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                }

                throw new BenchmarkFailedException("A stream that was cut off ended as if it were whole.");
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                seconds.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }

            if (!text.ToString().Contains("account_suspended", StringComparison.Ordinal))
            {
                throw new BenchmarkFailedException("A stream was cut off without its reason.");
            }

            await _admin.LiftAsync(measure.Id, cancellation: cancellation);
        }
    }

    public void Dispose()
    {
        _admin.Dispose();
        _client.Dispose();
    }
}
