using System.Globalization;
using System.Net;
using System.Text;
using Dogana.Client;

namespace Dogana.Conduct.Cases;

/// <summary>
/// A case as one HTML page that needs nothing else: no script, no font, no picture from elsewhere, readable in print. It is made of the record that its reader
/// may read, so that it cannot show more.
/// </summary>
internal static class CasePage
{
    public static string Write(CaseDetail detail, bool isFull)
    {
        var item = detail.Case;
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta name=\"referrer\" content=\"no-referrer\"><title>").Append(Text($"Case {item.Id}")).Append("</title><style>").Append(CasePageParts.Style).Append("</style></head><body><main>\n");
        page.Append("<header><p class=\"over\">").Append(isFull ? "Conduct case, the owner's view: confidential" : "Conduct case, the customer's view").Append("</p><h1>")
            .Append(Text(item.EndCustomer ?? item.Organisation)).Append("</h1><p class=\"sub\">Use of the models of <b>").Append(Text(item.Owner)).Append("</b>, case <code>").Append(Text(item.Id))
            .Append("</code> <span class=\"state ").Append(item.State).Append("\">").Append(Text(Words(item.State))).Append("</span></p></header>\n");
        Deadlines(page, detail);
        CasePageParts.Timeline(page, detail);
        page.Append("<h2>What was found</h2>\n");
        foreach (var signal in detail.Signals)
        {
            Signal(page, signal, isFull);
        }

        if (detail.Signals.Count == 0)
        {
            page.Append("<p>No signal is on record.</p>\n");
        }

        Excerpts(page, detail);
        Questions(page, detail);
        Statement(page, "Statement of reasons: notice", detail.Statement);
        if (detail.Decision is { } made)
        {
            Statement(page, $"Statement of reasons: decision, {Words(made.Outcome)}", made.Statement);
        }

        Events(page, detail);
        page.Append("<footer>").Append(detail.EvidenceHash is { } hash
            ? $"<p>Evidence of this view frozen when the customer was told, SHA-256<br><code>{hash}</code><br>Check: <code>dogana case verify {Text(item.Id)}</code></p>"
            : "<p>The evidence is not frozen: the customer was not told yet.</p>").Append("</footer>\n</main></body></html>\n");
        return page.ToString();
    }

    internal static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    internal static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    internal static string Words(string word) => word.Replace('_', ' ');

    private static string All(IReadOnlyList<string> ids) => ids[0] == Measure.All ? "all" : string.Join(", ", ids);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void Deadlines(StringBuilder page, CaseDetail detail)
    {
        (string Name, DateTimeOffset? At)[] dates =
        [
            ("Came up", detail.Case.CreatedAt), ("Customer told", detail.Case.NoticedAt), ("Answer and put right by", detail.Statement?.RedressBy),
            ("Interim measure ends", detail.Interim?.Until), ("Decided", detail.Decision?.DecidedAt), ("Appeal by", detail.Case.AppealBy), ("Closed", detail.Case.ClosedAt),
        ];
        page.Append("<section class=\"cards\">");
        foreach (var (name, at) in dates.Where(static date => date.At is not null))
        {
            page.Append("<div><span>").Append(name).Append("</span><b>").Append(At(at!.Value)).Append("</b></div>");
        }

        page.Append("</section>\n");
    }

    private static void Signal(StringBuilder page, SignalRecord signal, bool isFull)
    {
        page.Append("<article><h3>").Append(Text(signal.Signature)).Append(" <small>version ").Append(Text(signal.Version)).Append(", ").Append(Text(Words(signal.Detector)))
            .Append("</small> <span class=\"tag ").Append(signal.Strength).Append("\">").Append(signal.Strength).Append("</span></h3><p>").Append(Text(signal.Statement)).Append("</p>");
        var share = signal.OfRequests == 0 ? 0m : 100m * signal.Requests / signal.OfRequests;
        page.Append("<div class=\"numbers\"><div><b>").Append(Number(signal.Requests)).Append(" of ").Append(Number(signal.OfRequests)).Append("</b><span>requests met it (")
            .Append(share.ToString("0.##", CultureInfo.InvariantCulture)).Append(" %)</span></div><div><b>").Append(Number(signal.DistinctItems)).Append("</b><span>distinct items</span></div><div><b>")
            .Append(signal.BenignPercentile is { } percentile ? percentile.ToString("0.##", CultureInfo.InvariantCulture) + " %" : "not measured").Append("</b><span>")
            .Append(signal.BenignPercentile is null ? "against benign accounts" : $"of {Number(signal.BenignAccounts ?? 0)} benign accounts show less").Append("</span></div></div>");
        CasePageParts.Bar(page, share, signal.BenignPercentile);
        page.Append("<p class=\"when\">").Append(At(signal.FirstAt)).Append(" to ").Append(At(signal.LastAt)).Append(signal.Source == "report" ? ", reported by people" : ", found by a detector").Append("</p>");
        if (signal.Linked.Count > 0)
        {
            page.Append("<p class=\"linked\"><b>Linked accounts:</b> ").Append(Text(string.Join(", ", signal.Linked))).Append(signal.LinkingFact is { } fact ? $"<br><b>Linking fact:</b> {Text(fact)}" : "").Append("</p>");
        }

        page.Append("<p class=\"innocent\"><b>What would explain it innocently:</b> ").Append(Text(signal.Innocent)).Append("</p>");
        if (signal.CallIds.Count > 0)
        {
            page.Append("<p class=\"calls\">Sample calls: ").AppendJoin(' ', signal.CallIds.Select(static call => $"<code>{Text(call)}</code>")).Append("</p>");
        }
        else if (!isFull && signal.Linked.Count > 0)
        {
            page.Append("<p class=\"calls\">Calls of a cluster are not all yours and are not listed.</p>");
        }

        page.Append("</article>\n");
    }

    private static void Excerpts(StringBuilder page, CaseDetail detail)
    {
        if (detail.Excerpts.Count == 0)
        {
            return;
        }

        page.Append("<h2>Excerpts</h2>\n<p class=\"when\">Text only where the terms and the project let it be kept; a hash stands for the rest.</p>\n");
        foreach (var piece in detail.Excerpts)
        {
            page.Append("<figure><figcaption>Call <code>").Append(Text(piece.CallId)).Append("</code>, ").Append(At(piece.At)).Append("</figcaption>")
                .Append(piece.Text is { } text ? $"<pre>{Text(text)}</pre>" : "<pre class=\"none\">no text is kept</pre>").Append("<code class=\"hash\">SHA-256 ").Append(Text(piece.Hash)).Append("</code></figure>\n");
        }
    }

    private static void Questions(StringBuilder page, CaseDetail detail)
    {
        if (detail.Questions.Count == 0)
        {
            return;
        }

        page.Append("<h2>What the customer says it is for</h2>\n");
        foreach (var question in detail.Questions)
        {
            page.Append("<blockquote><b>").Append(question.Uses is { } uses ? Text(string.Join(", ", uses)) : "No answer").Append("</b><p>").Append(Text(question.Answer)).Append("</p><p class=\"when\">asked ")
                .Append(At(question.AskedAt)).Append(question.AnsweredAt is { } at ? $", answered {At(at)}" : $", due {At(question.DueAt)}").Append("</p></blockquote>\n");
        }
    }

    private static void Statement(StringBuilder page, string title, StatementRecord? item)
    {
        if (item is null)
        {
            return;
        }

        (string Name, string Value)[] rows =
        [
            ("Facts", item.Facts), ("Ground", $"{item.Terms}, {item.Clause}"), ("Scope", $"models: {All(item.Models)}; channels: {All(item.Channels)}"),
            ("Duration", item.Until is { } until ? $"until {At(until)}" : "until it is lifted"),
            ("Automated means", item.FoundByAutomation ? "A detector found it. People decide." : "None were used."), ("Redress", $"{item.Redress}{(item.RedressBy is { } by ? $" Until {At(by)}." : "")}"),
        ];
        page.Append("<h2>").Append(Text(title)).Append("</h2>\n<dl>");
        foreach (var (name, value) in rows)
        {
            page.Append("<dt>").Append(name).Append("</dt><dd>").Append(Text(value)).Append("</dd>");
        }

        page.Append("</dl>\n");
    }

    private static void Events(StringBuilder page, CaseDetail detail)
    {
        page.Append("<h2>What happened</h2>\n<table><thead><tr><th>When</th><th>What</th><th>Who</th><th></th></tr></thead><tbody>");
        foreach (var happened in detail.Events)
        {
            page.Append("<tr><td>").Append(At(happened.At)).Append("</td><td>").Append(Text(Words(happened.Kind))).Append("</td><td>").Append(Text(happened.By)).Append("</td><td>").Append(Text(happened.Text)).Append("</td></tr>\n");
        }

        page.Append("</tbody></table>\n");
    }
}
