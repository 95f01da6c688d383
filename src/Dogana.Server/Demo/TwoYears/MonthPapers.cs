using System.Globalization;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Settlement;
using Dogana.Storage;

namespace Dogana.Server.Demo.TwoYears;

/// <summary>What follows on a month's invoices, some days after they became final: payments, disputes and their decisions, credit notes, and what the companies pay each other.</summary>
internal sealed class MonthPapers(Plan plan, Population population, string actor)
{
    private const int DisputesAMonth = 4, CreditsAMonth = 3, PerCustomer = 100;

    /// <summary>Does all of it for a closed month, in the caller's transaction.</summary>
    public async Task WriteAsync(StoreSession session, int index, DateTimeOffset now)
    {
        var month = plan.Months[index];
        var random = Seeded.Of(plan.Seed, $"papers/{month}");
        await PayAsync(session, index, now);
        await DecideAsync(session, random, now);
        Invoice[] invoices = [.. (await Invoices.ListAsync(session, month)).Where(static invoice => invoice.Kind == InvoiceKind.Invoice && invoice.Payable.Amount > 100m)];
        if (invoices.Length == 0)
        {
            return;
        }

        // Each of its own invoice: they follow each other in the list.
        var first = random.Below(invoices.Length);
        for (var number = 0; number < Math.Min(invoices.Length, DisputesAMonth + CreditsAMonth); number++)
        {
            var invoice = invoices[(first + number * 7) % invoices.Length];
            if (number < DisputesAMonth)
            {
                await Disputes.OpenAsync(session, invoice.Number, null, "More is charged than our own counting has.", Reach.All, actor, now);
            }
            else
            {
                var amount = decimal.Round(invoice.Net.Amount / 50m, 2);
                await CreditNotes.IssueAsync(session, invoice.Number, new CreditRequest("The availability that was promised was missed.") { Amount = amount }, Reach.All, actor, now);
            }
        }
    }

    /// <summary>What one company owed the other by the statements of the month before is paid; how many there were.</summary>
    public async Task<int> SettleAsync(StoreSession session, int index, DateTimeOffset now)
    {
        var statements = index == 0 ? [] : await PartnerStatements.ListAsync(session, plan.Months[index - 1]);
        foreach (var statement in statements)
        {
            var (from, to, amount) = statement.Closing.Amount >= 0m ? (statement.Payer, statement.Payee, statement.Closing) : (statement.Payee, statement.Payer, -statement.Closing);
            if (!amount.IsZero)
            {
                _ = (await SettlementPayments.PayAsync(session, from, to, amount, Day(now), $"{statement.Number} {amount.Currency.Code}", actor, now)).Value;
            }
        }

        return statements.Count;
    }

    // Large customers pay each month what is due, the others a quarter's together; some are late.
    private async Task PayAsync(StoreSession session, int index, DateTimeOffset now)
    {
        foreach (var customer in population.Customers.DistinctBy(static customer => (customer.Organisation, customer.Channel)))
        {
            var isTime = customer.PaysMonthly || (index + customer.First) % 3 == 2;
            if (!isTime || !Seeded.Of(plan.Seed, $"pays/{customer.Project}/{customer.Channel}/{plan.Months[index]}").Happens(95))
            {
                continue;
            }

            var seller = customer.Channel == "cloud" ? "skyharbour" : "northwind";
            var due = (await Receivables.ListAsync(session, customer.Organisation, seller, "", PerCustomer, Reach.All, now)).Where(item => string.CompareOrdinal(item.DueDate, Day(now.AddDays(3))) <= 0).ToArray();
            var open = due.Length == 0 ? (Money?)null : Money.Sum(due.Select(static item => item.Open - item.Disputed), due[0].Open.Currency);
            if (open is { Amount: > 0m } amount)
            {
                var payment = new NewPayment(customer.Organisation, seller, amount, Day(now), string.Create(CultureInfo.InvariantCulture, $"{customer.Project} {plan.Months[index]}")) { PaysOldest = true };
                _ = (await CustomerPayments.RecordAsync(session, payment, actor, now)).Value;
            }
        }
    }

    // A dispute of the month before is decided: half of them give a little back.
    private async Task DecideAsync(StoreSession session, Seeded random, DateTimeOffset now)
    {
        foreach (var dispute in (await Disputes.ListAsync(session, null, 0, int.MaxValue, Reach.All)).Where(static item => item.State == DisputeState.Open))
        {
            decimal? accepted = random.Happens(50) ? decimal.Round(dispute.Amount.Amount / 50m, 2) : null;
            _ = (await Disputes.ResolveAsync(session, dispute.Invoice, dispute.Line, accepted is > 0m ? accepted : null, "Counted again.", actor, now)).Value;
        }
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
