using System.Globalization;
using System.Text;
using Dogana.Client;

namespace Dogana.Conduct.Cases;

/// <summary>What of a case's page is drawn.</summary>
internal static class CasePageParts
{
    public const string Style = """
        :root{--ink:#1c2430;--soft:#5d6878;--line:#d9dee6;--wash:#f5f7fa;--mark:#1f5fbf;--warn:#b3261e;--ok:#1e7d4f}
        *{box-sizing:border-box}body{margin:0;background:#eceff3;color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
        main{max-width:900px;margin:24px auto;background:#fff;padding:40px 48px;border:1px solid var(--line);border-radius:6px}
        .over{margin:0;color:var(--soft);font-size:12px;letter-spacing:.06em;text-transform:uppercase}h1{margin:2px 0 0;font-size:30px;line-height:1.2}.sub{margin:6px 0 0;color:var(--soft)}
        h2{margin:36px 0 10px;font-size:18px;border-bottom:2px solid var(--ink);padding-bottom:4px}h3{margin:0 0 6px;font-size:16px}small{font-weight:400;color:var(--soft)}
        code{font:12px/1.4 ui-monospace,"Liberation Mono",monospace;background:var(--wash);padding:1px 4px;border-radius:3px;overflow-wrap:anywhere}
        .state,.tag{display:inline-block;padding:0 8px;border-radius:9px;font-size:12px;font-weight:600;background:#e3ecfa;color:var(--mark)}.tag.strong,.state.appealed,.state.decided,.state.upheld{background:#fbe5e3;color:var(--warn)}
        .state.reinstated,.state.dismissed{background:#e0f3e8;color:var(--ok)}
        .cards{display:flex;flex-wrap:wrap;gap:10px;margin:22px 0 0}.cards div{flex:1 1 190px;border:1px solid var(--line);border-radius:5px;padding:8px 12px}.cards b{font-size:14px;white-space:nowrap}.cards span,.numbers span{display:block;color:var(--soft);font-size:12px}
        article,figure,blockquote{margin:14px 0;border:1px solid var(--line);border-radius:5px;padding:16px 18px;break-inside:avoid}blockquote p{margin:4px 0}
        .numbers{display:flex;gap:28px;flex-wrap:wrap;margin:10px 0}.numbers b{font-size:20px}.when,.calls{color:var(--soft);font-size:13px;margin:6px 0}.innocent{background:#eef7f1;border-left:3px solid var(--ok);padding:8px 12px;margin:10px 0 0}
        .linked{background:var(--wash);border-left:3px solid var(--mark);padding:8px 12px;margin:10px 0 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--wash);padding:10px 12px;margin:8px 0;font:13px/1.45 ui-monospace,"Liberation Mono",monospace}
        pre.none{color:var(--soft);font-style:italic}figcaption{font-size:13px;color:var(--soft)}dl{display:grid;grid-template-columns:150px 1fr;gap:8px 16px;margin:0}dt{color:var(--soft)}dd{margin:0;white-space:pre-wrap}
        table{width:100%;border-collapse:collapse;font-size:13px}th{text-align:left;color:var(--soft);font-weight:600}td,th{padding:6px 8px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}td:first-child{white-space:nowrap}
        svg{display:block;width:100%;height:auto}footer{margin-top:36px;color:var(--soft);font-size:13px}
        @media print{body{background:#fff;font-size:11px}main{margin:0;border:0;padding:0;max-width:none}h2{break-after:avoid}@page{margin:16mm}}
        """;

    private const int Width = 800;
    private const int Left = 14;

    /// <summary>How much of the traffic met it, and where that lies among benign accounts.</summary>
    public static void Bar(StringBuilder page, decimal share, double? percentile)
    {
        var width = Math.Clamp((int)(share * (Width - 120) / 100), 2, Width - 120);
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {(percentile is null ? 18 : 36)}\" role=\"img\" aria-label=\"share of requests\"><rect x=\"110\" y=\"3\" width=\"{Width - 120}\" height=\"10\" rx=\"2\" fill=\"#e8ecf2\"/>")
            .Append(CultureInfo.InvariantCulture, $"<rect x=\"110\" y=\"3\" width=\"{width}\" height=\"10\" rx=\"2\" fill=\"#b3261e\"/><text x=\"0\" y=\"13\" font-size=\"12\" fill=\"#5d6878\">of requests</text>");
        if (percentile is { } of)
        {
            var at = 110 + (int)(Math.Clamp(of, 0, 100) * (Width - 120) / 100);
            page.Append(CultureInfo.InvariantCulture, $"<rect x=\"110\" y=\"25\" width=\"{Width - 120}\" height=\"4\" rx=\"2\" fill=\"#cfd8e6\"/><circle cx=\"{at}\" cy=\"27\" r=\"6\" fill=\"#1f5fbf\"/>")
                .Append("<text x=\"0\" y=\"32\" font-size=\"12\" fill=\"#5d6878\">among benign</text>");
        }

        page.Append("</svg>");
    }

    /// <summary>Findings as bars over time, events as marks below them.</summary>
    public static void Timeline(StringBuilder page, CaseDetail detail)
    {
        DateTimeOffset[] instants =
        [
            .. detail.Signals.Select(static signal => signal.FirstAt), .. detail.Signals.Select(static signal => signal.LastAt), .. detail.Events.Select(static happened => happened.At),
        ];
        if (instants.Length == 0)
        {
            return;
        }

        var (from, to) = (instants.Min(), instants.Max());
        var span = Math.Max((to - from).Ticks, TimeSpan.TicksPerHour);
        var bottom = 20 + (detail.Signals.Count * 18);
        page.Append(CultureInfo.InvariantCulture, $"<h2>Timeline</h2>\n<svg viewBox=\"0 0 {Width} {bottom + 58}\" role=\"img\" aria-label=\"timeline\">");
        foreach (var (signal, row) in detail.Signals.Select(static (signal, row) => (signal, row)))
        {
            var (start, end, y) = (X(signal.FirstAt), X(signal.LastAt), 8 + (row * 18));
            var isInside = end - start > (signal.Signature.Length * 7) + 12; // where the label has room it stands in the bar
            var (at, anchor) = isInside ? (start + 6, "") : end > Width / 2 ? (start - 4, " text-anchor=\"end\"") : (end + 6, "");
            page.Append(CultureInfo.InvariantCulture, $"<rect x=\"{start}\" y=\"{y}\" width=\"{Math.Max(end - start, 4)}\" height=\"12\" rx=\"3\" fill=\"{(signal.Strength == "strong" ? "#b3261e" : "#d99a2b")}\" opacity=\".85\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{at}\" y=\"{y + 10}\" font-size=\"11\" fill=\"{(isInside ? "#fff" : "#1c2430")}\"{anchor}>{CasePage.Text(signal.Signature)}</text>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{bottom}\" x2=\"{Width - Left}\" y2=\"{bottom}\" stroke=\"#5d6878\"/>");

        // Labels that would touch are left out: the table below has them all.
        var free = 0;
        foreach (var happened in detail.Events)
        {
            var x = X(happened.At);
            page.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x}\" cy=\"{bottom}\" r=\"4\" fill=\"#1f5fbf\"><title>{CasePage.Text(CasePage.Words(happened.Kind))}, {CasePage.At(happened.At)}</title></circle>");
            var label = CasePage.Words(happened.Kind);
            var left = Math.Min(x - 3, Width - Left - (label.Length * 6));
            if (left >= free)
            {
                page.Append(CultureInfo.InvariantCulture, $"<text x=\"{left}\" y=\"{bottom + 18}\" font-size=\"11\" fill=\"#1c2430\">{CasePage.Text(label)}</text>");
                free = left + (label.Length * 6) + 8;
            }
        }

        page.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{bottom + 42}\" font-size=\"11\" fill=\"#5d6878\">{CasePage.At(from)}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Left}\" y=\"{bottom + 42}\" font-size=\"11\" fill=\"#5d6878\" text-anchor=\"end\">{CasePage.At(to)}</text></svg>\n");

        int X(DateTimeOffset at) => Left + (int)((at - from).Ticks * (Int128)(Width - (2 * Left)) / span);
    }
}
