using System.Collections.Frozen;

namespace Dogana;

/// <summary>Who pays for a call that ends with a problem.</summary>
public enum Payer
{
    /// <summary>Nobody: nothing was consumed, or the fault is ours or the upstream's.</summary>
    Nobody = 0,

    /// <summary>The customer, for what was delivered.</summary>
    Customer = 1,
}

/// <summary>What a problem means on the wire and for the bill.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="OpenAiType"><c>error.type</c> in OpenAI's envelope.</param>
/// <param name="OpenAiCode"><c>error.code</c> in OpenAI's envelope.</param>
/// <param name="AzureCode"><c>error.code</c> in Azure's short envelope.</param>
/// <param name="Retryable">May the same request succeed later, unchanged?</param>
/// <param name="Payer">Who pays.</param>
public sealed record ProblemMeaning(int Status, string OpenAiType, string? OpenAiCode, string AzureCode, bool Retryable, Payer Payer)
{
    /// <summary><c>error.type</c> in Anthropic's envelope, which follows from the status (Anthropic's API reference, "Errors").</summary>
    public string AnthropicType => Status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}

/// <summary>The one table: code → status, wire error of each dialect, retryable, who pays. Sources: docs/architecture.md, "Errors".</summary>
public static class ProblemTable
{
    private const string Invalid = "invalid_request_error";
    private const string Server = "server_error";

    private static readonly FrozenDictionary<ProblemCode, ProblemMeaning> Meanings = new Dictionary<ProblemCode, ProblemMeaning>
    {
        [ProblemCode.InvalidJson] = new(400, Invalid, null, "BadRequest", false, Payer.Nobody),
        [ProblemCode.InvalidRequest] = new(400, Invalid, null, "BadRequest", false, Payer.Nobody),
        [ProblemCode.BodyTooLarge] = new(413, Invalid, "request_too_large", "RequestEntityTooLarge", false, Payer.Nobody),
        [ProblemCode.ContextLengthExceeded] = new(400, Invalid, "context_length_exceeded", "context_length_exceeded", false, Payer.Nobody),
        [ProblemCode.MissingKey] = new(401, Invalid, null, "401", false, Payer.Nobody),
        [ProblemCode.InvalidKey] = new(401, Invalid, "invalid_api_key", "401", false, Payer.Nobody),
        [ProblemCode.KeyRevoked] = new(401, Invalid, "invalid_api_key", "401", false, Payer.Nobody),
        [ProblemCode.Forbidden] = new(403, Invalid, "insufficient_permissions", "PermissionDenied", false, Payer.Nobody),
        [ProblemCode.Suspended] = new(403, Invalid, "account_suspended", "Forbidden", false, Payer.Nobody),
        [ProblemCode.MarketNotSupported] = new(403, Invalid, "unsupported_country_region_territory", "Forbidden", false, Payer.Nobody),
        [ProblemCode.ModelNotFound] = new(404, Invalid, "model_not_found", "DeploymentNotFound", false, Payer.Nobody),
        [ProblemCode.OperationNotSupported] = new(400, Invalid, "operation_not_supported", "OperationNotSupported", false, Payer.Nobody),
        [ProblemCode.PriceUnknown] = new(403, Invalid, "price_unknown", "Forbidden", false, Payer.Nobody),
        [ProblemCode.NotFound] = new(404, Invalid, "not_found", "NotFound", false, Payer.Nobody),
        [ProblemCode.Conflict] = new(409, Invalid, "conflict", "Conflict", false, Payer.Nobody),
        [ProblemCode.UnknownPath] = new(404, Invalid, "unknown_url", "404", false, Payer.Nobody),
        [ProblemCode.Busy] = new(503, "service_unavailable_error", "server_is_overloaded", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.UpstreamRejected] = new(400, Invalid, "upstream_rejected", "BadRequest", false, Payer.Nobody),
        [ProblemCode.UpstreamFailed] = new(502, Server, "upstream_failed", "BadGateway", true, Payer.Nobody),
        [ProblemCode.UpstreamTimeout] = new(504, Server, "upstream_timeout", "GatewayTimeout", true, Payer.Nobody),
        [ProblemCode.JournalUnavailable] = new(503, "service_unavailable_error", "journal_unavailable", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.StaleSnapshot] = new(503, "service_unavailable_error", "stale_snapshot", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.ShuttingDown] = new(503, "service_unavailable_error", "shutting_down", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.UpstreamKeyRefused] = new(502, Server, "upstream_failed", "BadGateway", true, Payer.Nobody),
        [ProblemCode.UpstreamMisconfigured] = new(502, Server, "upstream_failed", "BadGateway", false, Payer.Nobody),
        [ProblemCode.RateLimited] = new(429, "requests", "rate_limit_exceeded", "RateLimitReached", true, Payer.Nobody),
        [ProblemCode.IdempotencyConflict] = new(409, Invalid, "idempotency_conflict", "Conflict", false, Payer.Nobody),
        [ProblemCode.Terminated] = new(403, Invalid, "account_terminated", "Forbidden", false, Payer.Nobody),
        [ProblemCode.MeasureLimited] = new(429, "requests", "rate_limit_exceeded", "RateLimitReached", true, Payer.Nobody),
        [ProblemCode.EndCustomerRequired] = new(403, Invalid, "end_customer_required", "Forbidden", false, Payer.Nobody),
        [ProblemCode.StandingUnknown] = new(403, Invalid, "standing_unknown", "Forbidden", false, Payer.Nobody),
        [ProblemCode.FamilyBusy] = new(429, "requests", "rate_limit_exceeded", "RateLimitReached", true, Payer.Nobody),
        [ProblemCode.CapacityExceeded] = new(429, "tokens", "rate_limit_exceeded", "RateLimitReached", true, Payer.Nobody),
        [ProblemCode.TermsNotAccepted] = new(403, Invalid, "terms_not_accepted", "Forbidden", false, Payer.Nobody),
        [ProblemCode.UseNotPermitted] = new(403, Invalid, "use_not_permitted", "Forbidden", false, Payer.Nobody),
        [ProblemCode.KeyScopeRefused] = new(403, Invalid, "key_scope_refused", "PermissionDenied", false, Payer.Nobody),
        [ProblemCode.TokenInvalid] = new(401, Invalid, "invalid_token", "401", false, Payer.Nobody),
        [ProblemCode.TokenUnmapped] = new(403, Invalid, "token_not_mapped", "PermissionDenied", false, Payer.Nobody),
        [ProblemCode.TokenKeysUnavailable] = new(503, "service_unavailable_error", "token_keys_unavailable", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.ModelRetired] = new(404, Invalid, "model_not_found", "DeploymentNotFound", false, Payer.Nobody), // as OpenAI answers for a model that it shut down
        [ProblemCode.QueueFull] = new(429, "requests", "rate_limit_exceeded", "RateLimitReached", true, Payer.Nobody),
        [ProblemCode.QueueTimeout] = new(503, "service_unavailable_error", "server_is_overloaded", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.SignInFailed] = new(401, Invalid, "sign_in_failed", "401", false, Payer.Nobody),
        [ProblemCode.CodeRequired] = new(401, Invalid, "code_required", "401", false, Payer.Nobody),
        [ProblemCode.TooManyAttempts] = new(429, "requests", "too_many_attempts", "RateLimitReached", true, Payer.Nobody),
        [ProblemCode.SecondFactorRequired] = new(403, Invalid, "second_factor_required", "Forbidden", false, Payer.Nobody),
        [ProblemCode.IdentityProviderFailed] = new(502, Server, "identity_provider_failed", "BadGateway", true, Payer.Nobody),
        [ProblemCode.OrganisationSpendLimit] = new(429, "insufficient_quota", "organization_spend_limit_exceeded", "insufficient_quota", false, Payer.Nobody),
        [ProblemCode.ProjectSpendLimit] = new(429, "insufficient_quota", "project_spend_limit_exceeded", "insufficient_quota", false, Payer.Nobody),
        [ProblemCode.KeySpendLimit] = new(429, "insufficient_quota", "key_spend_limit_exceeded", "insufficient_quota", false, Payer.Nobody),
        [ProblemCode.BudgetCurrency] = new(403, Invalid, "budget_currency", "Forbidden", false, Payer.Nobody),
        [ProblemCode.LimitsUnknown] = new(503, "service_unavailable_error", "limits_unknown", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.ExchangeRateUnknown] = new(409, Invalid, "exchange_rate_unknown", "Conflict", false, Payer.Nobody),
        [ProblemCode.DocumentNotRenderable] = new(409, Invalid, "document_not_renderable", "Conflict", false, Payer.Nobody),
        [ProblemCode.AmountExceedsRest] = new(409, Invalid, "amount_exceeds_rest", "Conflict", false, Payer.Nobody),
        [ProblemCode.UsageConflict] = new(409, Invalid, "usage_conflict", "Conflict", false, Payer.Nobody),
        [ProblemCode.MeterUnknown] = new(404, Invalid, "meter_unknown", "NotFound", false, Payer.Nobody),
        [ProblemCode.UsageFromFuture] = new(400, Invalid, "usage_from_future", "BadRequest", false, Payer.Nobody),
        [ProblemCode.AuditDamaged] = new(409, Invalid, "audit_damaged", "Conflict", false, Payer.Nobody),
        [ProblemCode.CaseStateRefused] = new(409, Invalid, "case_state", "Conflict", false, Payer.Nobody),
        [ProblemCode.AnotherPersonNeeded] = new(409, Invalid, "another_person_needed", "Conflict", false, Payer.Nobody),
        [ProblemCode.EvidenceClosed] = new(409, Invalid, "evidence_closed", "Conflict", false, Payer.Nobody),
        [ProblemCode.NothingInvoiced] = new(404, Invalid, "nothing_invoiced", "NotFound", false, Payer.Nobody),
        [ProblemCode.SeriesTooShort] = new(409, Invalid, "series_too_short", "Conflict", false, Payer.Nobody),
        [ProblemCode.MeasureUnknown] = new(400, Invalid, "measure_unknown", "BadRequest", false, Payer.Nobody),
        [ProblemCode.BackupDamaged] = new(409, Invalid, "backup_damaged", "Conflict", false, Payer.Nobody),
        [ProblemCode.ResponseNotFound] = new(404, Invalid, null, "NotFound", false, Payer.Nobody),
        [ProblemCode.PreviousResponseNotFound] = new(400, Invalid, "previous_response_not_found", "BadRequest", false, Payer.Nobody),
        [ProblemCode.ContentFiltered] = new(400, Invalid, "content_filter", "content_filter", false, Payer.Nobody),
        [ProblemCode.FilterUnavailable] = new(503, "service_unavailable_error", "content_filter_error", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.StorageNotEnabled] = new(403, Invalid, "storage_not_enabled", "Forbidden", false, Payer.Nobody),
        [ProblemCode.ProjectStorageFull] = new(403, "insufficient_quota", "storage_limit_exceeded", "Forbidden", false, Payer.Nobody),
        [ProblemCode.FileInUse] = new(409, Invalid, "file_in_use", "Conflict", false, Payer.Nobody),
        [ProblemCode.AnswerNotKept] = new(503, "service_unavailable_error", "answer_not_kept", "ServiceUnavailable", true, Payer.Nobody),
        [ProblemCode.Internal] = new(500, Server, "internal_error", "InternalServerError", true, Payer.Nobody),
    }.ToFrozenDictionary();

    /// <summary>What a code means. Every code has a row: a test holds it.</summary>
    public static ProblemMeaning Of(ProblemCode code) => Meanings[code];
}
