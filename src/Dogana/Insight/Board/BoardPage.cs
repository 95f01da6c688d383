using System.Globalization;
using System.Net;
using System.Text;

namespace Dogana.Insight.Board;

/// <summary>
/// The report for a board as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. Each picture is drawn twice, for wide and for narrow screens, of which one is shown.
/// The same figures give the same bytes.
/// </summary>
internal static class BoardPage
{
    private const double Wide = 780, Narrow = 350;

    public static string Write(BoardFigures figures)
    {
        BoardSection[] sections =
        [
            ConcentrationSection.Of(figures), GrowthSection.Of(figures), ForecastSection.Of(figures), .. WhatIfSection.Of(figures) is { } whatIf ? [whatIf] : Array.Empty<BoardSection>(),
            DependenceSection.Of(figures), CapacitySection.Of(figures), AlertSection.Of(figures),
        ];
        BoardCard[] cards =
        [
            .. new[] { ConcentrationSection.Card(figures) }.OfType<BoardCard>(), .. GrowthSection.Cards(figures), .. new[] { ForecastSection.Card(figures), CapacitySection.Card(figures), AlertSection.Card(figures) }.OfType<BoardCard>(),
        ];
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\"><title>")
            .Append(Text($"Revenue, growth and dependence to {BoardText.Month(figures.Basis.To)}")).Append("</title><style>").Append(BoardStyle.Css).Append("</style></head><body><main>\n");
        page.Append("<header><h1>Revenue, growth and dependence</h1><p>").Append(Text(BoardText.Basis(figures.Basis))).Append("</p><p>").Append(Text(figures.Basis.Includes)).Append(" Commitments and the last 28 days are as of ")
            .Append(At(figures.AsOf)).Append(".</p></header>\n<div class=\"cards\">");
        foreach (var card in cards)
        {
            page.Append("<a href=\"#").Append(card.Section).Append("\"><span>").Append(Text(card.Name)).Append("</span><b>").Append(Text(card.Value)).Append("</b><span>").Append(Text(card.About)).Append("</span></a>");
        }

        page.Append("</div>\n<nav aria-label=\"Sections\">");
        foreach (var section in sections)
        {
            page.Append("<a href=\"#").Append(section.Id).Append("\">").Append(Text(section.Title)).Append("</a> ");
        }

        page.Append("</nav>\n");
        for (var number = 0; number < sections.Length; number++)
        {
            Section(page, sections[number], number + 1);
        }

        return page.Append("<footer>Made by Dogana from final documents. Every picture has its figures beneath it, and the verb that prints the same.</footer>\n</main></body></html>\n").ToString();
    }

    private static void Section(StringBuilder page, BoardSection section, int number)
    {
        page.Append("<section id=\"").Append(section.Id).Append("\"><h2>").Append(number.ToString(CultureInfo.InvariantCulture)).Append(". ").Append(Text(section.Title)).Append("</h2><p>").Append(Text(section.Question)).Append("</p>\n");
        foreach (var figure in section.Figures)
        {
            Figure(page, figure);
        }

        if (section.Notes.Count > 0)
        {
            page.Append("<ul class=\"notes\">").AppendJoin("", section.Notes.Select(static note => $"<li>{Text(note)}</li>")).Append("</ul>\n");
        }

        page.Append("</section>\n");
    }

    private static void Figure(StringBuilder page, BoardFigure figure)
    {
        page.Append("<figure id=\"").Append(figure.Id).Append("\"><figcaption><h3>").Append(Text(figure.Heading)).Append("</h3><p class=\"says\">").Append(Text(figure.Says)).Append("</p><p class=\"basis\">")
            .Append(Text(figure.Basis)).Append("</p></figcaption>\n<div class=\"picture\"><div class=\"wide\">").Append(figure.Chart.ToSvg(Wide, figure.Id + "-w", figure.Heading, figure.Says))
            .Append("</div><div class=\"narrow\">").Append(figure.Chart.ToSvg(Narrow, figure.Id + "-n", figure.Heading, figure.Says)).Append("</div></div>\n<details><summary>Figures</summary><div class=\"scroll\"><table><thead><tr>");
        foreach (var column in figure.Columns)
        {
            page.Append(column.EndsWith('>') ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">").Append(Text(column.TrimEnd('>'))).Append("</th>");
        }

        page.Append("</tr></thead><tbody>\n");
        foreach (var row in figure.Rows)
        {
            page.Append("<tr>");
            for (var cell = 0; cell < row.Count; cell++)
            {
                page.Append(figure.Columns[cell].EndsWith('>') ? "<td class=\"n\">" : "<td>").Append(Text(row[cell])).Append("</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div><p>The same: <code>").Append(Text(figure.Verb)).Append("</code></p></details></figure>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
