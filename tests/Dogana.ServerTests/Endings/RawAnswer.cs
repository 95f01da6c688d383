using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Dogana.ServerTests.Endings;

/// <summary>An answer as its bytes came over the wire: a client library would hide whether its body was ended or only stopped.</summary>
/// <param name="Status">The status; 0 when the connection ended before one came.</param>
/// <param name="Headers">By name, in any case.</param>
/// <param name="Body">The body up to where it ended or broke off, without its chunks' frames.</param>
/// <param name="IsWhole">Did it end as its framing says? A connection that is broken ends none.</param>
internal sealed record RawAnswer(int Status, Dictionary<string, string> Headers, string Body, bool IsWhole)
{
    /// <summary>The call's id.</summary>
    public string CallId => Headers["x-request-id"];

    /// <summary>The payloads of its events.</summary>
    public IReadOnlyList<string> Events => [.. Body.Split('\n').Where(static line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(static line => line[6..])];

    /// <summary>The error's code, or Anthropic's type, in any envelope.</summary>
    public string? ErrorCode
    {
        get
        {
            using var document = JsonDocument.Parse(Body);
            var error = document.RootElement.GetProperty("error");
            return error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString() : error.GetProperty("type").GetString();
        }
    }

    /// <summary>Calls and reads to the end of the answer or of the connection.</summary>
    public static async Task<RawAnswer> PostAsync(Uri address, string path, string json, IEnumerable<(string Name, string Value)> headers, TimeSpan? timeout = null)
    {
        using var client = await SendAsync(address, path, json, headers);
        return await ReadAsync(client.GetStream()).WaitAsync(timeout ?? TimeSpan.FromSeconds(30));
    }

    /// <summary>Calls and reads nothing; the caller disposes of the connection.</summary>
    public static async Task<TcpClient> SendAsync(Uri address, string path, string json, IEnumerable<(string Name, string Value)> headers)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port);
            var body = Encoding.UTF8.GetBytes(json);
            var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nhost: {address.Authority}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\n");
            foreach (var (name, value) in headers)
            {
                head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            }

            await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body]);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task<RawAnswer> ReadAsync(NetworkStream stream)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[256 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                bytes.Write(buffer, 0, read);
                if (buffer[read - 1] is (byte)'\n' or (byte)'}' && Parse(bytes.ToArray()) is { IsWhole: true } whole)
                {
                    return whole;
                }
            }
        }
        catch (IOException)
        {
            // Reset: what came before it counts.
        }

        return Parse(bytes.ToArray());
    }

    private static RawAnswer Parse(byte[] bytes)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var headEnd = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
        {
            return new RawAnswer(0, headers, "", IsWhole: false);
        }

        var lines = Encoding.ASCII.GetString(bytes, 0, headEnd).Split("\r\n");
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var rest = bytes.AsSpan(headEnd + 4);
        if (headers.TryGetValue("content-length", out var length))
        {
            return new RawAnswer(status, headers, Encoding.UTF8.GetString(rest), rest.Length == int.Parse(length, CultureInfo.InvariantCulture));
        }

        using var body = new MemoryStream();
        while (true)
        {
            var lineEnd = rest.IndexOf("\r\n"u8);
            if (lineEnd < 0)
            {
                return new RawAnswer(status, headers, Encoding.UTF8.GetString(body.ToArray()), IsWhole: false);
            }

            var size = int.Parse(Encoding.ASCII.GetString(rest[..lineEnd]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            rest = rest[(lineEnd + 2)..];
            if (size == 0)
            {
                return new RawAnswer(status, headers, Encoding.UTF8.GetString(body.ToArray()), rest.StartsWith("\r\n"u8));
            }

            body.Write(rest[..Math.Min(size, rest.Length)]);
            rest = size + 2 <= rest.Length ? rest[(size + 2)..] : default;
        }
    }
}
