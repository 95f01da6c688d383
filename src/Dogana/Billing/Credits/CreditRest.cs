using System.Globalization;
using Dogana.Client;

namespace Dogana.Billing.Credits;

/// <summary>What a credit note gives back, below zero.</summary>
/// <param name="Lines">The lines of the invoice, by position, and what is given back of each; none is zero.</param>
/// <param name="Taxes">The taxes of the credit note.</param>
/// <param name="Net">The sum of the lines.</param>
/// <param name="Tax">The sum of the taxes.</param>
internal sealed record CreditTaken(IReadOnlyList<(InvoiceDocumentLine Line, Money Amount)> Lines, IReadOnlyList<InvoiceDocumentTax> Taxes, Money Net, Money Tax);

/// <summary>
/// What is left of an invoice after its credit notes. Tax is rounded cumulatively: a note gives back what the tax on all that was given back so far comes to, less what
/// earlier notes gave back. So the notes add up to the invoice's tax when its lines are given back whole, and each is at most one minor unit off its own base × rate.
/// </summary>
internal sealed class CreditRest
{
    private readonly InvoiceDocument _invoice;
    private readonly Currency _currency;
    private readonly Dictionary<int, Money> _left;
    private readonly Dictionary<(string Category, string Percent), (Money Base, Money Tax)> _given;

    public CreditRest(InvoiceDocument invoice, IReadOnlyList<InvoiceDocument> notes)
    {
        (_invoice, _currency) = (invoice, Currency.Of(invoice.Currency));
        _left = invoice.Lines.ToDictionary(static line => line.Position, line => Amount(line.Amount));
        _given = invoice.Lines.Select(static line => (line.TaxCategory, line.TaxPercent)).Distinct().ToDictionary(static group => group, _ => (Money.Zero(_currency), Money.Zero(_currency)));
        foreach (var note in notes)
        {
            foreach (var line in note.Lines.Where(static line => line.CorrectsLine is not null))
            {
                _left[line.CorrectsLine!.Value] += Amount(line.Amount);
            }

            foreach (var tax in note.Taxes)
            {
                var before = _given[(tax.Category, tax.Percent)];
                _given[(tax.Category, tax.Percent)] = (before.Base - Amount(tax.Base), before.Tax - Amount(tax.Amount));
            }
        }
    }

    /// <summary>What is left, without tax.</summary>
    public Money Net => Money.Sum(_left.Values, _currency);

    /// <summary>What is left, with tax.</summary>
    public Money Gross => Net + Money.Sum(_invoice.Taxes.Select(tax => Amount(tax.Amount)).Concat(_given.Values.Select(static given => -given.Tax)), _currency);

    /// <summary>What is left of a line, without tax.</summary>
    public Money OfLine(int position) => _left[position];

    /// <summary>What a request takes, or why it takes more than is left.</summary>
    public Outcome<CreditTaken> Take(CreditRequest request)
    {
        if (!Find(request).TryGet(out var parts, out var problem))
        {
            return problem;
        }

        (InvoiceDocumentLine Line, Money Amount)[] lines = [.. parts.Where(static part => !part.Amount.IsZero).Select(static part => (part.Line, -part.Amount))];
        if (lines.Length == 0 || Net.Amount <= 0m)
        {
            return new Problem(ProblemCode.AmountExceedsRest, $"Nothing is left of invoice {_invoice.Number} to give back.", "number");
        }

        var taken = Total(lines);
        return -taken.Net > Net || -(taken.Net + taken.Tax) > Gross || taken.Taxes.Any(IsBeyondItsGroup)
            ? new Problem(
                ProblemCode.AmountExceedsRest,
                $"{-taken.Net} are more than the {Net} that are left of invoice {_invoice.Number} (some of its lines are below zero). Give back less, or all that is left.", "amount")
            : taken;
    }

    /// <summary>The sums of some lines, whose amounts are below zero where something is given back.</summary>
    public CreditTaken Total(IReadOnlyList<(InvoiceDocumentLine Line, Money Amount)> lines)
    {
        InvoiceDocumentTax[] taxes =
        [
            .. lines.GroupBy(static item => (item.Line.TaxCategory, item.Line.TaxPercent)).Select(group =>
            {
                var (given, taxGiven) = _given[group.Key];
                var taxed = Money.Sum(group.Select(static item => item.Amount), _currency);
                var tax = taxGiven - TaxTotals.On(given - taxed, group.Key.TaxPercent);
                return new InvoiceDocumentTax(
                    group.Key.TaxCategory, group.Key.TaxPercent, taxed.ToAmountText(), tax.ToAmountText(),
                    _invoice.Taxes.FirstOrDefault(item => (item.Category, item.Percent) == group.Key)?.Reason);
            }),
        ];
        return new CreditTaken(lines, taxes, Money.Sum(lines.Select(static item => item.Amount), _currency), TaxTotals.Sum(taxes, _currency));
    }

    /// <summary>The credit note.</summary>
    public InvoiceDocument ToDocument(CreditTaken taken, string number, string date, string reason, DocumentParty seller, DocumentParty customer)
    {
        var gross = (taken.Net + taken.Tax).ToAmountText();
        return _invoice with
        {
            Kind = "credit_note",
            Number = number,
            IssueDate = date,
            DueDate = date,
            Seller = seller,
            Customer = customer,
            Lines = [.. taken.Lines.Select((item, index) => ToLine(item.Line, item.Amount, index + 1))],
            Taxes = taken.Taxes,
            ExactTotal = taken.Net.ToAmountText(),
            Rounding = Money.Zero(_currency).ToAmountText(),
            Net = taken.Net.ToAmountText(),
            Tax = taken.Tax.ToAmountText(),
            Gross = gross,
            Prepaid = Money.Zero(_currency).ToAmountText(),
            Payable = gross,
            Corrects = _invoice.Number,
            Reason = reason,
        };
    }

    // What is given back is an amount: the quantity and the price are the invoice's, to which the line points.
    private static InvoiceDocumentLine ToLine(InvoiceDocumentLine line, Money amount, int position) => line with
    {
        Position = position,
        ExactAmount = amount.ToAmountText(),
        Amount = amount.ToAmountText(),
        PricingExactAmount = null,
        PricingAmount = null,
        Quantity = null,
        PriceKind = null,
        UnitPrice = null,
        Per = null,
        CorrectsLine = line.Position,
    };

    private Outcome<(InvoiceDocumentLine Line, Money Amount)[]> Find(CreditRequest request)
    {
        var wanted = request.Amount is { } number ? new Money(number, _currency) : (Money?)null;
        if (wanted is { } asked && (asked.Amount <= 0m || asked.Round() != asked))
        {
            return new Problem(ProblemCode.InvalidRequest, $"{asked} is no amount to give back. Write one above 0 in whole minor units, such as 12.50.", "amount");
        }

        if (request.Line is { } position)
        {
            if (_invoice.Lines.FirstOrDefault(line => line.Position == position) is not { } line)
            {
                return new Problem(ProblemCode.NotFound, string.Create(CultureInfo.InvariantCulture, $"Invoice {_invoice.Number} has no line {position}: it has {_invoice.Lines.Count}."), "line");
            }

            var left = _left[position];
            return left.Amount < 0m
                ? new Problem(ProblemCode.InvalidRequest, $"Line {position} is below zero: it gives back itself. Give back the whole invoice, or lines above zero.", "line")
                : wanted > left
                    ? new Problem(ProblemCode.AmountExceedsRest, $"{wanted} are more than the {left} that are left of line {position} of invoice {_invoice.Number}. Give back less.", "amount")
                    : ((InvoiceDocumentLine, Money)[])[(line, wanted ?? left)];
        }

        if (wanted is not { } rest)
        {
            return ((InvoiceDocumentLine, Money)[])[.. _invoice.Lines.Select(line => (line, _left[line.Position]))];
        }

        var taken = new List<(InvoiceDocumentLine, Money)>();
        foreach (var line in _invoice.Lines.Where(line => _left[line.Position].Amount > 0m && rest.Amount > 0m))
        {
            var part = _left[line.Position] < rest ? _left[line.Position] : rest;
            taken.Add((line, part));
            rest -= part;
        }

        return rest.IsZero
            ? taken.ToArray()
            : new Problem(ProblemCode.AmountExceedsRest, $"{wanted} are more than the {Net} that are left of invoice {_invoice.Number}. Give back less.", "amount");
    }

    // Given back so far, this note included, at most what the category and rate was charged with; where that is below zero, only as a part of the whole.
    private bool IsBeyondItsGroup(InvoiceDocumentTax tax)
    {
        var charged = Money.Sum(
            _invoice.Lines.Where(line => (line.TaxCategory, line.TaxPercent) == (tax.Category, tax.Percent)).Select(line => Amount(line.Amount)), _currency);
        var given = _given[(tax.Category, tax.Percent)].Base - Amount(tax.Base);
        return charged.Amount >= 0m ? given > charged : given < charged;
    }

    private Money Amount(string text) => DocumentText.Amount(text, _currency) ?? throw new InvalidOperationException($"The stored document of {_invoice.Number} has no amount '{text}'. Run verify.");
}
