using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana verify</c>: does everything agree?</summary>
internal static class VerifyVerb
{
    public static Command Create() => AdminVerb.Create(
        "verify", "Rebuilds every hash, sum and document from the records, and names whatever does not agree. Exit 1 when something does not.\n\nExample:\n  dogana verify --data DIR", [],
        static (client, _, cancellation) => client.VerifyAsync(cancellation),
        static (report, output) =>
        {
            output.WriteLine(report.Verified ? $"verified: {report.Entries} ledger entries, head {report.Head}" : $"NOT verified: {report.Faults.Count} faults in {report.Entries} ledger entries");
            foreach (var fault in report.Faults)
            {
                output.WriteLine($"  {fault.Subject}: {fault.Message}{(fault.Stored is null ? "" : $" (stored {fault.Stored}, computed {fault.Computed})")}");
            }
        });
}
