using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using Dogana.Server.Verbs;

// A plain command, not a RootCommand: that one would call itself after the program's file.
var root = new Command("dogana", "The customs house for AI models: everything that passes is weighed, charged, checked and stamped.")
{
    DemoVerb.Create(), ServeVerb.Create(), ApplyVerb.Create(), KeyVerbs.Create(), UpstreamVerbs.Create(), ModelVerbs.Create(), OrganisationVerbs.Create(), ProjectVerbs.Create(), MarketVerbs.Create(), MeasureVerbs.Create(), StandingVerb.Create(),
    UsageVerbs.Create(),
    ExportVerbs.CreateExport(),
    ExportVerbs.CreateImport(),
    ContractVerbs.Create(), ExplainVerb.Create(), PeriodVerbs.Create(), DocumentVerbs.CreateInvoice(), DocumentVerbs.CreateStatement(), PaymentVerbs.Create(), PaymentVerbs.CreateAccount(), LedgerVerbs.Create(), VerifyVerb.Create(), AuditVerbs.Create(), NoticeVerbs.Create(), TermsVerbs.Create(), PriceVerbs.Create(),
    QuotaVerbs.Create(), BudgetVerbs.Create(), NodeVerbs.Create(), FileVerbs.CreateFile(), FileVerbs.CreateBatch(), ResponseCacheVerbs.Create(), CapacityVerbs.Create(), UserVerbs.Create(), UserVerbs.CreateRole(), SignInVerbs.CreateSignIn(), SignInVerbs.CreateSignOut(),
    SettlementVerbs.Create(), SettlementVerbs.CreateChannel(),
    ConductVerbs.Create(), CaseVerbs.Create(), SignalVerbs.Create(), SignalVerbs.CreateQuestion(),
    InsightVerbs.Create(),
    BackupVerbs.Create(), UpgradeVerb.Create(), RetentionVerbs.Create(), RetentionVerbs.CreateErase(),
    FilterVerbs.Create(),
    new HelpOption { Recursive = true }, new VersionOption(),
};
foreach (var option in new Option[] { StoreOptions.Data, StoreOptions.Postgres, StoreOptions.MasterKeyFile, StoreOptions.Url, StoreOptions.Json })
{
    root.Options.Add(option);
}

// One signal asks whatever runs to end: a verb gives up, the server lets open calls end.
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
var parsed = root.Parse(args);
try
{
    // Null: the library's own reaction (2 s, then exit 143) would cut open calls off.
    var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);
    return parsed.Errors.Count > 0 ? ExitCode.Misuse : code;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("dogana: stopped before it was done; nothing half-made was kept.");
    return ExitCode.No;
}
#pragma warning disable CA1031 // the edge of the process: a person reads this, not a stack
catch (Exception fault)
#pragma warning restore CA1031
{
    await Console.Error.WriteLineAsync("dogana: " + (fault is AggregateException { InnerException: { } first } ? first : fault).Message);
    return ExitCode.No;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
