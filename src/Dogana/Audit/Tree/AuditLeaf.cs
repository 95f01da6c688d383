using System.Buffers.Binary;
using System.Text;
using Dogana.Storage;

namespace Dogana.Audit.Tree;

/// <summary>
/// The bytes of an audit row that its leaf is the hash of. This is for good: another encoding would be another log. One byte 0x01 (the encoding's version); the sequence; the instant in microseconds
/// since 1970 (both as 64 bits, the highest byte first); then actor, action, subject and detail, each as the number of its UTF-8 bytes (32 bits, the highest byte first) and those bytes.
/// </summary>
internal static class AuditLeaf
{
    private const byte Version = 1;

    /// <summary>A row's leaf hash.</summary>
    public static byte[] Hash(AuditRow row) => MerkleTree.Leaf(Encode(row));

    /// <summary>A row's bytes.</summary>
    public static byte[] Encode(AuditRow row)
    {
        string[] texts = [row.Actor, row.Action, row.Subject, row.Detail];
        var bytes = new byte[1 + 2 * sizeof(long) + texts.Sum(static text => sizeof(int) + Encoding.UTF8.GetByteCount(text))];
        bytes[0] = Version;
        var rest = bytes.AsSpan(1);
        BinaryPrimitives.WriteInt64BigEndian(rest, row.Sequence);
        BinaryPrimitives.WriteInt64BigEndian(rest[sizeof(long)..], row.At);
        rest = rest[(2 * sizeof(long))..];
        foreach (var text in texts)
        {
            var length = Encoding.UTF8.GetBytes(text, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, length);
            rest = rest[(sizeof(int) + length)..];
        }

        return bytes;
    }
}

/// <summary>An audit row as it is stored: <paramref name="At"/> in microseconds since 1970, whatever number somebody put there.</summary>
internal sealed record AuditRow(long Sequence, long At, string Actor, string Action, string Subject, string Detail)
{
    /// <summary>The row of a change.</summary>
    public static AuditRow Of(AuditEvent change) => new(change.Sequence, change.At.ToMicros(), change.Actor, change.Action, change.Subject, change.Detail);

    /// <summary>The change.</summary>
    public AuditEvent ToEvent() => new(Sequence, StoredTime.FromMicros(At), Actor, Action, Subject, Detail);
}
