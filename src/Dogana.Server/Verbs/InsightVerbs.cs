using System.CommandLine;
using System.Globalization;
using Dogana.Client;
using static Dogana.Server.Verbs.ReportTable;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana insight</c>: reports on the books.</summary>
internal static class InsightVerbs
{
    public static Command Create() => AdminVerb.Noun(
        "insight", "Reports on the books: who the revenue depends on, how it grows, what it costs, and what is to come.",
        [Concentration(), Growth(), Retention(), RunRate(), Commitments(), Dependence(), Margin(), Pools(), Customer(), .. InsightSeriesVerbs.Create(), WhatIfVerb.Create(), BoardVerb.Create(), Rebuild(), Verify()]);

    /// <summary>A report: its tables for people, the first as CSV, all of it as JSON.</summary>
    public static Command Report<T>(
        string name, string description, IReadOnlyList<Symbol> symbols, Func<AdminClient, InsightFilter, ParseResult, CancellationToken, Task<T>> run, Func<T, IReadOnlyList<ReportTable>> tables,
        Func<T, InsightBasis?> basis)
    {
        var options = new InsightOptions();
        return AdminVerb.Create(
            name, description, [.. symbols, .. options.All], (client, parsed, cancellation) => run(client, options.Read(parsed), parsed, cancellation),
            (report, parsed, output) =>
            {
                if (parsed.GetValue(options.Csv))
                {
                    output.Write(tables(report)[0].ToCsv());
                    return;
                }

                if (basis(report) is { } about)
                {
                    output.WriteLine($"{string.Join(", ", about.Sellers)}: {about.Months} months {about.From} to {about.To}, in {about.Currency} at rates of {about.Rates}{Only("channel", about.Channel)}{Only("owner", about.Owner)}{Only("model", about.Model)}");
                    output.WriteLine(about.Includes);
                    output.WriteLine();
                }

                foreach (var table in tables(report).Where(static table => table.Rows.Count > 0))
                {
                    table.Write(output);
                }
            });

        static string Only(string what, string? id) => id is null ? "" : $", {what} {id}";
    }

    private static Option<string?> Axis(string description) => new("--axis") { Description = description };

    private static Command Concentration()
    {
        var axis = Axis("counterparty, family (when left out), channel, model or owner.");
        var limit = new Option<int?>("--limit") { Description = "How many to name; 20 when left out." };
        var history = new Option<bool>("--history") { Description = "Each month by itself too." };
        return Report(
            "concentration", "How far revenue depends on few.\n\nExamples:\n  dogana insight concentration --months 12 --currency USD\n  dogana insight concentration --axis model --owner openai --history",
            [axis, limit, history],
            (client, filter, parsed, cancellation) => client.GetConcentrationAsync(filter, parsed.GetValue(axis), parsed.GetValue(limit), parsed.GetValue(history), cancellation),
            static report =>
            [
                new($"The largest by {report.Axis}", [report.Axis, "name", "amount>", "share>", "change on the year>", "of growth>", "index without>"],
                    [.. report.Largest.Select(static party => new[] { Id(party.Party), party.Name ?? "", party.Amount, Percent(party.Share), party.Change, Percent(party.ShareOfGrowth), Plain(party.IndexWithout) })], 3),
                new("All together", ["total>", "parties>", "CR1>", "CR5>", "CR10>", "index>", "normalised>", "effective>", "a tenth or more"],
                    [[report.Total, Count(report.Parties), Percent(report.Cr1), Percent(report.Cr5), Percent(report.Cr10), Plain(report.Index), Plain(report.Normalised), Plain(report.EffectiveParties),
                        string.Join(", ", report.Disclosed.Select(Id))]]),
                new("By month", ["month", "total>", "CR1>", "CR5>", "index>", "effective>"],
                    [.. report.History.Select(static month => new[] { month.Month, month.Total, Percent(month.Largest), Percent(month.Largest5), Plain(month.Index), Plain(month.EffectiveParties) })], 2),
            ],
            static report => report.Basis);
    }

    private static Command Growth() => Report(
        "growth", "Revenue by month and quarter, and how it grew.\n\nExample:\n  dogana insight growth --channel resale --months 24", [],
        static (client, filter, _, cancellation) => client.GetGrowthAsync(filter, cancellation),
        static report =>
        [
            new("By quarter", ["quarter", "amount>", "months>", "year on year>", "quarter on quarter>", "currency-neutral>", "exchange rates>"],
                [.. report.Quarters.Select(static quarter => new[]
                {
                    quarter.Quarter, quarter.Amount, Count(quarter.Months), Percent(quarter.YearOnYear), Percent(quarter.QuarterOnQuarter), Percent(quarter.NeutralYearOnYear), quarter.ExchangeEffect ?? "-",
                })], 1),
            new("By month", ["month", "amount>"], Months(report.Months), 1),
        ],
        static report => report.Basis);

    private static Command Retention()
    {
        var axis = Axis("Who counts as one customer: family (when left out) or counterparty.");
        return Report(
            "retention", "What is kept of the same months a year before: GRR, NRR and the bridge.\n\nExample:\n  dogana insight retention --months 3 --through 2026-03", [axis],
            (client, filter, parsed, cancellation) => client.GetRetentionAsync(filter, parsed.GetValue(axis), cancellation),
            static report =>
            [
                new($"From {report.OpeningFrom} to {report.OpeningTo}: {Count(report.OpeningCustomers)} customers, of whom {Count(report.LostCustomers)} bring nothing now",
                    ["channel", "opening>", "new>", "expansion>", "contraction>", "churn>", "moves>", "credits>", "closing>", "GRR>", "NRR>"],
                    [.. report.Channels.Prepend(report.All).Select(static bridge => new[]
                    {
                        bridge.Channel ?? "(all)", bridge.Opening, bridge.New, bridge.Expansion, bridge.Contraction, bridge.Churn, bridge.Moves, bridge.Credits, bridge.Closing,
                        Percent(bridge.GrossRetention), Percent(bridge.NetRetention),
                    })]),
            ],
            static report => report.Basis);
    }

    private static Command RunRate() => Report(
        "run-rate", "What a year would bring if every span were like the last one, and what is owed whatever is used.\n\nExample:\n  dogana insight run-rate --seller cloud", [],
        static (client, filter, _, cancellation) => client.GetRunRateAsync(filter, cancellation),
        static report =>
        [
            new("Usage", ["span", "from", "days>", "of", "observed>", "a year by its factor>", "a year by days>"],
                [.. report.Usage.Select(static rate => new[]
                {
                    rate.Span, rate.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Count(rate.Days), rate.Source, rate.Observed, rate.Annual, rate.AnnualByDays,
                })]),
            new("Owed whatever is used, in these months and by contract in the twelve to come", ["what", "amount>"],
                [.. report.Committed.Select(static kind => new[] { kind.Kind, kind.Amount }), ["the twelve to come", report.CommittedAnnual]]),
        ],
        static report => report.Basis);

    private static Command Commitments() => Report(
        "commitments", "What contracts have customers pay in any case, beside what is expected of them.\n\nExample:\n  dogana insight commitments --currency USD", [],
        static (client, filter, _, cancellation) => client.GetCommitmentsAsync(filter, cancellation),
        static report =>
        [
            new("Customers", ["customer", "contracted>", "expected in a year>", "coverage>", "months of protection>", "months committed>"],
                [.. report.Customers.Prepend(report.All).Concat(report.Others is { } others ? [others with { Party = "(others)" }] : []).Select(static coverage => new[]
                {
                    coverage.Party ?? "(all)", coverage.RemainingMinimum, coverage.Expected, Percent(coverage.Coverage), Plain(coverage.MonthsOfProtection), Count(coverage.MonthsCommitted),
                })]),
            ContractTable(report.Contracts),
        ],
        static report => report.Basis);

    private static Command Dependence() => Report(
        "dependence", "What both sides of each share agreement depend on the other for.\n\nExample:\n  dogana insight dependence --months 12", [],
        static (client, filter, _, cancellation) => client.GetDependenceAsync(filter, cancellation),
        static report =>
        [
            new("Agreements", ["agreement", "payer", "sold under it>", "of what it invoices>", "payee", "is owed>", "of what it earns>"],
                [.. report.Agreements.Select(static item => new[]
                {
                    item.Agreement, item.Payer, item.Basis, Percent(item.PayerDependence), item.Payee, item.Share, Percent(item.PayeeDependence),
                })]),
        ],
        static report => report.Basis);

    private static Command Margin()
    {
        var axis = Axis("model (when left out), owner, counterparty, family or channel.");
        var limit = new Option<int?>("--limit") { Description = "How many to name; 1,000 when left out." };
        return Report(
            "margin", "Revenue less what upstreams charge.\n\nExample:\n  dogana insight margin --axis channel --months 3", [axis, limit],
            (client, filter, parsed, cancellation) => client.GetMarginAsync(filter, parsed.GetValue(axis), parsed.GetValue(limit), cancellation),
            static report =>
            [
                new($"By {report.Axis}; {report.Unallocated} of cost is of use that was not invoiced in these months", [report.Axis, "revenue>", "cost>", "margin>", "rate>"],
                    [.. report.Rows.Select(static row => new[] { Id(row.Party), row.Revenue, row.Cost, row.Margin, Percent(row.MarginRate) }),
                        .. report.Others is not { } others ? [] : new[] { new[] { "(others)", others.Revenue, others.Cost, others.Margin, Percent(others.MarginRate) } },
                        ["(all)", report.All.Revenue, report.All.Cost, report.All.Margin, Percent(report.All.MarginRate)]]),
            ],
            static report => report.Basis);
    }

    private static Command Pools()
    {
        var rate = new Option<decimal?>("--rate") { Description = "A year's discount rate, 0.1 for 10 % (when left out)." };
        return Report(
            "pools", "What capacity served, brought and cost, and when its capital comes back.\n\nExample:\n  dogana insight pools --months 12 --rate 0.08", [rate],
            (client, filter, parsed, cancellation) => client.GetPoolsAsync(filter, parsed.GetValue(rate), cancellation),
            static report =>
            [
                new("Pools", ["pool", "tokens>", "used>", "revenue>", "capital>", "running>", "margin>", "before capital>", "cost/M>", "revenue/M>", "back in month>", "discounted>", "NPV>"],
                    [.. report.Pools.Select(static pool => new[]
                    {
                        pool.Pool, Count(pool.Tokens), Percent(pool.Utilisation), pool.Revenue, pool.CapitalCost, pool.RunningCost, pool.Margin, pool.MarginBeforeCapital,
                        pool.CostPerMillionTokens ?? "-", pool.RevenuePerMillionTokens ?? "-", Month(pool.PaybackMonth), Month(pool.DiscountedPaybackMonth), pool.NetPresentValue,
                    })]),
            ],
            static report => report.Basis);

        static string Month(int? month) => month is { } known ? Count(known) : "never";
    }

    private static Command Customer()
    {
        var organisation = new Argument<string>("organisation") { Description = "The customer." };
        return Report(
            "customer", "A customer's own view: spend by model and owner, commitments, credit, and what the same would cost elsewhere.\n\nExample:\n  dogana insight customer acme --months 6", [organisation],
            (client, filter, parsed, cancellation) => client.GetCustomerInsightAsync(parsed.GetValue(organisation)!, filter, cancellation),
            static report =>
            [
                new($"{report.Organisation} spent {report.Total}", ["channel", "model", "owner", "amount>", "units>"],
                    [.. report.Spend.Select(static spend => new[] { spend.Channel, Id(spend.Model), spend.Owner, spend.Amount, Count(spend.Units) })], 3),
                new("By month", ["month", "amount>"], Months(report.Months), 1),
                ContractTable(report.Commitments),
                new("Credit", ["contract", "credit", "granted>", "left>", "currency", "ends", "months left>"],
                    [.. report.Credits.Select(static credit => new[]
                    {
                        credit.Contract, credit.Name, credit.Granted, credit.Left, credit.Currency, PageOptions.Day(credit.Expires), Plain(credit.MonthsLeft),
                    })]),
                new("The last month elsewhere", ["channel", "elsewhere", "contract", "paid>", "would cost>", "without a price there"],
                    [.. report.Elsewhere.Select(static item => new[] { item.Channel, item.Elsewhere, item.Contract, item.Paid, item.WouldCost, string.Join(", ", item.Unpriced) })]),
                new("Bills of other providers", ["month", "provider", "billed>", "currency"],
                    [.. report.OutsideBills.Select(static bill => new[] { bill.Month, bill.Provider, bill.BilledCost, bill.Currency })]),
            ],
            static report => report.Basis);
    }

    private static Command Rebuild() => AdminVerb.Create(
        "rebuild", "Adds all documents up anew. Reports are the same after it, unless something was wrong.\n\nExample:\n  dogana insight rebuild", [],
        static (client, _, cancellation) => client.RebuildInsightAsync(cancellation),
        static (done, output) => output.WriteLine($"{Count(done.Documents)} documents and {Count(done.RatedLines)} rated lines were added up."));

    private static Command Verify() => AdminVerb.Create(
        "verify", "Compares what reports are made from with the documents, line by line. Exit code 1 where they differ.\n\nExample:\n  dogana insight verify", [],
        static (client, _, cancellation) => client.VerifyInsightAsync(cancellation),
        static (report, output) =>
        {
            output.WriteLine(report.Agrees ? "All sums are those of the documents." : "Sums differ from the documents:");
            foreach (var fault in report.Faults)
            {
                output.WriteLine("  " + fault);
            }
        });

    private static ReportTable ContractTable(IReadOnlyList<ContractCommitmentRecord> contracts) => new(
        "Contracts", ["contract", "customer", "channel", "binds until", "months>", "monthly>", "remaining>"],
        [.. contracts.Select(static contract => new[]
        {
            contract.Contract, contract.Organisation, contract.Channel, PageOptions.Day(contract.BindsUntil), Count(contract.Months), contract.Monthly, contract.Remaining,
        })]);

    private static IReadOnlyList<string[]> Months(IReadOnlyList<MonthAmountRecord> months) => [.. months.Select(static month => new[] { month.Month, month.Amount })];

    private static string Id(string id) => id.Length == 0 ? "(none)" : id;
}
