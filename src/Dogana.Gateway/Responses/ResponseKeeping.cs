using System.Data.Common;
using System.Text.Json;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Dogana.Protection;
using Dogana.Responses;
using Dogana.Storage;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Responses;

/// <summary>
/// Responses that projects with <c>store_answers</c> keep, and conversations that go on from one by its <c>previous_response_id</c>. Each is kept with all that the model was given, so that it stands
/// for itself; upstreams are told to keep nothing.
/// </summary>
internal sealed partial class ResponseKeeping(Store store, KeyRing ring, GatewayOptions options, TimeProvider time, ILogger<ResponseKeeping> log)
{
    private const string InputPurpose = "response-input";
    private const string ResponsePurpose = "response";

    /// <summary>What keeps a call's response; null where it is not to be kept.</summary>
    /// <param name="request">The call.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="mayLog">Do the usage terms let it be kept?</param>
    /// <param name="callId">The call's id.</param>
    public KeptResponse? Begin(CallRequest request, Caller caller, bool mayLog, string callId) =>
        request.Operation == Operation.Responses && request.Stores && Keeps(caller, mayLog) ? new KeptResponse(this, caller.Project.Id, caller.EndCustomer ?? "", request, callId) : null;

    /// <summary>The call with the conversation before it in its input, where it names one.</summary>
    public async ValueTask<Outcome<CallRequest>> ContinueAsync(CallRequest request, Caller caller, bool mayLog)
    {
        if (request.PreviousResponse is not { } previous)
        {
            return request;
        }

        if (!Keeps(caller, mayLog))
        {
            return new Problem(
                ProblemCode.OperationNotSupported,
                caller.Project.StoresAnswers
                    ? "The usage terms of this model do not let responses be kept, so 'previous_response_id' names nothing. Send the whole conversation in 'input'."
                    : $"The project '{caller.Project.Id}' keeps no responses, so 'previous_response_id' names nothing. Send the whole conversation in 'input', or have 'store_answers' set for the project.",
                "previous_response_id");
        }

        if (!(await FindAsync(caller, previous)).TryGet(out var found, out var problem))
        {
            return problem.Code == ProblemCode.ResponseNotFound
                ? new Problem(ProblemCode.PreviousResponseNotFound, $"Previous response with id '{Shown(previous)}' not found.", "previous_response_id")
                : problem;
        }

        using var input = JsonDocument.Parse(found.Input, Deep);
        using var response = JsonDocument.Parse(found.Response, Deep);
        using var added = request.Parse("input");
        var whole = JsonAnswer.Bytes(writer =>
        {
            writer.WriteStartArray();
            ResponseItems.WriteInput(writer, input.RootElement);
            ResponseItems.WriteOutput(writer, response.RootElement);
            ResponseItems.WriteInput(writer, added!.RootElement); // a request without it was refused
            writer.WriteEndArray();
        });
        var body = BodySplice.Apply(request.Body, request.Fields, [("input", whole), ("previous_response_id", default)]);
        if (body.Length > options.BodyBytesMax)
        {
            return new Problem(ProblemCode.InvalidRequest, $"With the conversation before it the request has {body.Length} bytes, more than the {options.BodyBytesMax} that are taken. Begin a new one.", "previous_response_id");
        }

        return BodyFields.Read(body.Span).TryGet(out var fields, out problem) ? request with { Body = body, Fields = fields, BodyAsCame = request.Body } : problem;
    }

    /// <summary>A response that is kept, in plain.</summary>
    public async Task<Outcome<(byte[] Input, byte[] Response)>> FindAsync(Caller caller, string id)
    {
        try
        {
            if (id.Length > 128 || await store.ReadAsync(session => StoredResponses.FindAsync(session, caller.Project.Id, id, caller.EndCustomer ?? "")) is not { } found)
            {
                return NotFound(id);
            }

            return ring.Unprotect(found.Input, InputPurpose, found.Project, id).TryGet(out var input, out var problem) && ring.Unprotect(found.Response, ResponsePurpose, found.Project, id).TryGet(out var response, out problem)
                ? (input, response)
                : problem;
        }
        catch (Exception away) when (away is DbException or TimeoutException)
        {
            LogStoreAway(away, id);
            return new Problem(ProblemCode.StaleSnapshot, "The store does not answer, so a response that is kept cannot be read. Try again shortly.");
        }
    }

    /// <summary>Deletes a response that is kept.</summary>
    public async Task<Outcome<string>> DeleteAsync(Caller caller, string id)
    {
        try
        {
            return await store.WriteAsync(session => StoredResponses.DeleteAsync(session, caller.Project.Id, id, caller.EndCustomer ?? "")) ? id : NotFound(id);
        }
        catch (Exception away) when (away is DbException or TimeoutException)
        {
            LogStoreAway(away, id);
            return new Problem(ProblemCode.StaleSnapshot, "The store does not answer, so the response was not deleted. Try again shortly.");
        }
    }

    /// <summary>Keeps a response. Where that fails the call is answered all the same, and says in the log that it is not kept.</summary>
    public async Task KeepAsync(KeptResponse kept, ReadOnlyMemory<byte> response)
    {
        try
        {
            if (!ring.Protect(kept.Input.ToArray(), InputPurpose, kept.Project, kept.Id).TryGet(out var input, out var problem) || !ring.Protect(response.ToArray(), ResponsePurpose, kept.Project, kept.Id).TryGet(out var whole, out problem))
            {
                LogNotKept(kept.Id, problem.Message);
                return;
            }

            await store.WriteAsync(session => StoredResponses.InsertAsync(session, new StoredResponse(kept.Project, kept.Id, kept.EndCustomer, time.GetUtcNow(), input, whole)));
        }
#pragma warning disable CA1031 // the call itself is settled: whatever keeps its response from being kept, its answer goes out
        catch (Exception away)
#pragma warning restore CA1031
        {
            LogStoreAway(away, kept.Id);
        }
    }

    private static JsonDocumentOptions Deep => new() { MaxDepth = BodyFields.TranslatedDepthMax };

    private static bool Keeps(Caller caller, bool mayLog) => caller.Project.StoresAnswers && mayLog;

    private static Problem NotFound(string id) => new(ProblemCode.ResponseNotFound, $"Response with id '{Shown(id)}' not found.", "response_id");

    private static string Shown(string id) => id.Length <= 64 ? id : string.Concat(id.AsSpan(0, 64), "…");

    [LoggerMessage(3870, LogLevel.Warning, "The store did not answer; the response {ResponseId} could not be kept, read or deleted.")]
    private partial void LogStoreAway(Exception fault, string responseId);

    [LoggerMessage(3871, LogLevel.Error, "The response {ResponseId} is not kept: {Why}")]
    private partial void LogNotKept(string responseId, string why);
}
