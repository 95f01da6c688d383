using System.Text.Json;
using System.Text.Json.Serialization;
using Dogana.Audit.Tree;
using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Audit;

/// <summary>Proofs on the audit log: made from the store, in reads that grow with the logarithm of its size; verified by anybody who has the key, without a store.</summary>
public static class AuditProofs
{
    // A misspelt or doubled field of a proof must not pass for one that is left out.
    private static readonly JsonSerializerOptions Strict = new(DoganaJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Proves that a row is in the log of the checkpoint of size <paramref name="at"/>; the last one where none is named.</summary>
    public static async Task<Outcome<AuditInclusionProof>> ProveInclusionAsync(StoreSession session, long sequence, long? at = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!(await CheckpointAsync(session, at, "at")).TryGet(out var checkpoint, out var problem))
        {
            return problem;
        }

        if (sequence < 1 || sequence > checkpoint.Size)
        {
            return new Problem(
                ProblemCode.InvalidRequest,
                FormattableString.Invariant($"The checkpoint covers the rows 1 to {checkpoint.Size}; {sequence} is none of them. For a newer row make a checkpoint first: dogana audit checkpoint."), "sequence");
        }

        var row = await AuditLog.FindAsync(session, sequence);
        var path = await TreeRows.ReadRangesAsync(session, MerkleTree.Inclusion(sequence - 1, checkpoint.Size));
        return row is not null && path is not null
            && MerkleTree.IsIncluded(sequence - 1, checkpoint.Size, AuditLeaf.Hash(AuditRow.Of(row)), path, checkpoint.RootHash)
            ? new AuditInclusionProof(AuditInclusionProof.FormatName, AuditEndpoints.ToRecord(row), checkpoint.Note, ToText(path))
            : Damaged();
    }

    /// <summary>Proves that the log of one checkpoint is the beginning of that of another; of the last one where none is named.</summary>
    public static async Task<Outcome<AuditConsistencyProof>> ProveConsistencyAsync(StoreSession session, long from, long? to = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!(await CheckpointAsync(session, from, "from")).TryGet(out var smaller, out var problem) || !(await CheckpointAsync(session, to, "to")).TryGet(out var larger, out problem))
        {
            return problem;
        }

        if (smaller.Size > larger.Size)
        {
            return new Problem(ProblemCode.InvalidRequest, "The smaller size comes first: exchange from and to.", "from");
        }

        var path = await TreeRows.ReadRangesAsync(session, MerkleTree.Consistency(smaller.Size, larger.Size));
        return path is not null && MerkleTree.IsConsistent(smaller.Size, larger.Size, smaller.RootHash, larger.RootHash, path)
            ? new AuditConsistencyProof(AuditConsistencyProof.FormatName, smaller.Note, larger.Note, ToText(path))
            : Damaged();
    }

    /// <summary>Verifies a proof as <c>dogana audit prove</c> wrote it, without a store.</summary>
    /// <param name="json">The file's text.</param>
    /// <param name="key">The key that was kept.</param>
    public static AuditProofReport Verify(string json, AuditKey key)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("format", out var format) ? format.ToString() switch
            {
                AuditInclusionProof.FormatName => Verify(JsonSerializer.Deserialize<AuditInclusionProof>(json, Strict)!, key),
                AuditConsistencyProof.FormatName => Verify(JsonSerializer.Deserialize<AuditConsistencyProof>(json, Strict)!, key),
                _ => Not("it is of no format that this version knows"),
            }
            : Not("it names no format");
        }
        catch (JsonException fault)
        {
            return Not(fault.Message);
        }
    }

    /// <summary>Verifies that a row is in the log that a checkpoint signed.</summary>
    public static AuditProofReport Verify(AuditInclusionProof proof, AuditKey key)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (!Signed(proof.Checkpoint, key).TryGet(out var checkpoint, out var problem))
        {
            return Not(problem.Message);
        }

        var row = proof.Row;
        var isInstant = row.At.Ticks % TimeSpan.TicksPerMicrosecond == 0; // what is finer is not in the leaf
        var leaf = AuditLeaf.Hash(AuditRow.Of(new AuditEvent(row.Sequence, row.At, row.Actor, row.Action, row.Subject, row.Detail)));
        return isInstant && FromText(proof.Path) is { } path && MerkleTree.IsIncluded(row.Sequence - 1, checkpoint.Size, leaf, path, checkpoint.RootHash)
            ? new AuditProofReport(true, FormattableString.Invariant($"row {row.Sequence} is in the log of {checkpoint.Size} rows that {checkpoint.Origin} signed at {InstantText.Format(checkpoint.At)}"))
            : Not("the row and the path do not give the checkpoint's root");
    }

    /// <summary>Verifies that the log of one checkpoint is the beginning of that of another.</summary>
    public static AuditProofReport Verify(AuditConsistencyProof proof, AuditKey key)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (!Signed(proof.From, key).TryGet(out var from, out var problem) || !Signed(proof.To, key).TryGet(out var to, out problem))
        {
            return Not(problem.Message);
        }

        return FromText(proof.Path) is { } path && MerkleTree.IsConsistent(from.Size, to.Size, from.RootHash, to.RootHash, path)
            ? new AuditProofReport(true, FormattableString.Invariant($"the log of {to.Size} rows begins with that of {from.Size} rows; {to.Origin} signed both"))
            : Not("the path does not lead from the one root to the other");
    }

    private static Outcome<AuditCheckpoint> Signed(string note, AuditKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!AuditCheckpoint.Parse(note).TryGet(out var checkpoint, out var problem))
        {
            return problem;
        }

        return key.Verify(checkpoint) ? checkpoint : new Problem(ProblemCode.AuditDamaged, $"the checkpoint is not signed with the key of {key.Origin}");
    }

    private static async Task<Outcome<AuditCheckpoint>> CheckpointAsync(StoreSession session, long? size, string param)
    {
        var found = size is { } wanted ? await AuditCheckpoints.FindAsync(session, wanted) : await AuditCheckpoints.FindLastAsync(session);
        return !found.TryGet(out var checkpoint, out var problem) ? problem
            : checkpoint is not null ? checkpoint
            : AuditEndpoints.NoCheckpoint(size, param);
    }

    private static string[] ToText(IReadOnlyList<byte[]> path) => [.. path.Select(Convert.ToBase64String)];

    private static List<byte[]>? FromText(IReadOnlyList<string> path)
    {
        var hashes = new List<byte[]>(path.Count);
        foreach (var text in path)
        {
            if (text is null || !CanonicalBase64.TryDecode(text, out var hash) || hash.Length != MerkleTree.HashBytes)
            {
                return null;
            }

            hashes.Add(hash);
        }

        return hashes;
    }

    private static AuditProofReport Not(string why) => new(false, why);

    private static Problem Damaged() => new(ProblemCode.AuditDamaged, "The audit log does not give the root that was signed: it was changed. 'dogana audit verify' names the row.");
}
