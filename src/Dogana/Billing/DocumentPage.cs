using System.Globalization;
using System.Net;
using System.Text;

namespace Dogana.Billing;

/// <summary>
/// Sets a final document as one self-contained page: no script, no picture, no font from elsewhere; A4 when printed. Every text that is given to it
/// is HTML-encoded.
/// </summary>
public sealed class DocumentPage
{
    private const string Style = """
        @page { size: A4; margin: 18mm 16mm }
        * { box-sizing: border-box }
        body { font: 10.5pt/1.45 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; color: #1a1a1a; background: #fff; max-width: 178mm; margin: 14mm auto; padding: 0 4mm }
        header { display: flex; justify-content: space-between; align-items: baseline; gap: 8mm; border-bottom: 2px solid #1a1a1a; padding-bottom: 3mm }
        h1 { font-size: 20pt; line-height: 1.15; font-weight: 600; margin: 0 }
        .number { font-size: 13pt; font-variant-numeric: tabular-nums; white-space: nowrap }
        .parties { display: flex; gap: 12mm; margin: 8mm 0 7mm }
        .parties div { flex: 1 }
        .parties strong { display: block; font-size: 12pt; overflow-wrap: anywhere }
        .role { color: #595959; font-size: 8.5pt; letter-spacing: .05em; text-transform: uppercase }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 1mm 6mm; margin: 0 0 8mm }
        dt { color: #595959 } dd { margin: 0; overflow-wrap: anywhere }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums lining-nums }
        th { text-align: left; font-weight: 600; font-size: 8.5pt; color: #595959; border-bottom: 1px solid #1a1a1a; padding: 0 3mm 1.5mm 0; vertical-align: bottom }
        td { padding: 1.6mm 3mm 1.6mm 0; border-bottom: 1px solid #dcdcdc; vertical-align: top; overflow-wrap: anywhere }
        .amount { text-align: right; white-space: nowrap; overflow-wrap: normal } th:last-child, td:last-child { padding-right: 0 }
        thead { display: table-header-group } tr { break-inside: avoid }
        tfoot { break-inside: avoid } tfoot td { border: 0; padding-top: 1.2mm; padding-bottom: 0 }
        tfoot tr:first-child td { border-top: 1px solid #1a1a1a } tfoot .total td { font-weight: 600; font-size: 12.5pt; padding-top: 2.5mm }
        footer { margin-top: 12mm; color: #595959; font-size: 8pt; border-top: 1px solid #dcdcdc; padding-top: 2mm; overflow-wrap: anywhere }
        @media print { body { margin: 0; padding: 0; max-width: none } }
        """;

    private readonly StringBuilder _html = new();
    private readonly int _columns;

    /// <summary>Begins a page.</summary>
    /// <param name="kind">What it is: Invoice.</param>
    /// <param name="number">Its number.</param>
    /// <param name="columns">Columns of its table.</param>
    public DocumentPage(string kind, string number, int columns)
    {
        _columns = columns;
        Add($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{kind} {number}</title>");
        _html.Append("<style>").Append(Style).Append("</style></head><body>");
        Add($"<header><h1>{kind}</h1><span class=\"number\">{number}</span></header>");
    }

    /// <summary>Two companies side by side, each with its role, name, address, id and tax id.</summary>
    public DocumentPage Parties((string Role, Client.DocumentParty Party) left, (string Role, Client.DocumentParty Party) right)
    {
        _html.Append("<section class=\"parties\">");
        foreach (var (role, party) in new[] { left, right })
        {
            Add($"<div><span class=\"role\">{role}</span><strong>{party.Name}</strong>");
            foreach (var line in AddressOf(party))
            {
                Add($"{line}<br>");
            }

            _html.Append("</div>");
        }

        _html.Append("</section>");
        return this;
    }

    /// <summary>Terms and their values.</summary>
    public DocumentPage Facts(params (string Term, string Value)[] facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        _html.Append("<dl>");
        foreach (var (term, value) in facts)
        {
            Add($"<dt>{term}</dt><dd>{value}</dd>");
        }

        _html.Append("</dl>");
        return this;
    }

    /// <summary>Begins the table. A head that starts with <c>&gt;</c> is a column of numbers, set to the right.</summary>
    public DocumentPage Table(params string[] heads)
    {
        ArgumentNullException.ThrowIfNull(heads);
        _html.Append("<table><thead><tr>");
        foreach (var head in heads)
        {
            Add($"<th scope=\"col\"{new Raw(head.StartsWith('>') ? " class=\"amount\"" : "")}>{head.TrimStart('>')}</th>");
        }

        _html.Append("</tr></thead><tbody>");
        return this;
    }

    /// <summary>A row; a cell that starts with <c>&gt;</c> is a number, set to the right.</summary>
    public DocumentPage Row(params string[] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        _html.Append("<tr>");
        foreach (var cell in cells)
        {
            Add($"<td{new Raw(cell.StartsWith('>') ? " class=\"amount\"" : "")}>{(cell.StartsWith('>') ? cell[1..] : cell)}</td>");
        }

        _html.Append("</tr>");
        return this;
    }

    /// <summary>Ends the table with totals, the last one in bold, and the page with the document's hash.</summary>
    public string End(string hash, params (string Label, string Amount)[] totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        _html.Append("</tbody><tfoot>");
        for (var index = 0; index < totals.Length; index++)
        {
            var isLast = index == totals.Length - 1;
            Add($"<tr{new Raw(isLast ? " class=\"total\"" : "")}><td colspan=\"{_columns - 1}\" class=\"amount\">{totals[index].Label}</td><td class=\"amount\">{totals[index].Amount}</td></tr>");
        }

        _html.Append("</tfoot></table>");
        Add($"<footer>Final document. Its JSON form has the SHA-256 {hash}, which the ledger holds too.</footer></body></html>");
        return _html.ToString();
    }

    /// <summary>What stands below a company's name: street, city, id and country, tax id; without what is not known.</summary>
    public static IEnumerable<string> AddressOf(Client.DocumentParty party)
    {
        ArgumentNullException.ThrowIfNull(party);
        string?[] lines = [party.Street, $"{party.PostalCode} {party.City}".Trim(), $"{party.Id} · {party.Country}", party.TaxId is { } taxId ? $"Tax id {taxId}" : null];
        return lines.OfType<string>().Where(static line => line.Length > 0);
    }

    /// <summary>A whole number in groups of three: <c>1,234,567</c>.</summary>
    public static string Quantity(long quantity) => quantity.ToString("#,0", CultureInfo.InvariantCulture);

    // Interpolated values are encoded; only what is wrapped as raw stands as it is.
    private void Add(FormattableString html)
    {
        var values = html.GetArguments().Select(static value => value is Raw raw ? raw.Html : WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)));
        _html.AppendFormat(CultureInfo.InvariantCulture, html.Format, [.. values]);
    }

    private sealed record Raw(string Html);
}
