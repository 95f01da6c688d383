namespace Dogana.Audit.Tree;

/// <summary>Base64 of which each value has one spelling: no other text may pass for what was hashed or signed.</summary>
internal static class CanonicalBase64
{
    public static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }

        bytes = bytes[..length];
        return Convert.ToBase64String(bytes) == text; // neither spaces nor loose bits at the end
    }
}
