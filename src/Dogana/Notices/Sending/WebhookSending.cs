using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Notices.Sending;

/// <summary>Sends deliveries as signed requests by the Standard Webhooks specification (standardwebhooks.com).</summary>
internal sealed class WebhookSending(KeyRing ring, TimeProvider time, TimeSpan timeout) : IDisposable
{
    private const int AnswerBytesMax = 4 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false, // a redirect would carry the notice to wherever it points
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a changed address is noticed
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // the limit of a delivery covers all of it
    };

    public async Task<SendOutcome> SendAsync(DueDelivery delivery, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var secrets = Secrets(delivery, now);
        if (secrets.Count == 0)
        {
            return new SendOutcome($"The signing secret cannot be decrypted: its row was changed, or moved. Make a new one: dogana notice secret {delivery.Target}");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using var request = Request(delivery, now, secrets);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await SkipAsync(answer, limit.Token);
            return Judge(answer, now);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SendOutcome($"No answer within {timeout.TotalSeconds:0.###} s.");
        }
        catch (HttpRequestException fault)
        {
            return new SendOutcome(fault.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private List<byte[]> Secrets(DueDelivery delivery, DateTimeOffset now)
    {
        string?[] stored = [delivery.Secret, delivery.PreviousUntil > now.ToMicros() ? delivery.PreviousSecret : null];
        return [.. stored.OfType<string>().Select(text => SigningSecret.Open(ring, delivery.Target, text)).OfType<byte[]>()];
    }

    private static HttpRequestMessage Request(DueDelivery delivery, DateTimeOffset now, List<byte[]> secrets)
    {
        var (body, seconds) = (Body(delivery), now.ToUnixTimeSeconds());
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Dogana", null));
        request.Headers.Add("webhook-id", delivery.Id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", SigningSecret.Sign(delivery.Id, seconds, body, secrets));
        return request;
    }

    private static byte[] Body(DueDelivery delivery)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", delivery.Topic);
            json.WriteString("timestamp", StoredTime.FromMicros(delivery.CreatedAt).UtcDateTime);
            json.WriteString("organisation", delivery.Organisation);
            json.WriteString("subject", delivery.Subject);
            json.WriteString("text", delivery.Body);
            json.WritePropertyName("data");
            json.WriteRawValue(delivery.Data);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    // Whatever stands in it: read so that the connection can be used again, and only so far.
    private static async Task SkipAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            _ = await body.ReadAtLeastAsync(new byte[AnswerBytesMax], AnswerBytesMax, throwOnEndOfStream: false, cancellation);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status stands.
        }
    }

    private static SendOutcome Judge(HttpResponseMessage answer, DateTimeOffset now)
    {
        var status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode)
        {
            return SendOutcome.Delivered;
        }

        var more = status is >= 300 and < 400 ? " Redirects are never followed: declare the address that it points to." : "";
        return new SendOutcome($"The receiver answered with status {status}.{more}")
        {
            IsGone = answer.StatusCode == HttpStatusCode.Gone,
            RestFor = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? RestFor(answer.Headers.RetryAfter, now) : null,
        };
    }

    private static TimeSpan? RestFor(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var asked = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return asked is { } rest && rest > TimeSpan.Zero ? rest < RetryPlan.RestMax ? rest : RetryPlan.RestMax : null;
    }
}
