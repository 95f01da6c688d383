using System.Globalization;
using Dogana.Client;

namespace Dogana.Billing.Papers;

/// <summary>Sets a final document as a PDF: the same document gives the same bytes.</summary>
internal sealed class InvoicePdf
{
    // Hundredths of a point.
    private const int Left = 4_600, Right = PdfFile.Width - 4_600, Top = 5_600, Bottom = PdfFile.Height - 6_400, Leading = 1_250;
    private const int TextLeft = Left + 4_800, TextWidth = 17_500, QuantityRight = Left + 30_200, PriceRight = Left + 40_000, TaxLeft = Left + 40_700;

    private readonly PdfFile _file = new();
    private readonly InvoiceDocument _document;
    private readonly InvoiceView _view;
    private int _y;

    private InvoicePdf(InvoiceDocument document) => (_document, _view) = (document, InvoiceView.Of(document));

    /// <summary>The PDF; a problem where a text has characters that the fonts of every reader have not.</summary>
    public static Outcome<byte[]> Render(InvoiceDocument document, string hash)
    {
        var pdf = new InvoicePdf(document);
        if (pdf.Texts().Select(WinAnsi.FindMissing).OfType<string>().FirstOrDefault() is { } missing)
        {
            return new Problem(
                ProblemCode.DocumentNotRenderable,
                $"The document {document.Number} has the character '{missing}', which the fonts of a PDF made here have not. Take format=html, which prints well, or format=ubl.", "format");
        }

        pdf.Compose(hash);
        return pdf._file.ToBytes($"{pdf._view.Title} {document.Number}", document.IssueDate.Replace("-", "", StringComparison.Ordinal) + "000000Z", hash[..32]);
    }

    private IEnumerable<string> Texts() =>
    [
        _document.Number, _document.Seller.Name, .. DocumentPage.AddressOf(_document.Seller), _document.Customer.Name, .. DocumentPage.AddressOf(_document.Customer),
        .. _view.Facts.Select(static fact => fact.Value), .. _view.Totals.Select(static total => total.Label),
        .. _view.Lines.SelectMany(static line => (string[])[line.Month, line.Text, line.Price, line.Tax]),
    ];

    private void Compose(string hash)
    {
        _file.BeginPage();
        _file.Text(Left, Top + 1_400, 20, _view.Title, isBold: true);
        _file.TextRight(Right, Top + 1_400, 13, _view.Number);
        _file.Rule(Left, Right, Top + 2_300, 150);
        _y = Top + 4_200;
        Parties();
        foreach (var (term, value) in _view.Facts)
        {
            var lines = Wrap(value, Right - Left - 8_000, 9);
            _file.Text(Left, _y, 9, term);
            foreach (var line in lines)
            {
                _file.Text(Left + 8_000, _y, 9, line);
                _y += Leading;
            }
        }

        _y += Leading;
        Heads();
        foreach (var line in _view.Lines)
        {
            Line(line);
        }

        Totals();
        for (var page = 0; page < _file.Pages; page++)
        {
            _file.Text(Left, Bottom + 2_600, 7, $"The document's JSON form has the SHA-256 {hash}.", page: page);
            _file.TextRight(Right, Bottom + 2_600, 7, string.Create(CultureInfo.InvariantCulture, $"{_view.Number}, page {page + 1} of {_file.Pages}"), page: page);
        }
    }

    private void Parties()
    {
        var (start, end, half) = (_y, _y, (Right - Left) / 2);
        foreach (var (index, (role, party)) in new[] { ("From", _document.Seller), ("To", _document.Customer) }.Index())
        {
            _y = start;
            _file.Text(Left + index * half, _y, 8, role);
            _y += Leading;
            foreach (var line in Wrap(party.Name, half - 1_500, 11, isBold: true))
            {
                _file.Text(Left + index * half, _y, 11, line, isBold: true);
                _y += Leading + 150;
            }

            foreach (var line in DocumentPage.AddressOf(party).SelectMany(line => Wrap(line, half - 1_500, 9)))
            {
                _file.Text(Left + index * half, _y, 9, line);
                _y += Leading;
            }

            end = Math.Max(end, _y);
        }

        _y = end + Leading;
    }

    private void Heads()
    {
        _file.Text(Left, _y, 8, "Month", isBold: true);
        _file.Text(TextLeft, _y, 8, "What", isBold: true);
        _file.TextRight(QuantityRight, _y, 8, "Quantity", isBold: true);
        _file.TextRight(PriceRight, _y, 8, "Unit price", isBold: true);
        _file.Text(TaxLeft, _y, 8, "Tax", isBold: true);
        _file.TextRight(Right, _y, 8, $"Amount {_document.Currency}", isBold: true);
        _file.Rule(Left, Right, _y + 450, 80);
        _y += Leading + 500;
    }

    private void Line(InvoiceViewLine line)
    {
        var (text, price) = (Wrap(line.Text, TextWidth, 8), Wrap(line.Price, PriceRight - QuantityRight - 700, 8));
        var height = Math.Max(text.Count, price.Count) * Leading;
        Need(height);
        _file.Text(Left, _y, 8, line.Month);
        _file.TextRight(QuantityRight, _y, 8, line.Quantity);
        _file.Text(TaxLeft, _y, 8, line.Tax);
        _file.TextRight(Right, _y, 8, line.Amount);
        foreach (var (index, part) in text.Index())
        {
            _file.Text(TextLeft, _y + index * Leading, 8, part);
        }

        foreach (var (index, part) in price.Index())
        {
            _file.TextRight(PriceRight, _y + index * Leading, 8, part);
        }

        _y += height;
        _file.Rule(Left, Right, _y - Leading + 400, 20);
        _y += 200;
    }

    private void Totals()
    {
        Need((_view.Totals.Count + 2) * (Leading + 200));
        _y += 300;
        foreach (var (index, (label, amount)) in _view.Totals.Index())
        {
            var isLast = index == _view.Totals.Count - 1;
            var size = isLast ? 11 : 9;
            _y += isLast ? 500 : 0;
            var lines = Wrap(label, Right - Left - 12_000, size, isLast);
            Need(lines.Count * Leading);
            _file.TextRight(Right, _y, size, amount, isLast);
            foreach (var line in lines)
            {
                _file.TextRight(Right - 9_000, _y, size, line, isLast);
                _y += Leading;
            }
        }
    }

    // A line is not parted from itself by the end of a page; each page has the heads again.
    private void Need(int height)
    {
        if (_y + height > Bottom)
        {
            _file.BeginPage();
            _file.TextRight(Right, Top, 9, $"{_view.Title} {_view.Number}");
            _y = Top + 2_000;
            Heads();
        }
    }

    private static List<string> Wrap(string text, int width, int size, bool isBold = false)
    {
        var (lines, line) = (new List<string>(), "");
        foreach (var word in text.Split(' ').SelectMany(word => Parts(word, width, size, isBold)))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && HelveticaWidths.Of(longer, size, isBold) > width)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        lines.Add(line);
        return lines;
    }

    // A word that is wider than a line is cut where it must be.
    private static IEnumerable<string> Parts(string word, int width, int size, bool isBold)
    {
        var start = 0;
        for (var end = 1; end <= word.Length; end++)
        {
            if (end - start > 1 && HelveticaWidths.Of(word[start..end], size, isBold) > width)
            {
                yield return word[start..(end - 1)];
                start = end - 1;
            }
        }

        yield return word[start..];
    }
}
