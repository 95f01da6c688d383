using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dogana.Ledger.Journal;

/// <summary>
/// The hashes of the journal, over a text that anybody can rebuild from the stored rows: each field as <c>LENGTH:VALUE,</c> with the length in UTF-8
/// bytes (a netstring), so that no two different rows give one text. Numbers are decimal, instants microseconds since 1970.
/// </summary>
internal static class EntryHash
{
    /// <summary>What the first entry has for the hash of the entry before it.</summary>
    public static readonly string Genesis = new('0', 64);

    /// <summary>The fields of a posting row, in the order of its columns, the entry's number first.</summary>
    public static string OfPosting(PostingRow row) => Sha256(Append(new StringBuilder(), row).ToString());

    /// <summary>The hash of the entry before, the fields of the entry row, then those of each posting row by line.</summary>
    public static string OfEntry(EntryRow row, IEnumerable<PostingRow> postings)
    {
        var text = new StringBuilder();
        Append(text, row.PreviousHash);
        Append(text, row.Number);
        Append(text, row.Cause);
        Append(text, row.EffectiveAt);
        Append(text, row.RecordedAt);
        Append(text, row.Description);
        foreach (var posting in postings)
        {
            Append(text, posting);
        }

        return Sha256(text.ToString());
    }

    private static StringBuilder Append(StringBuilder text, PostingRow row)
    {
        Append(text, row.Entry);
        Append(text, row.Line);
        Append(text, row.Book);
        Append(text, row.Kind);
        Append(text, row.Party);
        Append(text, row.Currency);
        Append(text, row.Micro);
        Append(text, row.Pico);
        return text;
    }

    private static void Append(StringBuilder text, long number) => Append(text, number.ToString(CultureInfo.InvariantCulture));

    private static void Append(StringBuilder text, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(value)}:").Append(value).Append(',');

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
