using Dogana.Client;

namespace Dogana.Settlement.Statements;

/// <summary>
/// A statement as one of the two companies sees it: what it is owed is above zero. The payee sees the stored amounts, the payer each of them with its sign turned.
/// </summary>
internal static class StatementView
{
    public static StatementDocument Of(StatementDocument statement, string party)
    {
        var seen = statement with { Document = $"{statement.Document}, seen by {party}" };
        return party == statement.Payee.Id ? seen : seen with
        {
            Opening = Turned(statement.Opening),
            Legs = [.. statement.Legs.Select(static leg => leg with
            {
                Documents = [.. leg.Documents.Select(static item => item with
                {
                    Lines = [.. item.Lines.Select(static line => line with { Share = Turned(line.Share) })],
                    Share = Turned(item.Share),
                })],
                Shares = Turned(leg.Shares),
            })],
            TrueUps = [.. statement.TrueUps.Select(static line => line with { Amount = Turned(line.Amount) })],
            Rents = [.. statement.Rents.Select(static line => line with { Amount = Turned(line.Amount) })],
            Payments = [.. statement.Payments.Select(static line => line with { Amount = Turned(line.Amount) })],
            Accruals = Turned(statement.Accruals),
            Clawbacks = Turned(statement.Clawbacks),
            Paid = Turned(statement.Paid),
            Closing = Turned(statement.Closing),
        };
    }

    private static string Turned(string amount) =>
        amount.StartsWith('-') ? amount[1..] : amount.All(static sign => sign is '0' or '.') ? amount : "-" + amount;
}
