using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana settlement</c> and <c>dogana channel</c>: payments between partners, and what a channel's seller keeps.</summary>
internal static class SettlementVerbs
{
    public static Command Create() => AdminVerb.Noun("settlement", "Payments between companies that share sales or rent servers.", Pay(), List());

    public static Command CreateChannel() => AdminVerb.Noun("channel", "Ways to buy.", Margin());

    private static Command Pay()
    {
        var (from, to) = (Required("--from", "Who paid."), Required("--to", "Who was paid."));
        var (amount, currency) = (Required("--amount", "How much, such as 46.91."), Required("--currency", "ISO 4217, such as EUR."));
        var (date, reference) = (Required("--date", "The day, such as 2026-02-14."), Required("--reference", "Names the payment: the same one records once."));
        return AdminVerb.Create(
            "pay", "Records a payment in both companies' books; it stands on their next statement.\n\nExample:\n  dogana settlement pay --from cloud --to owner --amount 46.91 --currency USD --date 2026-02-14 --reference WIRE-17",
            [from, to, amount, currency, date, reference],
            (client, parsed, cancellation) => client.PaySettlementAsync(
                new SettlementPaymentRequest(
                    parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(amount)!, parsed.GetValue(currency)!, parsed.GetValue(date)!, parsed.GetValue(reference)!),
                cancellation),
            static (paid, output) => output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"payment {paid.Number}: {paid.From} paid {paid.To} {paid.Amount} {paid.Currency} on {paid.PaidOn} ({paid.Reference})")));
    }

    private static Command List()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the payments between companies.\n\nExample:\n  dogana settlement list", [limit, after],
            (client, parsed, cancellation) => client.ListSettlementPaymentsAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("number>", "from", "to", "amount>", "currency", "paid on", "reference");
                foreach (var item in page.Data)
                {
                    table.Add(item.Number.ToString(CultureInfo.InvariantCulture), item.From, item.To, item.Amount, item.Currency, item.PaidOn, item.Reference);
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Margin()
    {
        var (channel, month) = (Required("--channel", "The channel."), Required("--month", "As 2026-01."));
        return AdminVerb.Create(
            "margin", "Shows what a channel's seller keeps of what it sold in a month.\n\nExample:\n  dogana channel margin --channel cloud --month 2026-01", [channel, month],
            (client, parsed, cancellation) => client.GetChannelMarginAsync(parsed.GetValue(channel)!, parsed.GetValue(month)!, cancellation),
            static (margins, output) =>
            {
                var table = new TextTable("channel", "seller", "month", "sold>", "credited>", "shares paid>", "shares received>", "margin>", "margin %>", "currency");
                foreach (var item in margins)
                {
                    table.Add(
                        item.Channel, item.Seller, item.Month, item.Sold, item.Credited, item.SharesPaid, item.SharesReceived, item.Margin,
                        item.MarginBasisPoints is { } points ? (points / 100m).ToString("0.##", CultureInfo.InvariantCulture) : "", item.Currency);
                }

                table.Write(output);
            });
    }

    private static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true };
}
