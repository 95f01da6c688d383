using System.Globalization;
using System.Net;
using Dogana.Batches;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dogana.Gateway.Batches;

/// <summary>How a line's call came out.</summary>
internal enum LineEnd
{
    /// <summary>It was answered, kept and charged.</summary>
    Answered,

    /// <summary>It was kept, and whether it was charged is not known here: its usage record says.</summary>
    Undecided,

    /// <summary>It may not be made yet, for want of room.</summary>
    Later,

    /// <summary>It failed for no fault of the caller's.</summary>
    Failed,

    /// <summary>It is the caller's fault, and would be again.</summary>
    Refused,
}

/// <summary>What came of a line.</summary>
/// <param name="End">How.</param>
/// <param name="Call">The call's id.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The error's JSON.</param>
/// <param name="Wait">How long to wait.</param>
internal sealed record LineResult(LineEnd End, string Call, int Status, ReadOnlyMemory<byte> Body, TimeSpan Wait);

/// <summary>Makes a line's call by the very pipeline that clients' calls take, with a request that lies in memory.</summary>
internal static class LineCall
{
    private const string Agent = "dogana-batch";

    private static readonly TimeSpan WaitUsual = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    /// <summary>Makes it.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="batch">The batch: by whom it was made.</param>
    /// <param name="line">The line.</param>
    /// <param name="keep">Keeps an answer of a call.</param>
    /// <param name="stop">Breaks it off where it stands: the server ends.</param>
    public static async Task<LineResult> MakeAsync(CallPipeline pipeline, Batch batch, BatchLine line, Func<string, ReadOnlyMemory<byte>, Task<bool>> keep, CancellationToken stop)
    {
        var address = IPAddress.TryParse(batch.Origin.Address, out var known) ? known : null;
        var dialect = batch.Origin.Dialect == Dialect.Azure.Name ? Dialect.Azure : Dialect.OpenAi;
        var kept = new KeptCall(
            new CallOrigin(null, batch.Origin.EndCustomer, batch.Origin.Country) { Dialect = dialect.Name, Address = address, Tags = batch.Origin.Tags, KeyId = batch.Origin.Key }, keep);
        using var life = new LineLife(stop);
        using var answer = new MemoryStream();
        var path = LineEndpoint.Find(batch.Order.Endpoint)!;
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(life);
        http.Features.Set(kept);
        http.Connection.RemoteIpAddress = address;
        http.Request.Method = HttpMethods.Post;
        http.Request.Path = path;
        http.Request.Headers.UserAgent = Agent;
        http.Request.ContentLength = line.Body.Length;
        http.Request.Body = new MemoryStream(line.Body.ToArray(), writable: false);
        http.Response.Body = answer;
        await pipeline.RunAsync(http, dialect, OperationOf(path));
        return Read(http, kept, answer.GetBuffer().AsMemory(0, (int)answer.Length), life.RequestAborted.IsCancellationRequested);
    }

    private static LineResult Read(HttpContext http, KeptCall kept, ReadOnlyMemory<byte> body, bool isBroken)
    {
        var response = http.Response;
        var (call, status) = (kept.KeptBy ?? response.Headers["x-request-id"].ToString(), response.StatusCode);
        var end = kept.KeptBy is not null ? status == StatusCodes.Status200OK && !isBroken ? LineEnd.Answered : LineEnd.Undecided
            : isBroken || (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable && response.Headers["x-should-retry"] == "true") ? LineEnd.Later
            : status >= StatusCodes.Status500InternalServerError || status == StatusCodes.Status200OK ? LineEnd.Failed
            : LineEnd.Refused;
        var wait = int.TryParse(response.Headers["retry-after-ms"], NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? TimeSpan.FromMilliseconds(told) : WaitUsual;
        return new LineResult(end, call, status, body, wait < WaitMax ? wait : WaitMax);
    }

    private static Operation OperationOf(string path) => path switch
    {
        "/v1/completions" => Operation.Completions,
        "/v1/responses" => Operation.Responses,
        "/v1/embeddings" => Operation.Embeddings,
        _ => Operation.ChatCompletions,
    };

    // Nobody is there who could leave: only the server's end breaks it off, or the pipeline itself.
    private sealed class LineLife : IHttpRequestLifetimeFeature, IDisposable
    {
        private readonly CancellationTokenSource _broken;

        public LineLife(CancellationToken stop)
        {
            _broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
            RequestAborted = _broken.Token;
        }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => _broken.Cancel();

        public void Dispose() => _broken.Dispose();
    }
}
