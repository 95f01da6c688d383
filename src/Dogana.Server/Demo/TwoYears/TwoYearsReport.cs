using System.Globalization;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Settlement;
using Dogana.Storage;

namespace Dogana.Server.Demo.TwoYears;

/// <summary>What a store of two years holds.</summary>
/// <param name="FirstMonth">The first month that was closed.</param>
/// <param name="LastMonth">The last one.</param>
/// <param name="Customers">Organisations that buy.</param>
/// <param name="UsageRecords">Usage records, with those that take others back.</param>
/// <param name="Invoices">Final invoices.</param>
/// <param name="CreditNotes">Credit notes.</param>
/// <param name="Payments">Payments of customers.</param>
/// <param name="Statements">Statements between the companies.</param>
/// <param name="CloudRevenue">What the cloud invoiced in the last month, without tax and without credit that is paid in advance, less its credit notes; US dollars.</param>
/// <param name="FamilyRevenue">The same of the one corporate family.</param>
/// <param name="FamilyShare">Of the cloud's revenue, in percent.</param>
/// <param name="RunRate">Twelve times the cloud's revenue of the last month.</param>
/// <param name="Verified">Do the books agree?</param>
/// <param name="LedgerEntries">Entries of the ledger.</param>
/// <param name="LedgerHead">The hash of the last one, which holds all of them.</param>
/// <param name="Seconds">How long the last run took.</param>
internal sealed record TwoYearsReport(
    string FirstMonth, string LastMonth, int Customers, long UsageRecords, int Invoices, int CreditNotes, long Payments, int Statements, decimal CloudRevenue, decimal FamilyRevenue, decimal FamilyShare,
    decimal RunRate, bool Verified, long LedgerEntries, string LedgerHead, long Seconds)
{
    public static Task<TwoYearsReport> ReadAsync(Store store, Plan plan, CancellationToken cancellation) => store.ReadAsync(
        async session =>
        {
            var (invoices, notes) = (0, 0);
            IReadOnlyList<Invoice> last = [];
            foreach (var month in plan.Months)
            {
                last = await Billing.Invoices.ListAsync(session, month);
                notes += last.Count(static document => document.Kind == InvoiceKind.CreditNote);
                invoices += last.Count(static document => document.Kind == InvoiceKind.Invoice);
            }

            var cloud = last.Where(static invoice => invoice.Channel == "cloud").ToArray();
            var (revenue, family) = (cloud.Sum(RevenueOf), cloud.Where(static invoice => invoice.Organisation.StartsWith(Population.FamilyPrefix, StringComparison.Ordinal)).Sum(RevenueOf));
            var verified = await BooksVerification.VerifyAsync(session);
            return new TwoYearsReport(
                plan.Months[0].ToString(), plan.Months[^1].ToString(), plan.CustomerCount, await session.LastAsync(Metering.UsageIntake.Sequence), invoices, notes, await CountPaymentsAsync(session),
                (await PartnerStatements.ListAsync(session)).Count, revenue, family, revenue == 0m ? 0m : decimal.Round(family * 100m / revenue, 2), revenue * 12, verified.Verified, verified.Entries, verified.Head,
                Seconds: 0);
        },
        cancellation);

    private static async Task<long> CountPaymentsAsync(StoreSession session)
    {
        var (count, after) = (0L, "");
        while (await CustomerPayments.ListAsync(session, null, null, after, 1_000, Reach.All) is { Count: > 0 } page)
        {
            (count, after) = (count + page.Count, page[^1].Payment.Number);
        }

        return count;
    }

    // Credit that is paid in advance is revenue when it is drawn on, and that is charged as usage.
    private static decimal RevenueOf(Invoice invoice) => invoice.Document.Lines.Where(static line => line.Kind != "prepayment").Sum(static line => decimal.Parse(line.Amount, CultureInfo.InvariantCulture));
}
