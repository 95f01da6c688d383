using System.CommandLine;
using System.CommandLine.Help;
using Dogana.Client;
using Dogana.Engine;
using Dogana.Server.Verbs;
using Dogana.Storage;

// A plain command, not a RootCommand: that one would call itself after the program's file.
var root = new Command("dogana", "The customs house for AI models: everything that passes is weighed, charged, checked and stamped.")
{
    DemoVerb.Create(), ServeVerb.Create(), ApplyVerb.Create(), KeyVerbs.Create(), OrganisationVerbs.Create(), MeasureVerbs.Create(), UsageVerbs.Create(),
    PeriodVerbs.Create(), DocumentVerbs.CreateInvoice(), DocumentVerbs.CreateStatement(), LedgerVerbs.Create(), VerifyVerb.Create(), AuditVerbs.Create(),
    new HelpOption { Recursive = true }, new VersionOption(),
};
foreach (var option in new Option[] { StoreOptions.Data, StoreOptions.Postgres, StoreOptions.Url, StoreOptions.Json })
{
    root.Options.Add(option);
}

var parsed = root.Parse(args);
try
{
    // Null leaves SIGTERM to the host, which lets open calls end; the default (2 s, then exit 143) would cut them off.
    var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? ExitCode.Misuse : code;
}
catch (Exception no) when (no is DoganaException or StoreInUseException or ModelFileException or InvalidOperationException or HttpRequestException or IOException or System.Data.Common.DbException)
{
    await Console.Error.WriteLineAsync("dogana: " + no.Message);
    return ExitCode.No;
}
catch (OperationCanceledException)
{
    return ExitCode.No;
}
