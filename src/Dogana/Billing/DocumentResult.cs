using System.Text;
using Microsoft.AspNetCore.Http;

namespace Dogana.Billing;

/// <summary>A final document as a response: the stored bytes, with their hash as the entity tag, or a page for people.</summary>
public static class DocumentResult
{
    /// <summary>HTML when the query says <c>format=html</c>, or when it says nothing and the client prefers <c>text/html</c>; JSON otherwise.</summary>
    public static IResult Of(HttpRequest request, string? format, string json, string hash, Func<string> html)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(html);
        var isHtml = format is null ? request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) : format == "html";
        if (format is not (null or "html" or "json"))
        {
            return new Problem(ProblemCode.InvalidRequest, "The format is json or html.", "format").ToHttp();
        }

        // A document opened in a browser runs nothing and loads nothing, whatever a company is called.
        var headers = request.HttpContext.Response.Headers;
        headers.ETag = $"\"{(isHtml ? "html-" : "")}{hash}\"";
        headers.Vary = "Accept";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        headers.XContentTypeOptions = "nosniff";
        return isHtml ? Results.Text(html(), "text/html", Encoding.UTF8) : Results.Text(json, "application/json", Encoding.UTF8);
    }
}
