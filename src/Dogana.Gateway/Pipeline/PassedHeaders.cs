using Dogana.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// What Anthropic's clients say of the version and the beta features that they speak goes on to Anthropic. Only features that are known to cost tokens and
/// nothing else: others run tools, keep files or answer at other prices.
/// </summary>
internal static class PassedHeaders
{
    private const int VersionLengthMax = 32;

    private static readonly string[] Betas =
    [
        "computer-use-", "effort-", "fine-grained-tool-streaming-", "interleaved-thinking-", "max-tokens-", "output-128k-", "pdfs-", "prompt-caching-",
        "structured-outputs-", "token-counting-", "token-efficient-tools-", "tool-examples-",
    ];

    public static IReadOnlyList<(string Name, string Value)> Of(HttpRequest request, Operation operation)
    {
        if (operation != Operation.Messages)
        {
            return [];
        }

        var passed = new List<(string, string)>(2);
        if (request.Headers["anthropic-version"].ToString() is { Length: > 0 and <= VersionLengthMax } version && version.All(IsPlain))
        {
            passed.Add(("anthropic-version", version));
        }

        var betas = request.Headers["anthropic-beta"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static beta => beta.All(IsPlain) && Betas.Any(known => beta.StartsWith(known, StringComparison.Ordinal)));
        if (string.Join(',', betas) is { Length: > 0 } known)
        {
            passed.Add(("anthropic-beta", known));
        }

        return passed;
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_';
}
