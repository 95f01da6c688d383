using Dogana.Client;
using Dogana.Insight.Charts;

namespace Dogana.Insight.Board;

/// <summary>What both sides of each agreement depend on, what is contracted, and how the largest customer sees it.</summary>
internal static class DependenceSection
{
    public const string Id = "dependence";

    private const string Question = "Who depends on whom, how far is it contracted, and how does the largest customer see it?";
    private const int Rows = 10;

    public static BoardSection Of(BoardFigures figures)
    {
        var (shown, notes) = (new List<BoardFigure>(), new List<string>());
        if (figures.Dependence.TryGet(out var dependence, out var problem))
        {
            if (dependence.Agreements.Count > 0)
            {
                shown.Add(Both(dependence));
            }
            else
            {
                notes.Add("No share agreement gave anything in these months.");
            }
        }

        if (figures.Commitments.TryGet(out var commitments, out var commitmentsProblem))
        {
            if (commitments.Customers.Any(static customer => customer.Coverage is not null))
            {
                shown.Add(Contracted(commitments));
            }
            else
            {
                notes.Add("No contract has a customer pay anything in any case.");
            }
        }

        if (figures.Customer.TryGet(out var customer, out var customerProblem))
        {
            shown.Add(Spend(customer));
            if (customer.Spend.Count > 0)
            {
                shown.Add(Models(customer));
            }

            if (customer.Elsewhere.Count > 0)
            {
                shown.Add(Elsewhere(customer));
            }
        }

        return new BoardSection(Id, "Dependence", Question, shown, [.. notes, .. new[] { problem, commitmentsProblem, customerProblem }.OfType<Problem>().Select(static found => found.Message)]);
    }

    private static BoardFigure Both(DependenceRecord report)
    {
        var deepest = report.Agreements.MaxBy(static item => item.PayeeDependence ?? 0)!;
        return new BoardFigure(
            "agreements", "Both sides of each share agreement",
            $"{deepest.Payee} has {BoardText.Percent(deepest.PayeeDependence)} of all that it earns from {deepest.Payer} under {deepest.Agreement}; {deepest.Payer} sells {BoardText.Percent(deepest.PayerDependence)} of what it invoices under it.",
            new DotChart(Unit.Percent, [.. report.Agreements.Select(static item => new DotRow(
                $"{item.Payer} pays {item.Payee}", $"{BoardText.Percent(item.PayerDependence)} / {BoardText.Percent(item.PayeeDependence)}",
                [
                    .. item.PayerDependence is { } payer ? [new Dot(payer, 0, $"{item.Payer}: {BoardText.Percent(payer)} of what it invoices")] : Array.Empty<Dot>(),
                    .. item.PayeeDependence is { } payee ? [new Dot(payee, 1, $"{item.Payee}: {BoardText.Percent(payee)} of what it earns")] : Array.Empty<Dot>(),
                ]))]) { Legend = Key.Of("payer: sold under it, of all it invoices", "payee: owed by it, of all it earns") },
            BoardText.Basis(report.Basis) + " All sellers; true-ups of minimums and rents are not in it.", $"dogana insight dependence{BoardText.Options(report.Basis)}",
            ["agreement", "payer", "sold under it>", "of what it invoices>", "payee", "is owed>", "of what it earns>"],
            [.. report.Agreements.Select(static item => (IReadOnlyList<string>)
                [item.Agreement, item.Payer, BoardText.Exact(item.Basis), BoardText.Percent(item.PayerDependence), item.Payee, BoardText.Exact(item.Share), BoardText.Percent(item.PayeeDependence)])]);
    }

    private static BoardFigure Contracted(CommitmentsRecord report)
    {
        var currency = report.Basis.Currency;
        CoverageRecord[] customers = [.. report.Customers.Where(static customer => customer.Coverage is not null).OrderByDescending(static customer => BoardText.Number(customer.RemainingMinimum)).ThenBy(static customer => customer.Party, StringComparer.Ordinal).Take(Rows)];
        return new BoardFigure(
            "contracted", "What is contracted of what is expected",
            $"Customers with minimums are bound to {BoardText.Amount(report.All.RemainingMinimum, currency)} in all; of what is expected of them in the next twelve months {BoardText.Percent(report.All.Coverage)} is contracted.",
            new BarChart(Unit.Percent, [.. customers.Prepend(report.All).Select(customer => new Bar(
                customer.Party ?? "all with minimums", BoardText.Percent(customer.Coverage),
                new BarPart(customer.Coverage ?? 0, customer.Party is null ? 1 : 0, $"{BoardText.Amount(customer.RemainingMinimum, currency)} in all, {BoardText.Amount(customer.Expected, currency)} expected in a year")))]),
            BoardText.Basis(report.Basis) + " Expectations are made of these months; the customers who are bound to most.", $"dogana insight commitments{BoardText.Options(report.Basis)}",
            ["customer", "contracted in all>", "expected in a year>", "coverage>", "months of protection>", "months committed>"],
            [.. report.Customers.Prepend(report.All).Select(static customer => (IReadOnlyList<string>)
            [
                customer.Party ?? "all", BoardText.Exact(customer.RemainingMinimum), BoardText.Exact(customer.Expected), BoardText.Percent(customer.Coverage), BoardText.Plain(customer.MonthsOfProtection),
                BoardText.Count(customer.MonthsCommitted),
            ])]);
    }

    private static string Verb(CustomerRecord report) => $"dogana insight customer {report.Organisation}{BoardText.Options(report.Basis)}";

    private static BoardFigure Spend(CustomerRecord report)
    {
        var largest = report.Months.MaxBy(static month => BoardText.Number(month.Amount))!;
        return new BoardFigure(
            "customer-months", $"The largest customer's own view: {report.Organisation}",
            $"{report.Organisation} spent {BoardText.Amount(report.Total, report.Basis.Currency)} in these months, most in {BoardText.Month(largest.Month)}; "
                + (report.Commitments.Count == 0 ? "nothing binds it." : $"{BoardText.Count(report.Commitments.Count)} of its contracts {(report.Commitments.Count == 1 ? "binds" : "bind")} it until {report.Commitments.Max(static contract => contract.BindsUntil):yyyy-MM-dd} at the latest."),
            new ColumnChart(Unit.Amount(report.Basis.Currency, BoardText.Number(largest.Amount)), [.. report.Months.Select(static month => BoardText.ShortMonth(month.Month))],
                [new ColumnSeries("spent", [.. report.Months.Select(static month => BoardText.Number(month.Amount))])]),
            BoardText.Basis(report.Basis), Verb(report), ["month", "spent>"], [.. report.Months.Select(static month => (IReadOnlyList<string>)[month.Month, BoardText.Exact(month.Amount)])]);
    }

    private static BoardFigure Models(CustomerRecord report)
    {
        var unit = Unit.Amount(report.Basis.Currency, report.Spend.Select(static spend => BoardText.Number(spend.Amount)).DefaultIfEmpty(0).Max());
        return new BoardFigure(
            "customer-models", $"What {report.Organisation} buys",
            $"Most of it is {Model(report.Spend[0])} on {report.Spend[0].Channel}: {BoardText.Amount(report.Spend[0].Amount, report.Basis.Currency)}.",
            new BarChart(unit, [.. report.Spend.Take(Rows).Select(spend => new Bar(
                $"{Model(spend)}, {spend.Channel}", unit.Value(BoardText.Number(spend.Amount)), new BarPart(BoardText.Number(spend.Amount), 0, $"{Model(spend)} of {spend.Owner}: {unit.Words(BoardText.Number(spend.Amount))}")))]),
            BoardText.Basis(report.Basis) + " What is about no model is fees, minimums, discounts and corrections.", Verb(report), ["channel", "model", "owner", "amount>", "units>"],
            [.. report.Spend.Select(static spend => (IReadOnlyList<string>)[spend.Channel, spend.Model, spend.Owner, BoardText.Exact(spend.Amount), BoardText.Count(spend.Units)])]);

        static string Model(CustomerSpendRecord spend) => spend.Model.Length == 0 ? "no model" : spend.Model;
    }

    private static BoardFigure Elsewhere(CustomerRecord report)
    {
        var unit = Unit.Amount(report.Basis.Currency, report.Elsewhere.Max(static item => Math.Max(BoardText.Number(item.Paid), BoardText.Number(item.WouldCost))));
        var first = report.Elsewhere[0];
        return new BoardFigure(
            "customer-elsewhere", $"What {report.Organisation} would pay elsewhere",
            $"What it bought on {first.Channel} in {BoardText.Month(report.Basis.To)} for {BoardText.Amount(first.Paid, report.Basis.Currency)} would cost {BoardText.Amount(first.WouldCost, report.Basis.Currency)} on {first.Elsewhere}.",
            new DotChart(unit, [.. report.Elsewhere.Select(item => new DotRow(
                $"{item.Channel} or {item.Elsewhere}", unit.Value(BoardText.Number(item.WouldCost)),
                [new Dot(BoardText.Number(item.Paid), 0, $"paid: {unit.Words(BoardText.Number(item.Paid))}"), new Dot(BoardText.Number(item.WouldCost), 1, $"would cost: {unit.Words(BoardText.Number(item.WouldCost))}")]))])
            { Legend = Key.Of("paid", "would cost") },
            BoardText.Basis(report.Basis) + " The last month's use, by the prices of its other contracts.", Verb(report), ["bought on", "elsewhere", "contract", "paid>", "would cost>", "without a price there"],
            [.. report.Elsewhere.Select(static item => (IReadOnlyList<string>)[item.Channel, item.Elsewhere, item.Contract, BoardText.Exact(item.Paid), BoardText.Exact(item.WouldCost), string.Join(", ", item.Unpriced)])]);
    }
}
