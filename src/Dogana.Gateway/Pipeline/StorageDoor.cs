using Dogana.Gateway.Dialects;
using Dogana.Parties;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>Lets requests about what is kept here in: by a key, for its project alone.</summary>
internal sealed class StorageDoor(Identification identification, TimeProvider time)
{
    /// <summary>Names the request and says who sends it; null where it is answered already, being refused.</summary>
    /// <param name="http">The request.</param>
    /// <param name="dialect">Its dialect.</param>
    /// <param name="keeps">Does it want something kept? Then its project must have asked for that.</param>
    public async Task<Identified?> EnterAsync(HttpContext http, Dialect dialect, bool keeps)
    {
        dialect.NameCall(http, Guid.CreateVersion7(time.GetUtcNow()).ToString());
        var outcome = await identification.IdentifyAsync(http, dialect);
        if ((outcome.TryGet(out var identified, out var problem) && keeps ? FindRefusal(identified.Caller.Project) : problem) is not { } refusal)
        {
            return identified;
        }

        await dialect.WriteErrorAsync(http.Response, refusal);
        return null;
    }

    /// <summary>Why nothing of a project's is kept; null where it is.</summary>
    public static Problem? FindRefusal(Project project) => project.StoresAnswers ? null : new Problem(
        ProblemCode.StorageNotEnabled, $"The project '{project.Id}' keeps no text here, which files and batches need. Whoever runs this server can set store_answers: true on it.");
}
