using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dogana.Billing.Papers;

namespace Dogana.Tests.Billing.Papers;

public sealed partial class PdfTests
{
    private const ulong Seed = 590_003;
    private static readonly string Hash = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    [Fact]
    public void The_same_document_gives_the_same_bytes_and_every_amount_is_on_a_page() => Checked.ForAll(PaperDocuments.Random, Seed, static document =>
    {
        var bytes = InvoicePdf.Render(document, Hash).Value;

        bytes.ShouldBe(InvoicePdf.Render(document, Hash).Value);
        var texts = Texts(bytes).SelectMany(static page => page).Select(static item => item.Text).ToArray();
        foreach (var amount in document.Lines.Select(static line => line.Amount).Concat(document.Taxes.Select(static tax => tax.Amount))
            .Append(document.Net).Append(document.Gross).Append(document.Payable))
        {
            texts.Count(text => text == amount).ShouldBeGreaterThan(0, $"seed {Seed}: {amount}");
        }

        string[] names = [document.Seller.Name, "1 rue de l’Œuvre", @"Königsallee 1\2"];
        names.ShouldAllBe(name => texts.Contains(name, StringComparer.Ordinal), $"seed {Seed}");
    });

    [Fact]
    public void Long_documents_go_over_pages_that_repeat_the_heads_and_nothing_leaves_the_paper()
    {
        var document = PaperDocuments.Of(
            [.. Enumerable.Range(1, 130).Select(static index => PaperDocuments.Usage(index, index * 1_234_567_890L, 1.23m, 1_000_000_000, model: string.Concat(Enumerable.Repeat("long-", index % 25))))]);

        var pages = Texts(InvoicePdf.Render(document, Hash).Value);

        pages.Count.ShouldBeGreaterThan(3);
        foreach (var (index, page) in pages.Index())
        {
            page.ShouldContain(item => item.Text == "Amount EUR");
            var foot = string.Create(CultureInfo.InvariantCulture, $"NORTHWIND-000007, page {index + 1} of {pages.Count}");
            page.ShouldContain(item => item.Text == foot);
            page.ShouldAllBe(static item => item.X >= 46m && item.Y >= 36m && item.Y <= 800m);
        }

        pages.SelectMany(static page => page).Count(static item => item.Text == "2026-01").ShouldBe(130);
    }

    [Fact]
    public void Names_beyond_the_fonts_are_refused_and_the_page_is_named()
    {
        var document = PaperDocuments.Of([PaperDocuments.Usage(1, 1, 1m, 1)]) with { Customer = PaperDocuments.Customer with { Name = "大きい株式会社" } };

        var problem = InvoicePdf.Render(document, Hash).Problem.ShouldNotBeNull();

        problem.Code.ShouldBe(ProblemCode.DocumentNotRenderable);
        problem.Message.ShouldContain("'大'");
        problem.Message.ShouldContain("format=html");
        InvoicePage.Render(document, Hash).ShouldContain("大きい", Case.Sensitive, "the page has any letters");
    }

    // Reads back what any reader would: the table of objects, the pages, their streams, the texts and where they stand.
    private static List<IReadOnlyList<(decimal X, decimal Y, string Text)>> Texts(byte[] bytes)
    {
        var file = Encoding.Latin1.GetString(bytes);
        file.ShouldStartWith("%PDF-1.4\n");
        var table = NumberAt(file, file.LastIndexOf("startxref\n", StringComparison.Ordinal) + 10);
        var rows = file[table..].Split('\n');
        rows[0].ShouldBe("xref");
        var count = int.Parse(rows[1].Split(' ')[1], CultureInfo.InvariantCulture);
        string Object(int number)
        {
            var at = int.Parse(rows[2 + number][..10], CultureInfo.InvariantCulture);
            file[at..].ShouldStartWith($"{number} 0 obj\n");
            return file[at..file.IndexOf("endobj", at, StringComparison.Ordinal)];
        }

        var objects = Enumerable.Range(1, count - 1).Select(Object).ToArray();
        var pages = new List<IReadOnlyList<(decimal X, decimal Y, string Text)>>();
        foreach (var page in objects.Where(static text => text.Contains("/Type /Page ", StringComparison.Ordinal)))
        {
            var content = Object(NumberAt(page, page.IndexOf("/Contents ", StringComparison.Ordinal) + 10));
            var start = content.IndexOf("stream\n", StringComparison.Ordinal) + 7;
            var length = NumberAt(content, content.IndexOf("/Length ", StringComparison.Ordinal) + 8);
            content[(start + length)..].ShouldStartWith("endstream");
            pages.Add([.. ShownText().Matches(content.Substring(start, length)).Select(static match => (
                decimal.Parse(match.Groups["x"].Value, CultureInfo.InvariantCulture), decimal.Parse(match.Groups["y"].Value, CultureInfo.InvariantCulture),
                Decode(match.Groups["text"].Value)))]);
        }

        return pages;
    }

    private static int NumberAt(string text, int at) => int.Parse(text.AsSpan(at, text.IndexOfAny([' ', '\n'], at) - at), CultureInfo.InvariantCulture);

    private static string Decode(string text) => new([.. Escape().Replace(text, "${c}").Select(static c => c switch { '\u0080' => '€', '\u008C' => 'Œ', '\u0092' => '’', _ => c })]);

    [GeneratedRegex(@"\\(?<c>.)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Escape();

    [GeneratedRegex(@"BT /F[12] \d+ Tf (?<x>[\d.]+) (?<y>[\d.]+) Td \((?<text>(\\.|[^\\)])*)\) Tj ET", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex ShownText();
}
