using System.Buffers;
using System.Globalization;
using Dogana.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dogana.Gateway.Pipeline;

/// <summary>Reads a request's body, and no more than the limit.</summary>
internal static class BodyReader
{
    // What a length promises is not held ready before it comes.
    private const int FirstBytes = 64 * 1024;

    /// <summary>Reads a call: JSON, or the form that its operation has.</summary>
    public static async Task<Outcome<CallRequest>> ReadCallAsync(HttpContext http, Operation operation, GatewayOptions options) =>
        operation == Operation.Transcriptions ? await FormReader.ReadAsync(http, operation, options.AudioBytesMax, options.ChoicesMax)
        : (await ReadAsync(http, options.BodyBytesMax)).TryGet(out var body, out var problem) ? RequestReader.Read(body, operation, options.ChoicesMax) : problem;

    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpContext http, int bytesMax)
    {
        var (request, cancellation) = (http.Request, http.RequestAborted);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // the limit here is answered in the dialect
        }

        if (request.ContentLength > bytesMax)
        {
            return TooLarge(bytesMax);
        }

        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 1024, FirstBytes));
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellation);
                if (buffer.WrittenCount + read.Buffer.Length > bytesMax)
                {
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    return TooLarge(bytesMax);
                }

                foreach (var segment in read.Buffer)
                {
                    buffer.Write(segment.Span);
                }

                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return buffer.WrittenMemory;
                }
            }
        }
        catch (BadHttpRequestException fault)
        {
            return new Problem(fault.StatusCode == StatusCodes.Status413PayloadTooLarge ? ProblemCode.BodyTooLarge : ProblemCode.InvalidRequest, fault.Message);
        }
    }

    private static Problem TooLarge(int bytesMax) => new(
        ProblemCode.BodyTooLarge, string.Create(CultureInfo.InvariantCulture, $"The body is larger than this endpoint's limit of {bytesMax} bytes. Send less, or split the request."));
}
