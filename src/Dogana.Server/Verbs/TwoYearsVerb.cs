using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dogana.Client;
using Dogana.Server.Demo.TwoYears;
using Dogana.Server.Hosting;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana demo two-years</c>: a store with two years of sales in it, for reports that need a past.</summary>
internal static class TwoYearsVerb
{
    public static Command Create()
    {
        var seed = new Option<int>("--seed") { Description = "What everything follows from: the same seed gives the same sales.", DefaultValueFactory = static _ => Plan.Whole.Seed };
        var customers = Number("--customers", "Organisations that buy, 20 to 600.", Plan.Whole.CustomerCount, 20, Population.CustomersMax);
        var months = Number("--months", "Months until June 2024, 3 to 36.", Plan.Whole.MonthCount, 3, 36);
        var world = new Option<bool>("--world") { Description = "Print the world file, and make nothing." };
        var command = new Command(
            "two-years",
            "Makes a store with two years of sales: usage of each day, accruals, closes, settlements, payments, disputes and credit notes of a cloud that sells other companies' models, one family among its customers. "
            + "Takes some minutes; broken off, the same command goes on.\n\n"
            + "Examples:\n  dogana demo two-years --data ./two-years && dogana verify --data ./two-years\n  dogana demo two-years --data ./small --customers 30 --months 4 --json\n  dogana demo two-years --world > samples/two-years.yaml")
        {
            seed, customers, months, world,
        };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(world) && result.GetResult(StoreOptions.Data) is null or { Implicit: true } && result.GetValue(StoreOptions.Postgres) is null)
            {
                result.AddError("Say where the store is made, a new folder: --data DIR.");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var plan = new Plan(parsed.GetValue(seed), parsed.GetValue(customers), parsed.GetValue(months));
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(world))
            {
                await output.WriteAsync(WorldText.Of(plan, new Population(plan)));
                return ExitCode.Done;
            }

            await using var state = await NodeState.OpenAsync(StoreOptions.Settings(parsed) with { ServesModels = false }, cancellation);
            var run = await TwoYearsRun.BeginAsync(state.Store, plan, step => error.WriteLine($"… {step}"), cancellation);
            var report = await run.RunAsync(cancellation);
            if (parsed.GetValue(StoreOptions.Json))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(report, DoganaJson.Indented));
            }
            else
            {
                Print(report, output);
            }

            return report.Verified ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least || result.GetValueOrDefault<int>() > most)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is {least} to {most}."));
            }
        });
        return option;
    }

    private static void Print(TwoYearsReport report, TextWriter output) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
        {report.FirstMonth} to {report.LastMonth}: {report.Customers} customers, {report.UsageRecords} usage records, {report.Invoices} invoices, {report.CreditNotes} credit notes, {report.Payments} payments, {report.Statements} statements.
        The cloud invoiced {report.CloudRevenue:#,##0.00} USD in {report.LastMonth}, {report.FamilyRevenue:#,##0.00} of it to one family ({report.FamilyShare:0.00} %); twelve times that is {report.RunRate:#,##0.00}.
        Books: {(report.Verified ? "verified" : "NOT VERIFIED")}, {report.LedgerEntries} ledger entries. {report.Seconds} s.
        """));
}
