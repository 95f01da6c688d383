using System.Globalization;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Settlement.Exports;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

/// <summary>Makes a statement final: number, document, rows and both companies' books.</summary>
internal static class StatementIssue
{
    public static string Cause(string number) => $"statement/{number}";

    public static string NetOffCause(string number) => $"statement/{number}/net-off";

    public static string NumberOf(string pair, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{pair.ToUpperInvariant()}-{sequence:000000}");

    /// <summary>The ledger's description carries the document's hash: the journal's chain then holds the documents too.</summary>
    public static string Description(string number, string hash) => $"Statement {number}, document sha256:{hash}";

    public static string NetOffDescription(string number) => $"Statement {number}, debts set off against each other";

    /// <summary>Issues a statement.</summary>
    public static async Task IssueAsync(StoreSession session, PartyTable parties, StatementContent content, DateTimeOffset now)
    {
        // 1. Number and document.
        var pair = StatementRows.Pair(content.Payer, content.Payee);
        var sequence = await session.NextAsync(StatementRows.Counter(pair));
        var number = NumberOf(pair, sequence);
        var document = content.ToDocument(
            number, StoredTime.FromMicros(now.ToMicros()), ToParty(parties.Organisations[content.Payer]), ToParty(parties.Organisations[content.Payee]));
        var json = DocumentText.Write(document);
        var hash = DocumentText.Hash(json);
        var (accruals, clawbacks, paid, closing) = (content.Accruals, content.Clawbacks, content.Paid, content.Closing);
        await StatementRows.InsertAsync(session, new StatementRow(
            number, pair, sequence, content.Payer, content.Payee, content.Month.ToString(), content.Currency.Code, now.ToMicros(), accruals.Micro, accruals.Pico,
            clawbacks.Micro, clawbacks.Pico, paid.Micro, paid.Pico, closing.Micro, closing.Pico, json, hash));

        // 2. Nothing is shared or charged twice.
        await LineRows.InsertAsync(session, [.. RowsOf(content, number)]);
        await LineRows.InsertAsync(session, content.TrueUps.Select(line => RowOf(line, number)));
        await LineRows.InsertAsync(session, content.Rents.Select(line => RowOf(line, number)));
        await PaymentRows.MarkAsync(session, content.Payments, number);
        await ChannelRemainders.MarkAsync(session, content.Remainders, number);

        // 3. Both companies' books say the same.
        if (content.Postings is { Count: > 0 } postings)
        {
            await LedgerJournal.PostAsync(session, new NewEntry(Cause(number), now, Description(number, hash), postings), now);
        }

        if (content.NetOffPostings is { Count: > 0 } setOff)
        {
            await LedgerJournal.PostAsync(session, new NewEntry(NetOffCause(number), now, NetOffDescription(number), setOff), now);
        }
    }

    public static IEnumerable<ShareRow> RowsOf(StatementContent content, string number)
    {
        var place = 0L;
        foreach (var shares in content.Legs)
        {
            foreach (var (item, share) in shares.Lines)
            {
                yield return new ShareRow(
                    shares.Leg.Agreement, shares.Leg.Id, item.Document, item.Part, item.Line, number, ++place, content.Month.ToString(), content.Currency.Code,
                    item.ServiceEnd.ToMicros(), item.Basis.Micro, item.Basis.Pico, share.Micro, share.Pico);
            }
        }
    }

    public static GuaranteeRow RowOf(TrueUpLine line, string number) => new(
        line.Leg.Agreement, line.Leg.Id, number, line.From.ToString(), line.To.ToString(), line.Periods, line.Amount.Currency.Code, line.Amount.Micro, line.Amount.Pico);

    public static RentRow RowOf(RentLine line, string number) => new(
        line.Agreement.Id, line.Month.ToString(), number, RentRow.Text(line.Used), line.Before.Micro, line.Before.Pico, line.Amount.Micro, line.Amount.Pico);

    private static DocumentParty ToParty(Organisation organisation) => new(organisation.Id, organisation.Name, organisation.Country);
}
