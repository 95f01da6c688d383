using System.Globalization;
using Dogana.Billing.Invoicing;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>A row of a bank's statement that was not recorded.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedPayment(int Line, string Reason);

/// <summary>What became of a bank's statement.</summary>
/// <param name="Payments">What was recorded, and what had been before.</param>
/// <param name="Refused">What was not.</param>
public sealed record PaymentImportReport(IReadOnlyList<PaymentState> Payments, IReadOnlyList<RefusedPayment> Refused);

/// <summary>
/// Takes in a bank's statement as CSV (RFC 4180) with a head: <c>date</c>, <c>amount</c>, <c>currency</c>, <c>reference</c>, <c>payer</c>, and <c>id</c> where the bank has one.
/// A row without an id is known again by all that it says and by how many rows say the same before it.
/// </summary>
public static class PaymentImport
{
    private static readonly string[] Columns = ["date", "amount", "currency", "reference", "payer", "id"];

    /// <summary>Records every row whose customer is found: the payer by id or name, else by an invoice's number in the reference. The others are named.</summary>
    public static async Task<Outcome<PaymentImportReport>> RunAsync(StoreSession session, string seller, string csv, bool paysOldest, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(csv);
        var records = CsvText.Read(new StringReader(csv)).ToArray();
        if (records.Length > 0 && records[^1] is (var open, null))
        {
            return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"The quotes of the row at line {open} are not closed."));
        }

        (int Line, List<string> Cells)[] rows = [.. records.Where(static record => record.Cells!.Exists(static cell => cell.Length > 0)).Select(static record => (record.Line, record.Cells!))];
        string[] heads = rows.Length == 0 ? [] : [.. rows[0].Cells.Select(static cell => cell.Trim().TrimStart('\uFEFF').ToLowerInvariant())];
        if (Columns[..^1].FirstOrDefault(column => !heads.Contains(column, StringComparer.Ordinal)) is { } missing)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The file has no column '{missing}'. Its first line names the columns: {string.Join(", ", Columns[..^1])}, and id where there is one.");
        }

        var parties = await PartyRegister.ReadAsync(session);
        var (payments, refused, seen) = (new List<PaymentState>(), new List<RefusedPayment>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var (line, cells) in rows.Skip(1))
        {
            string Cell(string column) => Array.IndexOf(heads, column) is var index and >= 0 && index < cells.Count ? cells[index].Trim() : "";
            if (!(await ReadAsync(session, parties, seller, Cell, paysOldest)).TryGet(out var payment, out var problem))
            {
                refused.Add(new RefusedPayment(line, problem.Message));
                continue;
            }

            if (payment.ExternalId is null)
            {
                var text = string.Join('\n', payment.Organisation, payment.Amount.ToString(), payment.PaidOn, payment.Reference);
                seen[text] = seen.GetValueOrDefault(text) + 1;
                payment = payment with { ExternalId = string.Create(CultureInfo.InvariantCulture, $"csv {DocumentText.Hash(text)[..32]} {seen[text]}") };
            }

            if ((await CustomerPayments.RecordAsync(session, payment, actor, now)).TryGet(out var state, out problem))
            {
                payments.Add(state);
            }
            else
            {
                refused.Add(new RefusedPayment(line, problem.Message));
            }
        }

        return new PaymentImportReport(payments, refused);
    }

    private static async Task<Outcome<NewPayment>> ReadAsync(StoreSession session, PartyTable parties, string seller, Func<string, string> cell, bool paysOldest)
    {
        if (Currency.Find(cell("currency")) is not { } currency)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{cell("currency")}' is no currency.");
        }

        if (DocumentText.Amount(cell("amount"), currency) is not { Amount: > 0m } amount)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{cell("amount")}' is no amount above 0, such as 1234.50. What is paid out is recorded by 'dogana payment refund'.");
        }

        var payer = cell("payer");
        string[] named = [.. parties.Organisations.Values
            .Where(organisation => organisation.Id == payer || organisation.Name.Equals(payer, StringComparison.OrdinalIgnoreCase)).Select(static organisation => organisation.Id)];
        var customer = named.Length == 1 ? named[0] : null;
        foreach (var number in CustomerPayments.NumbersIn(cell("reference")))
        {
            customer ??= await InvoiceRows.FindAsync(session, number) is { } row && row.Seller == seller ? row.Organisation : null;
        }

        return customer is null
            ? new Problem(ProblemCode.NotFound, $"Neither '{payer}' nor the reference says whose payment it is. Record it with 'dogana payment record --organisation'.")
            : new NewPayment(customer, seller, amount, cell("date"), cell("reference")) { ExternalId = cell("id") is { Length: > 0 } id ? id : null, PaysOldest = paysOldest };
    }
}
