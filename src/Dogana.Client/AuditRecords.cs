namespace Dogana.Client;

/// <summary>A signed checkpoint of the audit log.</summary>
/// <param name="Origin">Whose log it is.</param>
/// <param name="Size">How many rows it covers: those with sequence 1 to this.</param>
/// <param name="Root">The Merkle root over them (RFC 6962), in base64.</param>
/// <param name="At">When it was signed.</param>
/// <param name="Note">The whole text: what is kept outside of the store.</param>
public sealed record AuditCheckpointRecord(string Origin, long Size, string Root, DateTimeOffset At, string Note);

/// <summary>The public key that checkpoints are signed with.</summary>
/// <param name="Origin">Whose log it is: made of the key.</param>
/// <param name="Key">Origin, key id and key in one line, as C2SP's verifiers take it: what is kept outside of the store.</param>
/// <param name="Pem">The key in PEM.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record AuditKeyRecord(string Origin, string Key, string Pem, DateTimeOffset CreatedAt);

/// <summary>That a row is in the log of a checkpoint: with the key, all that is needed to verify it.</summary>
/// <param name="Format"><see cref="FormatName"/>.</param>
/// <param name="Row">The row.</param>
/// <param name="Checkpoint">The checkpoint's text.</param>
/// <param name="Path">The hashes from the row's leaf up to the root, in base64.</param>
public sealed record AuditInclusionProof(string Format, AuditRecord Row, string Checkpoint, IReadOnlyList<string> Path)
{
    /// <summary>What such a file calls itself.</summary>
    public const string FormatName = "dogana.audit.inclusion/1";
}

/// <summary>That the log of one checkpoint is the beginning of that of another.</summary>
/// <param name="Format"><see cref="FormatName"/>.</param>
/// <param name="From">The text of the smaller checkpoint.</param>
/// <param name="To">The text of the larger one.</param>
/// <param name="Path">The hashes of the proof, in base64.</param>
public sealed record AuditConsistencyProof(string Format, string From, string To, IReadOnlyList<string> Path)
{
    /// <summary>What such a file calls itself.</summary>
    public const string FormatName = "dogana.audit.consistency/1";
}

/// <summary>What the audit log is verified against.</summary>
/// <param name="Checkpoints">The texts of checkpoints that were kept elsewhere.</param>
/// <param name="Key">The key that was kept elsewhere; the store's own when left out.</param>
public sealed record AuditVerifyRequest(IReadOnlyList<string>? Checkpoints = null, string? Key = null);

/// <summary>What verifying the audit log found.</summary>
/// <param name="Verified">Nothing is wrong.</param>
/// <param name="Rows">How many rows the log has by their numbers, those that are missing included.</param>
/// <param name="Root">The Merkle root over them, in base64; null where it cannot be told.</param>
/// <param name="Checkpoints">How many checkpoints the store has.</param>
/// <param name="Retained">How many rows the largest checkpoint covers that was given; 0 where none was. Only for these can nobody have rewritten the store from end to end.</param>
/// <param name="Faults">Empty when verified; by the numbers of rows, so that the first is about the first bad one.</param>
public sealed record AuditVerificationReport(bool Verified, long Rows, string? Root, long Checkpoints, long Retained, IReadOnlyList<VerificationFault> Faults);

/// <summary>What verifying a proof gave, without any store.</summary>
/// <param name="Verified">It proves what it says.</param>
/// <param name="Text">What it proves, or what is wrong with it.</param>
public sealed record AuditProofReport(bool Verified, string Text);
