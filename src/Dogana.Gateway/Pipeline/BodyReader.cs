using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>Reads a request's body, and no more than the limit.</summary>
internal static class BodyReader
{
    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpRequest request, int bytesMax, CancellationToken cancellation)
    {
        if (request.ContentLength > bytesMax)
        {
            return TooLarge(bytesMax);
        }

        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 1024, bytesMax));
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
