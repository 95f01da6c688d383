using System.Security.Cryptography;
using System.Text;
using Dogana.Audit.Tree;

namespace Dogana.Audit;

/// <summary>
/// The public key that a store's checkpoints are signed with: ECDSA on P-256, signature type 0x02 of C2SP's signed-note. Its key id is the beginning of the SHA-256 of its SubjectPublicKeyInfo; the log's origin is made of the
/// same hash, so that another key is another log.
/// </summary>
public sealed class AuditKey
{
    private const byte EcdsaType = 2;
    private const int IdBytes = 4;
    private const int OriginBytes = 16;
    private const int SpkiBytes = 91;
    private const string Dash = "\u2014 "; // what a signature line begins with

    // What an uncompressed point on P-256 follows in a SubjectPublicKeyInfo (RFC 5480).
    private static readonly byte[] SpkiOfP256 = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    private readonly byte[] _spki;
    private readonly byte[] _id;

    private AuditKey(byte[] spki)
    {
        var hash = SHA256.HashData(spki);
        (_spki, _id) = (spki, hash[..IdBytes]);
        Origin = "dogana/audit/" + Convert.ToHexStringLower(hash.AsSpan(0, OriginBytes));
    }

    /// <summary>Whose checkpoints it signs.</summary>
    public string Origin { get; }

    /// <summary>The key as C2SP's verifiers take it, in one line: origin, key id and key.</summary>
    public string Text => $"{Origin}+{Convert.ToHexStringLower(_id)}+{Convert.ToBase64String([EcdsaType, .. _spki])}";

    /// <summary>The key in PEM.</summary>
    public string Pem => PemEncoding.WriteString("PUBLIC KEY", _spki) + "\n";

    /// <summary>Reads <see cref="Text"/>.</summary>
    public static Outcome<AuditKey> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Trim() is var line && line.Split('+', 3) is [_, _, var encoded] && CanonicalBase64.TryDecode(encoded, out var bytes) && bytes is [EcdsaType, .. var spki]
            && FromSpki(spki) is { } key && key.Text == line)
        {
            return key;
        }

        return new Problem(ProblemCode.InvalidRequest, "This is no key of an audit log: one line of origin, key id and key. Give the file that 'dogana audit key --out FILE' wrote.", "key");
    }

    /// <summary>Was the checkpoint signed with this key?</summary>
    public bool Verify(AuditCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Origin != Origin)
        {
            return false;
        }

        // Lines of other keys are witnesses' signatures: they neither help nor hurt.
        var start = Dash + Origin + " ";
        var signatures = checkpoint.SignatureLines.Where(line => line.StartsWith(start, StringComparison.Ordinal))
            .Select(line => CanonicalBase64.TryDecode(line[start.Length..], out var bytes) ? bytes : []).ToArray();
        if (signatures is not [[_, _, _, _, .. var signature] only] || !only.AsSpan(0, IdBytes).SequenceEqual(_id))
        {
            return false;
        }

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(_spki, out _);
        return ecdsa.VerifyData(Encoding.UTF8.GetBytes(checkpoint.Body), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>The key of these bytes; null when they are no public key on P-256.</summary>
    internal static AuditKey? FromSpki(byte[] spki)
    {
        if (spki.Length != SpkiBytes || !spki.AsSpan().StartsWith(SpkiOfP256))
        {
            return null;
        }

        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(spki, out _);
            return new AuditKey(spki);
        }
        catch (CryptographicException)
        {
            return null; // a point that is not on the curve
        }
    }

    /// <summary>Signs what the log is.</summary>
    internal AuditCheckpoint Sign(ECDsa key, long size, byte[] root, DateTimeOffset at)
    {
        var text = Convert.ToBase64String(root);
        var body = AuditCheckpoint.Compose(Origin, size, text, at);
        var signature = key.SignData(Encoding.UTF8.GetBytes(body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return AuditCheckpoint.Parse($"{body}\n{Dash}{Origin} {Convert.ToBase64String([.. _id, .. signature])}\n").Value;
    }
}
