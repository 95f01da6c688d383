using System.Globalization;
using Dogana.Audit.Tree;

namespace Dogana.Audit;

/// <summary>
/// What the log was at a size, signed: a checkpoint as C2SP's tlog-checkpoint writes it. Its text has the origin, the size, the root in base64 and one extension line, <c>at INSTANT</c>; behind an empty line follow signatures.
/// </summary>
/// <param name="Origin">Whose log it is: made of the key that signs it.</param>
/// <param name="Size">How many rows it covers: those with sequence 1 to this.</param>
/// <param name="Root">The Merkle root over them, in base64.</param>
/// <param name="At">When it was signed.</param>
/// <param name="Note">The whole text, with signatures: what is kept elsewhere.</param>
public sealed record AuditCheckpoint(string Origin, long Size, string Root, DateTimeOffset At, string Note)
{
    private const string Separator = "\n\n";
    private const int NoteCharactersMax = 65_536;

    /// <summary>What is signed.</summary>
    internal string Body => Compose(Origin, Size, Root, At);

    /// <summary>The signature lines.</summary>
    internal IEnumerable<string> SignatureLines => Note[(Body.Length + 1)..].TrimEnd('\n').Split('\n');

    /// <summary>The root's bytes.</summary>
    internal byte[] RootHash => Convert.FromBase64String(Root);

    /// <summary>Reads a checkpoint's text; <see cref="AuditKey.Verify(AuditCheckpoint)"/> says whether it is signed.</summary>
    public static Outcome<AuditCheckpoint> Parse(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        var end = note.IndexOf(Separator, StringComparison.Ordinal);
        if (note.Length <= NoteCharactersMax && end > 0 && note.EndsWith('\n') && note[..end].Split('\n') is [var origin, var size, var root, ['a', 't', ' ', .. var at]]
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && CanonicalBase64.TryDecode(root, out var hash) && hash.Length == MerkleTree.HashBytes
            && InstantText.TryParse(at, out var instant) && Compose(origin, rows, root, instant) == note[..(end + 1)]) // each value has one spelling
        {
            return new AuditCheckpoint(origin, rows, root, instant, note);
        }

        return new Problem(
            ProblemCode.InvalidRequest, "This is no checkpoint of an audit log: a text of origin, size, root and time, an empty line and a signature. Give the file that 'dogana audit checkpoint --out FILE' wrote.", "checkpoint");
    }

    /// <summary>The text that is signed.</summary>
    internal static string Compose(string origin, long size, string root, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{origin}\n{size}\n{root}\nat {InstantText.Format(at)}\n");
}
