using System.Text;

namespace Dogana.Gateway.Requests;

/// <summary>A part of a form.</summary>
/// <param name="Name">Its name, of letters that need no quoting.</param>
/// <param name="Content">Its bytes, as they came.</param>
internal sealed record FormPart(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>Of a file: its name, as the client sent it; null for a field.</summary>
    public string? FileName { get; init; }

    /// <summary>Of a file: what it is.</summary>
    public string? ContentType { get; init; }
}

/// <summary>
/// A form that was read whole. An upstream gets it written anew, part by part: what it reads is what was read here, whatever stood around or between the parts; the bytes of each part are
/// the client's. The tier is none of an upstream's business, which may bill by it.
/// </summary>
internal sealed record CallForm(IReadOnlyList<FormPart> Parts)
{
    /// <summary>The form as it is sent to an upstream.</summary>
    /// <param name="model">The upstream's name for the model.</param>
    /// <param name="boundary">A text that nobody could know who wrote a part.</param>
    public HttpContent ToContent(string model, string boundary)
    {
        var pieces = new List<ReadOnlyMemory<byte>>(2 * Parts.Count + 3);
        foreach (var part in Parts.Where(static part => part.Name is not ("model" or "service_tier")).Prepend(new FormPart("model", Encoding.UTF8.GetBytes(model))))
        {
            pieces.Add(Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{part.Name}\"{(part.FileName is { } name ? $"; filename=\"{Quoted(name)}\"" : "")}\r\n"
                + (part.ContentType is { } type ? $"Content-Type: {type}\r\n\r\n" : "\r\n")));
            pieces.Add(part.Content);
            pieces.Add("\r\n"u8.ToArray());
        }

        pieces.Add(Encoding.UTF8.GetBytes($"--{boundary}--\r\n"));
        var content = new PiecesContent(pieces);
        content.Headers.TryAddWithoutValidation("content-type", $"multipart/form-data; boundary={boundary}");
        return content;
    }

    // Source: WHATWG HTML, "Multipart form data", which escapes three characters and no more.
    private static string Quoted(string name) => name.Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal);

    // Without a copy of the file, so that it can be sent again as often as routes are tried.
    private sealed class PiecesContent(IReadOnlyList<ReadOnlyMemory<byte>> pieces) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            foreach (var piece in pieces)
            {
                await stream.WriteAsync(piece);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = pieces.Sum(static piece => (long)piece.Length);
            return true;
        }
    }
}
