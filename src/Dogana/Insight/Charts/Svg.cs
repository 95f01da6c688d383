using System.Globalization;
using System.Net;
using System.Text;

namespace Dogana.Insight.Charts;

/// <summary>Where a text stands by its place.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>
/// Writes the marks of one picture. Lengths are pixels; colours and strokes are classes of the page's style, so that a picture has nothing to load. Every text is encoded, whoever wrote it.
/// </summary>
internal sealed class Svg
{
    private static readonly string[] Anchors = ["", " text-anchor=\"middle\"", " text-anchor=\"end\""];
    private readonly StringBuilder _marks = new();

    /// <summary>A length or a place, to a tenth of a pixel.</summary>
    public static string Number(double value)
    {
        var text = value.ToString("0.#", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    public void Line(double x1, double y1, double x2, double y2, string css) =>
        Add($"<line class=\"{css}\" x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\"/>");

    /// <summary>A rectangle; a hint is shown where a pointer rests on it.</summary>
    public void Rect(double x, double y, double width, double height, string css, string? hint = null) =>
        Add($"<rect class=\"{css}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(0, width))}\" height=\"{Number(Math.Max(0, height))}\"{Closed("rect", hint)}");

    public void Text(double x, double y, string text, string css = "", Anchor anchor = Anchor.Start) =>
        Add($"<text{(css.Length == 0 ? "" : $" class=\"{css}\"")} x=\"{Number(x)}\" y=\"{Number(y)}\"{Anchors[(int)anchor]}>{WebUtility.HtmlEncode(text)}</text>");

    /// <summary>A line through points.</summary>
    public void Path(IReadOnlyList<(double X, double Y)> points, string css, bool isClosed = false) =>
        Add($"<path class=\"{css}\" d=\"M{string.Join('L', points.Select(static point => $"{Number(point.X)} {Number(point.Y)}"))}{(isClosed ? "Z" : "")}\"/>");

    /// <summary>A point; every series has a shape of its own, so that colours alone tell nothing.</summary>
    public void Point(double x, double y, int series, string? hint = null)
    {
        const double size = 4.5;
        var css = $"f{Number(series)} point";
        switch (series % 4)
        {
            case 0:
                Add($"<circle class=\"{css}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(size)}\"{Closed("circle", hint)}");
                break;
            case 1:
                Add($"<rect class=\"{css}\" x=\"{Number(x - 4)}\" y=\"{Number(y - 4)}\" width=\"8\" height=\"8\"{Closed("rect", hint)}");
                break;
            case 2:
                Add($"<path class=\"{css}\" d=\"M{Number(x)} {Number(y - size - 1)}L{Number(x + size + 1)} {Number(y)}L{Number(x)} {Number(y + size + 1)}L{Number(x - size - 1)} {Number(y)}Z\"{Closed("path", hint)}");
                break;
            default:
                Add($"<path class=\"{css}\" d=\"M{Number(x)} {Number(y - size - 1)}L{Number(x + size + 1)} {Number(y + size)}L{Number(x - size - 1)} {Number(y + size)}Z\"{Closed("path", hint)}");
                break;
        }
    }

    /// <summary>The picture, with what it is called and what it says for whoever does not see it.</summary>
    public string End(double width, double height, string id, string title, string description) =>
        $"<svg viewBox=\"0 0 {Number(width)} {Number(height)}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{WebUtility.HtmlEncode(title)}</title>"
        + $"<desc id=\"{id}-d\">{WebUtility.HtmlEncode(description)}</desc>\n{_marks}</svg>";

    private static string Closed(string element, string? hint) => hint is null ? "/>" : $"><title>{WebUtility.HtmlEncode(hint)}</title></{element}>";

    private void Add(string mark) => _marks.Append(mark).Append('\n');
}
