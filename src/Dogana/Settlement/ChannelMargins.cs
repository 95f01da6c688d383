using Dogana.Billing;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Settlement.Legs;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>What a channel's seller keeps of what it sells: retail less what it owes its partners of it.</summary>
public static class ChannelMargins
{
    /// <summary>A month's margin, one for each currency; <see cref="ProblemCode.NotFound"/> where there is no such channel.</summary>
    public static async Task<Outcome<IReadOnlyList<ChannelMarginRecord>>> ReadAsync(StoreSession session, string channel, BillingMonth month)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!(await PartyRegister.ReadAsync(session)).Channels.TryGetValue(channel, out var found))
        {
            return new Problem(ProblemCode.NotFound, $"There is no channel '{channel}'.", "channel");
        }

        var documents = (await Invoices.ListAsync(session, month)).Where(invoice => invoice.Channel == channel).ToArray();
        var legs = (await LegRows.ReadAsync(session)).ToDictionary(static leg => (leg.Agreement, leg.Id));
        var shares = await LineRows.ReadSumsAsync(session, [.. documents.Select(static invoice => invoice.Number)]);
        return documents.GroupBy(static invoice => invoice.Net.Currency).OrderBy(static group => group.Key.Code, StringComparer.Ordinal)
            .Select(group => Of(found, month, group.Key, [.. group], shares, legs)).ToArray();
    }

    private static ChannelMarginRecord Of(
        Channel channel, BillingMonth month, Currency currency, IReadOnlyList<Invoice> documents, IReadOnlyList<LegMonthRow> shares,
        Dictionary<(string Agreement, string Leg), ShareLeg> legs)
    {
        var sold = Money.Sum(documents.Where(static invoice => invoice.Kind == InvoiceKind.Invoice).Select(static invoice => invoice.Net), currency);
        var credited = -Money.Sum(documents.Where(static invoice => invoice.Kind == InvoiceKind.CreditNote).Select(static invoice => invoice.Net), currency);
        var (paid, received) = (Shares(leg => leg.Payer == channel.Seller), Shares(leg => leg.Payee == channel.Seller));
        var (net, margin) = (sold - credited, sold - credited - paid + received);
        return new ChannelMarginRecord(
            channel.Id, channel.Seller, month.ToString(), currency.Code, sold.ToAmountText(), credited.ToAmountText(), paid.ToAmountText(), received.ToAmountText(),
            margin.ToAmountText(), net.IsZero ? null : (long)decimal.Round(margin.Amount * 10_000m / net.Amount, 0, MidpointRounding.AwayFromZero));

        Money Shares(Func<ShareLeg, bool> isMeant) => Money.Sum(
            shares.Where(row => row.Currency == currency.Code && legs.TryGetValue((row.Agreement, row.Leg), out var leg) && isMeant(leg))
                .Select(static row => LineRows.Amount(row.ShareMicro, row.SharePico, row.Currency)), currency);
    }
}
