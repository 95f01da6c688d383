using System.Text;
using Microsoft.AspNetCore.Http;

namespace Dogana.Billing.Papers;

/// <summary>A final document of billing as a response, in one of its forms.</summary>
internal static class PaperResult
{
    /// <summary>JSON and HTML as <see cref="DocumentResult"/> has them; <c>pdf</c> and <c>ubl</c> are made of the stored document.</summary>
    public static IResult Of(HttpRequest request, string? format, Invoice invoice)
    {
        if (format is not ("pdf" or "ubl"))
        {
            return format is null or "json" or "html"
                ? DocumentResult.Of(request, format, invoice.Json, invoice.Hash, () => Invoices.ToHtml(invoice))
                : new Problem(ProblemCode.InvalidRequest, "The format is json, html, pdf or ubl.", "format").ToHttp();
        }

        var isPdf = format == "pdf";
        Problem? problem;
        if (!(isPdf ? Invoices.ToPdf(invoice) : Ubl(invoice)).TryGet(out var bytes, out problem))
        {
            return problem.ToHttp();
        }

        var headers = request.HttpContext.Response.Headers;
        headers.ETag = $"\"{format}-{invoice.Hash}\"";
        headers.Vary = "Accept";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentDisposition = $"inline; filename=\"{invoice.Number}.{(isPdf ? "pdf" : "xml")}\"";
        return Results.Bytes(bytes, isPdf ? "application/pdf" : "application/xml");
    }

    private static Outcome<byte[]> Ubl(Invoice invoice) =>
        Invoices.ToUbl(invoice).TryGet(out var xml, out var problem) ? Encoding.UTF8.GetBytes(xml) : problem;
}
