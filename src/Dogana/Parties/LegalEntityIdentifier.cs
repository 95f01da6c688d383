using System.Globalization;
using System.Numerics;

namespace Dogana.Parties;

/// <summary>Legal Entity Identifiers (ISO 17442): 18 letters and digits and two check digits.</summary>
public static class LegalEntityIdentifier
{
    /// <summary>Is a text one, with check digits that fit (ISO/IEC 7064, MOD 97-10)?</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 20 && text.All(static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)) && char.IsAsciiDigit(text[18]) && char.IsAsciiDigit(text[19])
            && BigInteger.Parse(string.Concat(text.Select(static c => char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10)), CultureInfo.InvariantCulture) % 97 == 1;
    }
}
