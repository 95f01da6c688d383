using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana verify</c>: does everything agree?</summary>
internal static class VerifyVerb
{
    public static Command Create() => AdminVerb.Create(
        "verify", "Rebuilds every hash, sum and document from the records, the audit log too, and names whatever does not agree. Exit 1 when something does not.\n\nExample:\n  dogana verify --data DIR", [],
        static (client, _, cancellation) => client.VerifyAsync(cancellation),
        Print);

    /// <summary>What was verified, and what does not agree.</summary>
    public static void Print(BooksVerificationReport report, TextWriter output)
    {
        var read = $"{report.Entries} ledger entries, head {report.Head}; {report.AuditRows} audit rows, root {report.AuditRoot}";
        output.WriteLine(report.Verified ? $"verified: {read}" : $"NOT verified: {report.Faults.Count} faults in {read}");
        foreach (var fault in report.Faults)
        {
            output.WriteLine($"  {fault.Subject}: {fault.Message}{(fault.Stored is null ? "" : $" (stored {fault.Stored}, computed {fault.Computed})")}");
        }
    }
}
