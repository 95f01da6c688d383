using System.Globalization;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;
using NodaTime;
using NodaTime.Text;

namespace Dogana.Billing;

/// <summary>Reminds customers of invoices that are overdue, as the sellers' policies have it.</summary>
public static class DunningRun
{
    /// <summary>The notices' topic.</summary>
    public const string Topic = "invoice.reminder";

    /// <summary>
    /// Posts the reminders that are due, each once, whoever asks how often. Of several that are due, as after a long stop, the last one. What is paid, given back or
    /// disputed is not reminded of.
    /// </summary>
    /// <returns>The number of reminders posted.</returns>
    public static async Task<int> PostDueAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var count = 0;
        foreach (var policy in await DunningPolicies.ReadAsync(session))
        {
            var numbers = await Receivables.ReadOverdueAsync(session, policy.Seller, now);
            if (numbers.Count == 0)
            {
                continue;
            }

            var parties = await PartyRegister.ReadAsync(session);
            var seller = parties.Organisations[policy.Seller];
            var today = LocalDatePattern.Iso.Parse(BillingMonth.DateIn(now, seller.TimeZone)).Value;
            foreach (var receivable in await Receivables.ReadAsync(session, numbers, now))
            {
                var days = Period.DaysBetween(LocalDatePattern.Iso.Parse(receivable.DueDate).Value, today);
                var level = policy.Steps.Count(step => step.AfterDays <= days);
                var open = receivable.Open - receivable.Disputed;
                if (level > receivable.Reminders && open.Amount > 0m)
                {
                    await NoticeOutbox.PostAsync(session, [NoticeOf(receivable, seller, policy.Steps[level - 1], level, open, days)], now);
                    await session.ExecuteAsync(
                        "insert into dunning_reminder(invoice, level, posted_at, micro, pico) values(@Number, @level, @now, @Micro, @Pico)",
                        new { receivable.Number, level, now = now.ToMicros(), open.Micro, open.Pico });
                    count++;
                }
            }
        }

        return count;
    }

    private static Notice NoticeOf(Receivable receivable, Organisation seller, DunningStep step, int level, Money open, int days) => new(
        Topic, receivable.Organisation,
        string.Create(CultureInfo.InvariantCulture, $"Reminder {level}: invoice {receivable.Number}, {open} since {receivable.DueDate}"),
        string.Create(CultureInfo.InvariantCulture, $"{step.Text}\n\nInvoice {receivable.Number} from {seller.Name} was due on {receivable.DueDate}, {days} days ago. {open} of {receivable.Payable} are open.\nPlease give the number {receivable.Number} with your payment.\n"),
        DocumentText.Write(new Data(receivable.Number, seller.Id, level, open.ToAmountText(), open.Currency.Code, receivable.DueDate)),
        string.Create(CultureInfo.InvariantCulture, $"{Topic}/{receivable.Number}/{level}"));

    private sealed record Data(string Invoice, string Seller, int Level, string Open, string Currency, string DueDate);
}
