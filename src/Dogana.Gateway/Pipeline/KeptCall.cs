using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Parties;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// A call without a client: whoever made it left it here to be made later, and its answer is kept before it is charged. A feature of its request, which <see cref="CallPipeline"/> asks at four places.
/// </summary>
/// <param name="origin">Who made it, and from where: with the key's id in the place of its text.</param>
/// <param name="keep">Puts the answer of a call with this id into the store; false where it is not kept.</param>
internal sealed class KeptCall(CallOrigin origin, Func<string, ReadOnlyMemory<byte>, Task<bool>> keep)
{
    /// <summary>Who made it, and from where.</summary>
    public CallOrigin Origin => origin;

    /// <summary>The call that brought the answer which is kept; null where none is.</summary>
    public string? KeptBy { get; private set; }

    /// <summary>The one that is to be made, or null for a client's own.</summary>
    public static KeptCall? Of(HttpContext http) => http.Features.Get<KeptCall>();

    /// <summary>It is served in the tier batch, behind those that somebody waits for, whatever it says; and as a whole.</summary>
    public static Outcome<CallRequest> Admit(CallRequest request) => request.Stream
        ? new Problem(ProblemCode.InvalidRequest, "Nobody reads a stream of a batch's line. Leave 'stream' out.", "stream")
        : request with { Tier = ServiceTier.Batch };

    /// <summary>Why its answer may not be kept; null where it may.</summary>
    public static Problem? FindRefusal(Project project, AdmissionDecision decision) => StorageDoor.FindRefusal(project)
        ?? (decision.MayLog ? null : new Problem(ProblemCode.StorageNotEnabled, "The terms of this model do not let answers be kept, which a batch needs. Call it directly."));

    /// <summary>Keeps an answer, before its call is closed as charged; a problem where that cannot be: then it must not be charged.</summary>
    public async Task<Problem?> KeepAsync(string callId, ReadOnlyMemory<byte> answer)
    {
        if (await keep(callId, answer))
        {
            KeptBy = callId;
            return null;
        }

        return new Problem(ProblemCode.AnswerNotKept, "The answer could not be kept, or another node makes this call by now. It is not charged.");
    }
}
