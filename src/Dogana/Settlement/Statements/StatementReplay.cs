using System.Globalization;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Settlement.Exports;
using Dogana.Settlement.Legs;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

/// <summary>Goes through the statements of each two companies again, in the order of issue: what each one must say follows from its lines and from those before it.</summary>
internal sealed class StatementReplay
{
    private readonly LegHistory _history = new();
    private readonly Dictionary<(string Pair, string Currency), Money> _closings = [];
    private readonly Dictionary<(string Agreement, string Month), Money> _rents = [];
    private readonly HashSet<(string Payer, string Payee)> _pairs = [];

    private StatementReplay()
    {
    }

    /// <summary>All payments between partners, with the statement that each stands on.</summary>
    public required IReadOnlyList<(SettlementPayment Payment, string? Statement)> Payments { get; init; }

    public required IReadOnlyDictionary<(string Agreement, string Leg), ShareLeg> Legs { get; init; }

    public required IReadOnlyDictionary<string, RentAgreement> Agreements { get; init; }

    public required IReadOnlyDictionary<string, Invoice> Invoices { get; init; }

    public required ILookup<string, CollectedPayment> Collected { get; init; }

    public required ILookup<string, ShareRow> Shares { get; init; }

    public required ILookup<string, GuaranteeRow> Guarantees { get; init; }

    public required ILookup<string, RentRow> Rents { get; init; }

    public required ILookup<string, RemainderRow> Remainders { get; init; }

    public static async Task<StatementReplay> ReadAsync(StoreSession session) => new()
    {
        Payments = await PaymentRows.ReadMarkedAsync(session),
        Legs = (await LegRows.ReadAsync(session)).ToDictionary(static leg => (leg.Agreement, leg.Id)),
        Agreements = (await RentAgreements.ReadAsync(session)).ToDictionary(static agreement => agreement.Id, StringComparer.Ordinal),
        Invoices = (await Billing.Invoices.ListAsync(session)).ToDictionary(static invoice => invoice.Number, StringComparer.Ordinal),
        Collected = (await CollectedPayments.ReadAsync(session)).ToLookup(static payment => payment.Invoice, StringComparer.Ordinal),
        Shares = (await LineRows.ReadSharesAsync(session)).ToLookup(static row => row.Statement, StringComparer.Ordinal),
        Guarantees = (await LineRows.ReadGuaranteesAsync(session)).ToLookup(static row => row.Statement, StringComparer.Ordinal),
        Rents = (await LineRows.ReadRentsAsync(session)).ToLookup(static row => row.Statement, StringComparer.Ordinal),
        Remainders = (await ChannelRemainders.ReadRowsAsync(session)).ToLookup(static row => row.Statement, StringComparer.Ordinal),
    };

    /// <summary>Lines of statements that are not there.</summary>
    public IEnumerable<BookFault> Orphans(IReadOnlyList<StatementRow> rows)
    {
        var numbers = rows.Select(static row => row.Number).ToHashSet(StringComparer.Ordinal);
        return Shares.Select(static group => group.Key).Concat(Guarantees.Select(static group => group.Key)).Concat(Rents.Select(static group => group.Key))
            .Concat(Remainders.Select(static group => group.Key)).Concat(Payments.Select(static item => item.Statement).OfType<string>())
            .Distinct(StringComparer.Ordinal).Where(number => !numbers.Contains(number)).Order(StringComparer.Ordinal)
            .Select(static number => new BookFault($"statement {number}", "lines stand on it, and it is not there"));
    }

    /// <summary>Verifies the next statement.</summary>
    public async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session, StatementRow row)
    {
        var check = new FaultList($"statement {row.Number}");

        // 1. The document is what was issued.
        check.Equal("the document was changed: its text does not give its hash", row.Hash, DocumentText.Hash(row.Document));
        if (DocumentText.Read<StatementDocument>(row.Document) is not { Payer: not null, Payee: not null } document || Currency.Find(row.Currency) is not { } currency)
        {
            check.Add("the document cannot be read");
            return check.Faults;
        }

        // 2. It says what follows from its lines, and the rows say the same.
        var content = Rebuild(row, currency, check);
        CheckRow(row, content, document, check);
        var computed = content.ToDocument(row.Number, StoredTime.FromMicros(row.IssuedAt), document.Payer, document.Payee);
        foreach (var (what, stored, should) in Parts(document).Zip(Parts(computed), static (stored, should) => (stored.What, stored.Text, should.Text)))
        {
            check.Equal(what, stored, should);
        }

        check.Equal("the document, rebuilt from what it stands on", row.Document == DocumentText.Write(computed) ? "the same" : "another", "the same");

        // 3. Both companies' books have it so.
        await CheckEntryAsync(session, check, StatementIssue.Cause(row.Number), StatementIssue.Description(row.Number, row.Hash), content.Postings);
        await CheckEntryAsync(session, check, StatementIssue.NetOffCause(row.Number), StatementIssue.NetOffDescription(row.Number), content.NetOffPostings);
        return check.Faults;
    }

    public static string? Text(IReadOnlyList<Posting>? postings) => postings is null ? null
        : string.Join("; ", postings.Select(static posting => $"{posting.Account.Book} {posting.Account.Kind} {posting.Account.Party} {posting.Amount}"));

    private StatementContent Rebuild(StatementRow row, Currency currency, FaultList check)
    {
        var month = LineRows.Month(row.Month);
        var legs = new List<LegShares>();
        foreach (var group in Shares[row.Number].GroupBy(static share => (share.Agreement, share.Leg)))
        {
            if (!Legs.TryGetValue(group.Key, out var leg))
            {
                check.Add($"there is no leg {group.Key.Agreement}/{group.Key.Leg}, and it shares on it");
                continue;
            }

            var before = _history.Of(leg, currency);
            var shares = new LegShares(leg, before, ShareRating.Rate(leg, before, ItemsOf(leg, group, currency, check)));
            legs.Add(shares);
            _history.Add(shares, month);
        }

        var content = new StatementContent(row.Payer, row.Payee, month, currency, _closings.GetValueOrDefault((row.Pair, row.Currency), Money.Zero(currency)))
        {
            Legs = legs,
            TrueUps = [.. TrueUpsOf(row, currency, check)],
            Rents = [.. RentsOf(row, currency, check)],
            Payments = [.. Payments.Where(item => item.Statement == row.Number && item.Payment.Amount.Currency == currency).Select(static item => item.Payment)],
            Remainders = [.. Remainders[row.Number].Select(static item => item.ToLine())],
        };
        foreach (var (stored, should) in Pairs(Shares[row.Number], StatementIssue.RowsOf(content, row.Number)))
        {
            check.Equal($"the row that marks {stored?.Document ?? should?.Document} as shared", stored, should);
        }

        _closings[(row.Pair, row.Currency)] = row.Closing;
        return content;
    }

    // The items that the rows name, as their documents have them now.
    private List<ShareItem> ItemsOf(ShareLeg leg, IEnumerable<ShareRow> rows, Currency currency, FaultList check)
    {
        var items = new List<ShareItem>();
        var read = new Dictionary<string, Dictionary<(string Part, int Line), ShareItem>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!read.TryGetValue(row.Document, out var of))
            {
                var document = Invoices.TryGetValue(row.Document, out var invoice) ? DocumentText.Read<InvoiceDocument>(invoice.Json) : null;
                of = document?.Lines is null || document.Currency != currency.Code || !leg.CoversDocuments(invoice!.Seller, invoice.Channel, currency) ? []
                    : ShareRating.Items(document, leg.Basis, [.. Collected[row.Document]]).ToDictionary(static item => (item.Part, item.Line));
                read.Add(row.Document, of);
            }

            if (of.GetValueOrDefault((row.Part, (int)row.Line)) is { } item && leg.IsInForce(item.ServiceEnd.AddMicroseconds(-1)))
            {
                items.Add(item);
            }
            else
            {
                check.Add(string.Create(CultureInfo.InvariantCulture, $"document {row.Document} has no line {row.Line} that the leg {leg.Name} covers in {currency}"));
            }
        }

        return items;
    }

    private IEnumerable<TrueUpLine> TrueUpsOf(StatementRow row, Currency currency, FaultList check)
    {
        foreach (var stored in Guarantees[row.Number])
        {
            if (!Legs.TryGetValue((stored.Agreement, stored.Leg), out var leg) || leg.Guarantee is null || leg.Currency != currency || stored.Currency != row.Currency)
            {
                check.Add($"there is no guarantee of {stored.Agreement}/{stored.Leg}, and it adds to it");
                continue;
            }

            var (from, to, periods) = (LineRows.Month(stored.FromMonth), LineRows.Month(stored.ToMonth), (int)stored.Periods);
            var shares = _history.SharesIn(leg, currency, from, to);
            var line = new TrueUpLine(leg, from, to, periods, shares, ShareRating.TrueUp(leg, _history.Of(leg, currency), shares, periods));
            _history.Add(line);
            check.Equal($"true-up of {leg.Name}", stored, StatementIssue.RowOf(line, row.Number));
            yield return line;
        }
    }

    private IEnumerable<RentLine> RentsOf(StatementRow row, Currency currency, FaultList check)
    {
        foreach (var stored in Rents[row.Number])
        {
            if (!Agreements.TryGetValue(stored.Agreement, out var agreement) || agreement.Currency != currency || !BillingMonth.Parse(stored.Month).TryGet(out var month, out _))
            {
                check.Add($"there is no rent agreement {stored.Agreement} in {currency} for a month {stored.Month}, and it charges rent");
                continue;
            }

            var key = (stored.Agreement, stored.Month);
            var line = new RentLine(agreement, month, stored.ToUsed(), _rents.GetValueOrDefault(key, Money.Zero(currency)));
            _rents[key] = line.Rated.Total;
            check.Equal($"rent {stored.Agreement}, {stored.Month}", stored, StatementIssue.RowOf(line, row.Number));
            yield return line;
        }
    }

    private void CheckRow(StatementRow row, StatementContent content, StatementDocument document, FaultList check)
    {
        _pairs.Add((row.Payer, row.Payee));
        check.Equal("the two companies: another series has them the other way round", _pairs.Contains((row.Payee, row.Payer)), false);
        check.Equal("the two companies", row.Pair, StatementRows.Pair(row.Payer, row.Payee));
        check.Equal("number", row.Number, StatementIssue.NumberOf(row.Pair, row.PairSequence));
        check.Equal("number", document.Number, row.Number);
        check.Equal("payer", document.Payer.Id, row.Payer);
        check.Equal("payee", document.Payee.Id, row.Payee);
        var stored = row.ToStatement();
        check.Equal("accruals", stored.Accruals, content.Accruals);
        check.Equal("clawbacks", stored.Clawbacks, content.Clawbacks);
        check.Equal("payments", stored.Paid, content.Paid);
        check.Equal("closing balance", stored.Closing, content.Closing);
    }

    private static async Task CheckEntryAsync(StoreSession session, FaultList check, string cause, string description, IReadOnlyList<Posting> postings)
    {
        var entry = await LedgerJournal.FindAsync(session, cause);
        check.Equal($"description of the ledger entry {cause}", entry?.Description, postings.Count == 0 ? null : description);
        check.Equal($"postings of the ledger entry {cause}", Text(entry?.Postings), postings.Count == 0 ? null : Text(postings));
    }

    private static IEnumerable<(string What, string? Text)> Parts(StatementDocument document) =>
    [
        ("opening balance: it is not the closing balance of the statement before", document.Opening), ("accruals, added up from the lines", document.Accruals),
        ("clawbacks, added up from the lines", document.Clawbacks), ("payments, added up", document.Paid), ("closing balance, added up", document.Closing),
        ("what is set off", document.NetOff), ("month", document.Month), ("currency", document.Currency),
        ("time of issue", InstantText.Format(document.IssuedAt)),
    ];

    private static IEnumerable<(ShareRow? Stored, ShareRow? Should)> Pairs(IEnumerable<ShareRow> stored, IEnumerable<ShareRow> should)
    {
        var (one, other) = (stored.ToArray(), should.ToArray());
        return Enumerable.Range(0, Math.Max(one.Length, other.Length)).Select(index => (one.ElementAtOrDefault(index), other.ElementAtOrDefault(index)));
    }
}
