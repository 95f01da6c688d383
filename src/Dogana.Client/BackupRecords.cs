namespace Dogana.Client;

/// <summary>What a backup holds: its last line, which only a whole one has.</summary>
/// <param name="Product">Version of the program that made it.</param>
/// <param name="MadeAt">When: what it holds was so at this instant.</param>
/// <param name="Store">From which kind of store: <c>sqlite</c> or <c>postgres</c>. It restores into either.</param>
/// <param name="SchemaStep">The last step of the schema that the store had.</param>
/// <param name="Rows">Rows of all tables.</param>
/// <param name="Tables">The tables, in the order in which they are in the file.</param>
/// <param name="Nodes">How far the store had taken each node's journal in.</param>
/// <param name="Heads">Ends of the chains; null where the store was older than the program that made the backup.</param>
/// <param name="Sha256">SHA-256 over all other lines but the rows, which the tables' own hashes are over, in lower-case hexadecimal.</param>
public sealed record BackupManifest(
    string Product, DateTimeOffset MadeAt, string Store, long SchemaStep, long Rows, IReadOnlyList<BackupTable> Tables, IReadOnlyList<BackupNode> Nodes, BackupHeads? Heads, string Sha256);

/// <summary>A table of a backup.</summary>
/// <param name="Name">The table.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Sha256">SHA-256 over the lines of its rows, in lower-case hexadecimal.</param>
public sealed record BackupTable(string Name, long Rows, string Sha256);

/// <summary>A node, and what of its journal is in the backup.</summary>
/// <param name="Name">The node.</param>
/// <param name="Segment">The journal's segment up to which it is.</param>
/// <param name="Position">And the byte within it.</param>
/// <param name="ShippedUntil">Every call that the node accepted before is in the backup; null for a node that had ended, whose calls are all there.</param>
public sealed record BackupNode(string Name, long Segment, long Position, DateTimeOffset? ShippedUntil);

/// <summary>Ends of the chains of a backup, to compare with what is kept elsewhere.</summary>
/// <param name="LedgerEntries">Number of the last ledger entry.</param>
/// <param name="LedgerHead">Its hash.</param>
/// <param name="AuditRows">Rows of the audit log.</param>
/// <param name="AuditRoot">Root of their tree, in base64; null for none.</param>
public sealed record BackupHeads(long LedgerEntries, string LedgerHead, long AuditRows, string? AuditRoot);

/// <summary>What a verb did with a backup's file.</summary>
/// <param name="File">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 of the file itself, in lower-case hexadecimal: kept elsewhere it tells whether it is still the same.</param>
/// <param name="Manifest">What it holds.</param>
public sealed record BackupReport(string File, long Bytes, string Sha256, BackupManifest Manifest);

/// <summary>A store that was restored.</summary>
/// <param name="Backup">From what.</param>
/// <param name="Steps">Steps of the schema that ran afterwards, because the backup was older than the program.</param>
/// <param name="Verification">What <c>verify</c> says of it.</param>
public sealed record RestoreReport(BackupReport Backup, IReadOnlyList<string> Steps, BooksVerificationReport Verification);

/// <summary>How a store's schema stands to the program.</summary>
/// <param name="Step">The last step that ran; 0 for an empty store.</param>
/// <param name="Pending">Steps that are to run.</param>
/// <param name="Backup">The backup that was made before they ran; null where nothing ran or none was wanted.</param>
/// <param name="IsCurrent">Is nothing left to run?</param>
public sealed record UpgradeReport(long Step, IReadOnlyList<string> Pending, BackupReport? Backup, bool IsCurrent);
