using System.Text.Json.Nodes;
using FakeUpstream.Answers;

namespace FakeUpstream.Errors;

/// <summary>An error in each dialect's form.</summary>
internal static class ErrorBody
{
    public static JsonObject Of(ErrorDialect dialect, ErrorWords error) => dialect switch
    {
        ErrorDialect.Azure => Azure(error),
        ErrorDialect.Anthropic => Anthropic(error),
        _ => new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = error.Message, ["type"] = error.Type, ["param"] = error.Param, ["code"] = error.Code },
        },
    };

    // The front's errors are short; a filtered prompt is told by the model's service, at length.
    private static JsonObject Azure(ErrorWords error)
    {
        if (error.Code == "content_filter")
        {
            var result = ContentFilter.Passed();
            result["hate"] = new JsonObject { ["filtered"] = true, ["severity"] = "high" };
            return new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = error.Message,
                    ["type"] = null,
                    ["param"] = "prompt",
                    ["code"] = "content_filter",
                    ["status"] = error.Status,
                    ["innererror"] = new JsonObject { ["code"] = "ResponsibleAIPolicyViolation", ["content_filter_result"] = result },
                },
            };
        }

        var code = error.Code switch
        {
            "model_not_found" => "DeploymentNotFound",
            "rate_limit_exceeded" => "RateLimitReached",
            "invalid_api_key" or "unknown_url" or "unsupported_country_region_territory" or null => $"{error.Status}",
            var other => other,
        };
        return new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = error.Message } };
    }

    private static JsonObject Anthropic(ErrorWords error) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = TypeFor(error), ["message"] = error.Message },
        ["request_id"] = "req_" + Template.Number,
    };

    private static string TypeFor(ErrorWords error) => error switch
    {
        { Code: "upstream_error" } => "overloaded_error",
        { Code: { } code } when code.EndsWith("_error", StringComparison.Ordinal) => code, // the script names it
        { Code: "insufficient_quota" } => "billing_error",
        { Status: 400 or 409 or 422 } => "invalid_request_error",
        { Status: 401 } => "authentication_error",
        { Status: 402 } => "billing_error",
        { Status: 403 } => "permission_error",
        { Status: 404 } => "not_found_error",
        { Status: 413 } => "request_too_large",
        { Status: 429 } => "rate_limit_error",
        { Status: 408 or 504 } => "timeout_error",
        { Status: 503 or 529 } => "overloaded_error",
        _ => "api_error",
    };
}
