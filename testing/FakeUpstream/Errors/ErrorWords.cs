namespace FakeUpstream.Errors;

/// <summary>What an error says, before it has a dialect's form.</summary>
internal sealed record ErrorWords(int Status, string Message, string Type, string? Param, string? Code)
{
    public static ErrorWords MissingParameter(string name) =>
        new(400, $"Missing required parameter: '{name}'.", "invalid_request_error", name, "missing_required_parameter");

    /// <summary>As Anthropic says it.</summary>
    public static ErrorWords Required(string name) => new(400, $"{name}: field required", "invalid_request_error", null, null);

    public static ErrorWords Invalid(string message) => new(400, message, "invalid_request_error", null, null);

    public static ErrorWords WrongKey() => Usual(401);

    public static ErrorWords NoSuchModel(string model) => new(404, $"The model '{model}' does not exist", "invalid_request_error", "model", "model_not_found");

    /// <summary>In the middle of a stream, or in a body with status 200.</summary>
    public static ErrorWords Inside(string? code) => new(500, "The model failed.", "server_error", null, code ?? "upstream_error");

    /// <summary>The error of a script.</summary>
    public static ErrorWords Of(FakeScript script) => script.ErrorCode switch
    {
        null => Usual(script.Status),
        "insufficient_quota" => new(script.Status, "You exceeded your current quota.", "insufficient_quota", null, "insufficient_quota"),
        "context_length_exceeded" => new(script.Status, "The messages are longer than the model's context.", "invalid_request_error", "messages", "context_length_exceeded"),
        "content_filter" => new(script.Status, "The prompt was filtered.", "invalid_request_error", "prompt", "content_filter"),
        var code => Usual(script.Status) with { Code = code },
    };

    private static ErrorWords Usual(int status) => status switch
    {
        400 => new(status, "The request is wrong.", "invalid_request_error", "messages", null),
        401 => new(status, "Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key"),
        403 => new(status, "This is not allowed here.", "invalid_request_error", null, "unsupported_country_region_territory"),
        404 => new(status, "There is nothing here.", "invalid_request_error", null, "unknown_url"),
        408 => new(status, "The request took too long.", "timeout", null, null),
        409 => new(status, "The request conflicts with another.", "conflict_error", null, null),
        413 => new(status, "The request is too large.", "invalid_request_error", null, null),
        429 => new(status, "Rate limit reached.", "requests", null, "rate_limit_exceeded"),
        503 or 529 => new(status, "The server is overloaded.", "service_unavailable_error", null, "server_is_overloaded"),
        _ => new(status, "The server had an error.", "server_error", null, null),
    };
}
