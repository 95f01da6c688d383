using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Backups.Files;

// A backup is gzip over lines of JSON. The first is a BackupHead. Then for each table a TableHead, a line for each row (an array of the columns' values) and a TableEnd. The last is a BackupEnd.

/// <summary>The first line.</summary>
/// <param name="Format">What it is: <see cref="Dogana"/>.</param>
/// <param name="Version">Of the format.</param>
/// <param name="Product">Version of the program that made it.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Store">Kind of the store.</param>
/// <param name="Schema">The steps that made the store's schema.</param>
internal sealed record BackupHead(string Format, int Version, string Product, DateTimeOffset MadeAt, string Store, IReadOnlyList<SchemaStep> Schema)
{
    public const string Dogana = "dogana-backup";
    public const int Current = 1;
}

/// <summary>Before a table's rows.</summary>
internal sealed record TableHead(string Table, IReadOnlyList<string> Columns);

/// <summary>Behind a table's rows.</summary>
internal sealed record TableEnd(long Rows, string Sha256);

/// <summary>The last line.</summary>
internal sealed record BackupEnd(BackupManifest? End);
