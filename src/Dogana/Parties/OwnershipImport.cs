using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Parties.Ownership.Import;
using Dogana.Storage;

namespace Dogana.Parties;

/// <summary>What a file of statements is written in.</summary>
public enum OwnershipFormat
{
    /// <summary>Beneficial Ownership Data Standard 0.4: a JSON array of statements, or one statement on each line.</summary>
    Bods = 1,

    /// <summary>GLEIF's Level 2 relationship records, golden copy, CSV.</summary>
    Gleif = 2,

    /// <summary>GLEIF's Level 1 records, golden copy, CSV: names and countries of parties that are here already.</summary>
    GleifNames = 3,
}

/// <summary>Takes in published statements about ownership. Importing a file again changes nothing.</summary>
public static class OwnershipImport
{
    /// <summary>The largest file in bytes: 1 GiB.</summary>
    public const long BytesMax = 1L << 30;

    // How often a file is read anew because organisations changed meanwhile.
    private const int AttemptsMax = 5;

    /// <summary>
    /// Imports a file in one transaction: all of it or nothing. It is read before, from a temporary file, so that memory grows with the records' count and
    /// not with their size, and others write meanwhile. What changed is in the audit log as <c>ownership.import</c>.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="format">The file's format.</param>
    /// <param name="body">The file.</param>
    /// <param name="now">Now, where a record ends without a date.</param>
    /// <param name="actor">Who imports it.</param>
    /// <param name="dryRun">Compare only, without a write.</param>
    /// <param name="cancellation">Gives up; then nothing happened.</param>
    public static async Task<Outcome<OwnershipImportReport>> RunAsync(
        Store store, OwnershipFormat format, Stream body, DateTimeOffset now, string actor, bool dryRun, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            await using var file = await ScratchFile.CopyAsync(body, BytesMax, cancellation);
            for (var attempt = 1; attempt <= AttemptsMax; attempt++)
            {
                // 1. Read it, against the parties that are known now.
                var known = await store.ReadAsync(session => ReadKnownAsync(session, format), cancellation);
                await using var spool = new ImportSpool(ScratchFile.Create(), cancellation);
                await (format switch
                {
                    OwnershipFormat.Bods => new BodsImport(spool, known).RunAsync(file, cancellation),
                    OwnershipFormat.Gleif => GleifImport.RunAsync(spool, known, file, cancellation),
                    _ => GleifImport.RunNamesAsync(spool, known, file, cancellation),
                });

                // 2. Take it in; read it again where others are known meanwhile.
                var report = dryRun
                    ? await store.ReadAsync(session => CompareAsync(session, spool), cancellation)
                    : await store.WriteAsync(async session => known.IsAs(await ReadKnownAsync(session, format)) ? await TakeAsync(session, spool) : null, cancellation);
                if (report is not null)
                {
                    return report;
                }
            }

            return new Problem(ProblemCode.Busy, "Organisations changed again and again while the file was read. Import it again; nothing was imported.");
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
        catch (JsonException fault)
        {
            return new Problem(ProblemCode.InvalidJson, $"The file is not valid JSON (line {(fault.LineNumber ?? 0) + 1}). Send statements of BODS 0.4 as an array, or one on each line; nothing was imported.");
        }
        catch (CsvHelperException fault)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The file is not valid CSV (row {fault.Context?.Parser?.Row ?? 0}). Send GLEIF's golden copy as it is published, unzipped; nothing was imported.");
        }

        async Task<OwnershipImportReport?> CompareAsync(StoreSession session, ImportSpool spool)
        {
            var target = new ImportTarget(session, now, dryRun);
            await target.RunAsync(spool, cancellation);
            return target.Report(Name(format), spool.Skipped);
        }

        async Task<OwnershipImportReport?> TakeAsync(StoreSession session, ImportSpool spool)
        {
            var report = await CompareAsync(session, spool);
            if (report is { Parties: not { Created: 0, Updated: 0 } } or { Statements: not { Created: 0, Updated: 0 } })
            {
                session.ChangesConfiguration();
                await AuditLog.WriteAsync(session, now, actor, "ownership.import", report.Format, Text(report));
            }

            return report;
        }
    }

    private static Task<KnownParties> ReadKnownAsync(StoreSession session, OwnershipFormat format) =>
        KnownParties.ReadAsync(session, withMade: format == OwnershipFormat.GleifNames);

    /// <summary>A format by its name in the API, or null.</summary>
    public static OwnershipFormat? FindFormat(string name) => name switch
    {
        "bods" => OwnershipFormat.Bods,
        "gleif" => OwnershipFormat.Gleif,
        "gleif-names" => OwnershipFormat.GleifNames,
        _ => null,
    };

    private static string Name(OwnershipFormat format) => format switch
    {
        OwnershipFormat.Bods => "bods",
        OwnershipFormat.Gleif => "gleif",
        _ => "gleif-names",
    };

    private static string Text(OwnershipImportReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Parties.Created} parties created, {report.Parties.Updated} updated; {report.Statements.Created} statements created, {report.Statements.Updated} updated");
}
