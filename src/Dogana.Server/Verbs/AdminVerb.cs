using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>A verb that asks the admin API something and prints the answer.</summary>
internal static class AdminVerb
{
    /// <summary>Makes the verb: one call, then JSON or text.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does; examples at the end.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="run">The call.</param>
    /// <param name="print">The answer for people.</param>
    /// <param name="mayCreate">May it begin a new store? A verb that only asks must not make one by a typing error.</param>
    /// <param name="isForAnybody">Does it work on a server without a key or a session?</param>
    public static Command Create<T>(
        string name, string description, IReadOnlyList<Symbol> symbols, Func<AdminClient, ParseResult, CancellationToken, Task<T>> run, Action<T, TextWriter> print,
        bool mayCreate = false, bool isForAnybody = false) => Create(name, description, symbols, run, (result, _, output) => print(result, output), mayCreate, isForAnybody);

    /// <summary>The same, for an answer that options word differently.</summary>
    public static Command Create<T>(
        string name, string description, IReadOnlyList<Symbol> symbols, Func<AdminClient, ParseResult, CancellationToken, Task<T>> run,
        Action<T, ParseResult, TextWriter> print, bool mayCreate = false, bool isForAnybody = false)
    {
        return StoreVerb.Create(
            name, description, symbols,
            async (parsed, cancellation) =>
            {
                await using var session = await AdminSession.OpenAsync(parsed, cancellation, mayCreate, isForAnybody);
                return await run(session.Client, parsed, cancellation);
            },
            print);
    }

    /// <summary>A noun: a group of verbs.</summary>
    public static Command Noun(string name, string description, params Command[] verbs)
    {
        var noun = new Command(name, description);
        foreach (var verb in verbs)
        {
            noun.Subcommands.Add(verb);
        }

        return noun;
    }
}

/// <summary>0: done, or yes. 1: the answer is no, or it failed. 2: misuse.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int No = 1;
    public const int Misuse = 2;

    public static int Of(object? result) => result is BooksVerificationReport { Verified: false } or AdmissionExplanation { IsServed: false } or StandingRecord { InGoodStanding: false }
        or NoticeTestRecord { IsDelivered: false } or LimitExplanation { IsServed: false } or ReconciliationRecord { Agrees: false } or ReconcileReport { Reconciled: false }
        or PaymentImportResult { Refused.Count: > 0 } or AuditVerificationReport { Verified: false } or AuditProofReport { Verified: false }
        or CaseVerification { Intact: false } or RollupVerificationRecord { Agrees: false }
        or RestoreReport { Verification.Verified: false } or UpgradeReport { IsCurrent: false }
        ? No : Done;
}
