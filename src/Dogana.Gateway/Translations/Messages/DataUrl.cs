using System.Text;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>What a data URL in base64 holds (RFC 2397).</summary>
/// <param name="MediaType">Its media type, without parameters.</param>
/// <param name="Base64">The data, not decoded.</param>
internal readonly record struct DataUrl(string MediaType, ReadOnlyMemory<char> Base64)
{
    private const string Scheme = "data:";
    private const string Encoding64 = ";base64";

    /// <summary>Reads a data URL; null where it is none, or not in base64.</summary>
    public static DataUrl? Read(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !url.AsSpan(0, comma).EndsWith(Encoding64, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var type = url.AsSpan(Scheme.Length, comma - Encoding64.Length - Scheme.Length);
        var parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        return type.IsEmpty ? null : new DataUrl(type.ToString().ToLowerInvariant(), url.AsMemory(comma + 1));
    }

    /// <summary>The data as text, or null where it is no UTF-8 in base64.</summary>
    public string? Text()
    {
        var bytes = new byte[Base64.Length];
        return Convert.TryFromBase64Chars(Base64.Span, bytes, out var length) && System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length)) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
