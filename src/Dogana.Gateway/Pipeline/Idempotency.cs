using System.Data.Common;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Protection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// Repeats of a call by its <c>Idempotency-Key</c>: the first one is served; a later one gets the kept answer, or is refused with the first one's id. Calls
/// without the header pay for one look at the headers.
/// </summary>
internal sealed partial class Idempotency(IdempotencyClaims claims, KeyRing ring, ILogger<Idempotency> log)
{
    public const string Header = "Idempotency-Key";

    private const string Purpose = "idempotent-answer";

    /// <summary>Takes the key for this call, or finds the earlier call that has it (<see cref="IdempotentCall.Earlier"/>); null when the call has no key.</summary>
    public async ValueTask<Outcome<IdempotentCall?>> TakeAsync(HttpContext http, Project project, bool keepsAnswers, string? endCustomer, ReadOnlyMemory<byte> body, string callId)
    {
        var values = http.Request.Headers[Header];
        if (values.Count == 0)
        {
            return (IdempotentCall?)null;
        }

        var key = values.ToString();
        if (values.Count > 1 || key.Length is 0 or > IdempotencyClaims.KeyLengthMax || key.Any(static character => character is < ' ' or > '~'))
        {
            return new Problem(ProblemCode.InvalidRequest, $"{Header} is one header of 1 to {IdempotencyClaims.KeyLengthMax} printable ASCII characters.", Header);
        }

        var claim = IdempotencyClaim.Of(project.Id, key, endCustomer is null ? http.Request.Path : $"{http.Request.Path}#{endCustomer}", body.Span, callId);
        try
        {
            return new IdempotentCall(this, claim, await claims.TakeAsync(claim), keepsAnswers);
        }
        catch (Exception away) when (away is DbException or TimeoutException)
        {
            LogStoreAway(away, callId);
            return new Problem(ProblemCode.StaleSnapshot, $"The store does not answer, so a call with {Header} cannot be taken. Try again shortly.");
        }
    }

    /// <summary>Answers a repeat with what was kept of the earlier call; a problem where there is nothing to be given.</summary>
    public async Task<Problem?> AnswerAgainAsync(HttpContext http, Project project, bool keepsAnswers, EarlierCall earlier)
    {
        http.Response.Headers["x-dogana-original-request-id"] = earlier.Id;
        if (!earlier.IsSameRequest)
        {
            return new Problem(
                ProblemCode.InvalidRequest, $"This {Header} was used for another request, {earlier.Id}: another path, model or body. Use a key of its own for each request.", Header);
        }

        if (earlier.IsRunning)
        {
            return new Problem(ProblemCode.IdempotencyConflict, $"The first request with this {Header}, {earlier.Id}, is still running.", Header) { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        if (!keepsAnswers || earlier.Answer is not { } kept)
        {
            return new Problem(
                ProblemCode.IdempotencyConflict,
                $"The request {earlier.Id} with this {Header} was served. It is not served and charged again, and its answer is not kept"
                + (keepsAnswers ? ", being cut short or too large." : ": none are stored here."),
                Header);
        }

        if (!ring.Unprotect(kept.Encrypted, Purpose, project.Id, earlier.Id).TryGet(out var body, out var problem))
        {
            LogUnreadable(earlier.Id, problem.Message);
            return new Problem(ProblemCode.IdempotencyConflict, $"The request {earlier.Id} with this {Header} was served. Its answer was kept and cannot be read.", Header);
        }

        var response = http.Response;
        response.Headers["x-dogana-idempotent-replay"] = "true";
        response.StatusCode = kept.Status;
        response.ContentType = kept.ContentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, http.RequestAborted);
        return null;
    }

    /// <summary>Completes or releases a claim. What cannot be written now is settled later, by the usage record.</summary>
    public async Task SettleAsync(IdempotencyClaim claim, bool isCharged, string? contentType, byte[]? answer)
    {
        try
        {
            if (isCharged)
            {
                await claims.CompleteAsync(claim, answer is null ? null : Encrypt(claim, contentType!, answer));
            }
            else
            {
                await claims.ReleaseAsync(claim);
            }
        }
#pragma warning disable CA1031 // the call itself is settled: whatever keeps its key from being, its answer goes out
        catch (Exception away)
#pragma warning restore CA1031
        {
            LogStoreAway(away, claim.Call);
        }

        claims.LetGo(claim);
    }

    private KeptAnswer? Encrypt(IdempotencyClaim claim, string contentType, byte[] answer)
    {
        if (ring.Protect(answer, Purpose, claim.Project, claim.Call).TryGet(out var encrypted, out var problem))
        {
            return new KeptAnswer(StatusCodes.Status200OK, contentType, encrypted);
        }

        LogUnreadable(claim.Call, problem.Message);
        return null;
    }

    [LoggerMessage(2201, LogLevel.Warning, "The Idempotency-Key of the call {CallId} could not be written to the store; it is settled when the store is back.")]
    private partial void LogStoreAway(Exception fault, string callId);

    [LoggerMessage(2202, LogLevel.Error, "The answer of the call {CallId} could not be kept, or read again: {Why}")]
    private partial void LogUnreadable(string callId, string why);
}
