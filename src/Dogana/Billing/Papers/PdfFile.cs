using System.Globalization;
using System.Text;

namespace Dogana.Billing.Papers;

/// <summary>
/// Writes a PDF 1.4 of text and rules on A4 pages. The same calls give the same bytes on every machine: dates and the id are the caller's, and streams are not
/// compressed, for what a compressor makes of them differs from one machine to another. Lengths are hundredths of a point, from the top left.
/// </summary>
internal sealed class PdfFile
{
    /// <summary>A4.</summary>
    public const int Width = 59_528, Height = 84_189;

    private readonly List<StringBuilder> _pages = [];

    /// <summary>How many pages there are.</summary>
    public int Pages => _pages.Count;

    /// <summary>Begins a page; what follows goes onto it.</summary>
    public void BeginPage() => _pages.Add(new StringBuilder());

    /// <summary>Sets a text whose characters are all in WinAnsi; <paramref name="y"/> is its base line.</summary>
    public void Text(int x, int y, int size, string text, bool isBold = false, int? page = null)
    {
        if (text.Length == 0)
        {
            return;
        }

        _pages[page ?? ^1].Append(CultureInfo.InvariantCulture, $"BT /{(isBold ? "F2" : "F1")} {size} Tf {Points(x)} {Points(Height - y)} Td (");
        foreach (var c in text)
        {
            var code = (char)WinAnsi.Encode(c)!.Value;
            _pages[page ?? ^1].Append(code is '(' or ')' or '\\' ? $"\\{code}" : code.ToString());
        }

        _pages[page ?? ^1].Append(") Tj ET\n");
    }

    /// <summary>Sets a text that ends at <paramref name="right"/>.</summary>
    public void TextRight(int right, int y, int size, string text, bool isBold = false, int? page = null) =>
        Text(right - HelveticaWidths.Of(text, size, isBold), y, size, text, isBold, page);

    /// <summary>Draws a level rule.</summary>
    public void Rule(int left, int right, int y, int thickness) => _pages[^1].Append(
        CultureInfo.InvariantCulture, $"{Points(thickness)} w {Points(left)} {Points(Height - y)} m {Points(right)} {Points(Height - y)} l S\n");

    /// <summary>The file.</summary>
    /// <param name="title">Its title, in WinAnsi.</param>
    /// <param name="date">When it was made, as <c>20260201000000Z</c>.</param>
    /// <param name="id">32 hexadecimal digits.</param>
    public byte[] ToBytes(string title, string date, string id)
    {
        // 1 catalogue, 2 page tree, 3 and 4 fonts, 5 information, then a page and its content by turns.
        List<string> objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            $"<< /Type /Pages /Count {Number(_pages.Count)} /Kids [{string.Join(' ', _pages.Select(static (_, index) => $"{Number(6 + 2 * index)} 0 R"))}] >>",
            Font("Helvetica"),
            Font("Helvetica-Bold"),
            $"<< /Title ({Escape(title)}) /Producer (Dogana) /CreationDate (D:{date}) /ModDate (D:{date}) >>",
        ];
        for (var index = 0; index < _pages.Count; index++)
        {
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {Points(Width)} {Points(Height)}] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {Number(7 + 2 * index)} 0 R >>");
            objects.Add($"<< /Length {Number(_pages[index].Length)} >>\nstream\n{_pages[index]}endstream");
        }

        // Every character is one byte: what is in WinAnsi beyond ASCII was encoded before.
        var file = new StringBuilder("%PDF-1.4\n%\u00E2\u00E3\u00CF\u00D3\n");
        var offsets = new List<int>();
        foreach (var (index, text) in objects.Index())
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{text}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
        {
            file.Append(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n");
        }

        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R /Info 5 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }

    private static string Font(string name) => $"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>";

    // A title is in PDFDocEncoding, which is WinAnsi's in ASCII only.
    private static string Escape(string text) => new([.. text.Select(static c => char.IsAscii(c) && c is not ('(' or ')' or '\\') ? c : '?')]);

    private static string Points(int hundredths) => (hundredths / 100m).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
