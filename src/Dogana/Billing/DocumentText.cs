using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dogana.Billing;

/// <summary>How final documents are written: the same document gives the same bytes on every machine, and its hash is over just those.</summary>
public static class DocumentText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // names in their own letters; the text is never put into a page as it is
    };

    /// <summary>The document as JSON in UTF-8: properties in the order of their declaration, no blanks.</summary>
    public static string Write<T>(T document) => JsonSerializer.Serialize(document, Options);

    /// <summary>The document that was written, or null when the text is not one.</summary>
    public static T? Read<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>SHA-256 of the text in UTF-8, in lower-case hexadecimal.</summary>
    public static string Hash(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    /// <summary>A price's exact amount, without needless zeros: <c>0.15</c>.</summary>
    public static string Price(decimal amount) => amount.ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>An amount that <see cref="Money.ToAmountText"/> wrote, or null when it is none.</summary>
    public static Money? Amount(string text, Currency currency)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        return decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var amount) && decimal.Round(amount, Money.Scale) == amount && Math.Abs(amount) < 9_000_000_000_000m
            ? new Money(amount, currency)
            : null;
    }
}
