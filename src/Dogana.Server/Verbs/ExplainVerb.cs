using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana explain</c>: takes a figure of an invoice, a credit note or a partner statement apart, down to the usage.</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var number = new Argument<string>("number") { Description = "The number of an invoice, a credit note or a statement." };
        var line = new Option<int?>("--line") { Description = "One line of an invoice; all when left out." };
        var usage = new Option<bool>("--usage") { Description = "Also the usage records of each rated line, at most 1,000 of a line." };
        return AdminVerb.Create(
            "explain",
            "Takes a document apart: how each line came about, the rated lines that it adds up, and with --usage the usage records of those. Of a partner statement: each share, and the invoice line that it is of.\n\nExamples:\n  dogana explain NORTHWIND-000001\n"
            + "  dogana explain NORTHWIND-000001 --line 2 --usage",
            [number, line, usage],
            (client, parsed, cancellation) => ExplainAsync(client, parsed.GetValue(number)!, parsed.GetValue(line), parsed.GetValue(usage), cancellation),
            static (explained, output) =>
            {
                foreach (var item in explained)
                {
                    if (item.Share is not null)
                    {
                        output.WriteLine(item.Share);
                    }

                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{item.Explanation.Number} line {item.Explanation.Line.Position}: {item.Explanation.Explanation}"));
                    foreach (var rated in item.RatedLines)
                    {
                        output.WriteLine(string.Create(
                            CultureInfo.InvariantCulture,
                            $"  rated line {rated.Line.Number}: {rated.Line.Quantity} {rated.Line.Meter} in the hour from {rated.Line.Hour:yyyy-MM-ddTHH:mmZ} = {rated.Line.Amount} {rated.Line.Currency} ({rated.Line.LedgerCause})"));
                        foreach (var record in rated.Usage)
                        {
                            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {record.Source}/{record.Id} at {record.At:yyyy-MM-ddTHH:mm:ss.ffffffZ}: {record.Quantity}"));
                        }
                    }
                }
            });
    }

    private static async Task<IReadOnlyList<ExplainedLine>> ExplainAsync(AdminClient client, string number, int? position, bool withUsage, CancellationToken cancellation)
    {
        var explained = new List<ExplainedLine>();
        if (position is null && (await client.ListStatementsAsync(cancellation)).Any(item => item.Number == number))
        {
            var statement = await client.GetStatementAsync(number, cancellation);
            foreach (var (leg, share, line) in statement.Legs.SelectMany(static leg => leg.Documents.SelectMany(share => share.Lines.Select(line => (leg, share, line)))))
            {
                var rates = string.Join(", ", leg.Rates.Select(static rate => string.Create(CultureInfo.InvariantCulture, $"{rate.BasisPoints / 100m:0.##} %{(rate.UpTo is null ? "" : $" up to {rate.UpTo}")}")));
                foreach (var item in await ExplainAsync(client, share.Number, line.Line, withUsage, cancellation))
                {
                    explained.Add(item with { Share = $"{number}: {line.Share} {statement.Currency} that {leg.Payer} owes by {leg.Agreement}/{leg.Leg}: {rates} of {line.Basis} ({leg.Basis}), line {line.Line} of {share.Number}" });
                }
            }

            return explained;
        }

        var document = await client.GetInvoiceAsync(number, cancellation);
        foreach (var line in document.Lines.Where(line => position is null || line.Position == position))
        {
            var first = await client.ExplainInvoiceLineAsync(number, line.Position, 0, cancellation);
            var rated = new List<ExplainedRatedLine>();
            for (var page = first; ; page = await client.ExplainInvoiceLineAsync(number, line.Position, page.Next.Value, cancellation))
            {
                foreach (var item in page.RatedLines)
                {
                    rated.Add(new ExplainedRatedLine(item, withUsage ? (await client.GetRatedUsageAsync(item.Number, cancellation)).Usage : []));
                }

                if (page.Next is null)
                {
                    break;
                }
            }

            explained.Add(new ExplainedLine(first with { RatedLines = [] }, rated));
        }

        return position is not null && explained.Count == 0 ? [await NotThereAsync(client, number, position.Value, cancellation)] : explained;
    }

    // The server words the refusal.
    private static async Task<ExplainedLine> NotThereAsync(AdminClient client, string number, int position, CancellationToken cancellation) =>
        new(await client.ExplainInvoiceLineAsync(number, position, 0, cancellation), []);

    private sealed record ExplainedLine(InvoiceLineExplanation Explanation, IReadOnlyList<ExplainedRatedLine> RatedLines)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Share { get; init; }
    }

    private sealed record ExplainedRatedLine(RatedLineRecord Line, IReadOnlyList<RatedUsage> Usage);
}
