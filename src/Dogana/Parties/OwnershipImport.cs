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

    /// <summary>
    /// Imports a file in one transaction: all of it or nothing. It is read twice, from a temporary file, so that memory grows with the records' count and
    /// not with their size. What changed is in the audit log as <c>ownership.import</c>.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="format">The file's format.</param>
    /// <param name="body">The file.</param>
    /// <param name="now">Now, where a record ends without a date.</param>
    /// <param name="actor">Who imports it.</param>
    /// <param name="dryRun">Do everything and take it back.</param>
    /// <param name="cancellation">Gives up; then nothing happened.</param>
    public static async Task<Outcome<OwnershipImportReport>> RunAsync(
        Store store, OwnershipFormat format, Stream body, DateTimeOffset now, string actor, bool dryRun, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            await using var file = await SpoolAsync(body, cancellation);
            return await store.WriteAsync(
                async session =>
                {
                    var target = new ImportTarget(session, now);
                    await (format switch
                    {
                        OwnershipFormat.Bods => new BodsImport(target).RunAsync(file, cancellation),
                        OwnershipFormat.Gleif => GleifImport.RunAsync(target, file, cancellation),
                        _ => GleifImport.RunNamesAsync(target, file, cancellation),
                    });
                    await target.FlushAsync();
                    var report = target.Report(Name(format), dryRun);
                    if (dryRun)
                    {
                        throw new TakenBackException(report);
                    }

                    if (target.IsChanged)
                    {
                        session.ChangesConfiguration();
                        await AuditLog.WriteAsync(session, now, actor, "ownership.import", report.Format, Text(report));
                    }

                    return report;
                },
                cancellation);
        }
        catch (TakenBackException taken)
        {
            return taken.Report;
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
    }

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

    private static async Task<FileStream> SpoolAsync(Stream body, CancellationToken cancellation)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous | FileOptions.SequentialScan,
        });
        try
        {
            var buffer = new byte[81_920];
            for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
            {
                if (file.Length + read > BytesMax)
                {
                    throw new ProblemException(new Problem(
                        ProblemCode.BodyTooLarge, $"The file is larger than {BytesMax / 1024 / 1024} MiB. Split it by records: importing parts gives the same as importing the whole."));
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes a report out of a transaction that must not commit.</summary>
    private sealed class TakenBackException(OwnershipImportReport report) : Exception
    {
        public OwnershipImportReport Report { get; } = report;
    }
}
