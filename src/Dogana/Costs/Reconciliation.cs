using System.Globalization;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Costs.Bills;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Costs;

/// <summary>Lays a provider's bill beside what was metered and costed here.</summary>
public static class Reconciliation
{
    /// <summary>The largest bill: 16 MiB of text.</summary>
    public const int BillLengthMax = 16 * 1024 * 1024;

    /// <summary>Compares by day, model and meter.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="upstream">Whose bill it is.</param>
    /// <param name="request">The bill, the days and the tolerance.</param>
    public static async Task<Outcome<ReconciliationRecord>> RunAsync(StoreSession session, string upstream, ReconcileRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var catalog = await CatalogRegister.ReadAsync(session);
        if (!catalog.Upstreams.TryGetValue(upstream, out var declared))
        {
            return new Problem(ProblemCode.NotFound, $"No upstream has the id '{upstream}'. 'dogana upstream list' shows them.", "upstream");
        }

        if (request.To <= request.From || request.Bill is null or { Length: > BillLengthMax })
        {
            return request.To <= request.From ? new Problem(ProblemCode.InvalidRequest, "The days end before they begin. Write a 'to' after 'from'.", "to")
                : new Problem(ProblemCode.BodyTooLarge, "A bill is CSV text of at most 16 MiB. Send it month by month.", "bill");
        }

        if (!decimal.TryParse(request.Tolerance ?? "0", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var tolerance))
        {
            return new Problem(ProblemCode.InvalidRequest, $"The tolerance '{request.Tolerance}' is no amount. Write one such as 0.01.", "tolerance");
        }

        // A provider bills a model by its own name.
        var names = catalog.Deployments.Values.SelectMany(static deployment => deployment.Routes.Select(route => (route.Upstream, route.UpstreamModel, deployment.Model)))
            .Where(route => route.Upstream == upstream).GroupBy(static route => route.UpstreamModel, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First().Model, StringComparer.Ordinal);
        if (!BillLine.Read(request.Bill, name => names.GetValueOrDefault(name, name)).TryGet(out var bill, out var problem))
        {
            return problem;
        }

        var prices = await PriceBooks.ReadAsync(session);
        var currency = declared.CostBook is { } book && prices.Books.TryGetValue(book, out var found) ? found.Currency : bill.FirstOrDefault(static line => line.Currency is not null)?.Currency ?? "";
        if (bill.FirstOrDefault(line => line.Currency is { } other && other != currency) is { } foreign)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The bill of {foreign.Day:yyyy-MM-dd} is in {foreign.Currency}, and the costs of '{upstream}' are in {currency}. Give it a cost book in {foreign.Currency}.", "currency");
        }

        var ours = await UpstreamCosts.SumByDayAsync(session, upstream, request.From, request.To);
        if (ours.FirstOrDefault(cost => cost.Currency.Length > 0 && cost.Currency != currency) is { } earlier)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{upstream}' was costed in {earlier.Currency} on {earlier.Day:yyyy-MM-dd}, and charges in {currency} now. Reconcile the days of each currency apart.", "from");
        }

        return Compare(upstream, request, currency, tolerance, ours, [.. bill.Where(line => line.Day >= request.From && line.Day < request.To)]);
    }

    private static ReconciliationRecord Compare(
        string upstream, ReconcileRequest request, string currency, decimal tolerance, IReadOnlyList<UpstreamCost> ours, IReadOnlyList<BillLine> theirs)
    {
        var mine = ours.ToLookup(static cost => (cost.Day, cost.Model, cost.Meter));
        var billed = theirs.ToLookup(static line => (line.Day, line.Model, line.Meter));
        var rows = new List<ReconciledRow>();
        foreach (var key in mine.Select(static group => group.Key).Union(billed.Select(static group => group.Key)).Order())
        {
            var (ourQuantity, theirQuantity) = (mine[key].Sum(static cost => cost.Quantity), billed[key].Sum(static line => line.Quantity));
            var (ourAmount, theirAmount) = (mine[key].Sum(static cost => cost.Amount), billed[key].Sum(static line => line.Amount));
            rows.Add(new ReconciledRow(
                key.Day, key.Model, key.Meter, ourQuantity, theirQuantity, theirQuantity - ourQuantity, Text(ourAmount), Text(theirAmount), Text(theirAmount - ourAmount),
                ourQuantity == theirQuantity && Math.Abs(theirAmount - ourAmount) <= tolerance));
        }

        var (cost, bill) = (ours.Sum(static item => item.Amount), theirs.Sum(static line => line.Amount));
        return new ReconciliationRecord(upstream, request.From, request.To, currency, Text(cost), Text(bill), Text(bill - cost), rows.TrueForAll(static row => row.IsWithin), rows);
    }

    private static string Text(decimal amount) => amount.ToString("0.00##########", CultureInfo.InvariantCulture);
}
