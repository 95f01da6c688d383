using System.Buffers;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>Reads a response's body, and no more than the limit.</summary>
internal static class BoundedBody
{
    private const int FirstBytes = 4 * 1024;

    /// <summary>The body; null when it is larger than the limit.</summary>
    public static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int bytesMax, CancellationToken cancellation)
    {
        var length = response.Content.Headers.ContentLength;
        if (length > bytesMax)
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        if (length is { } known and <= FirstBytes)
        {
            var whole = new byte[known];
            await stream.ReadExactlyAsync(whole, cancellation);
            return whole;
        }

        // What a length promises is not held ready before it comes.
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        try
        {
            var read = 0;
            for (int more; (more = await stream.ReadAsync(buffer.AsMemory(read), cancellation)) > 0;)
            {
                read += more;
                if (read > bytesMax)
                {
                    return null;
                }

                if (read == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(read * 2);
                    buffer.AsSpan(0, read).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return buffer.AsSpan(0, read).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
