using System.Text.Json;
using System.Text.Json.Nodes;
using FakeUpstream.Errors;

namespace FakeUpstream.Answers;

/// <summary>One way to ask a model that speaks, with its way to answer.</summary>
internal abstract class Operation
{
    /// <summary>Whose errors it has.</summary>
    public virtual ErrorDialect Errors => ErrorDialect.OpenAi;

    /// <summary>The <c>event</c> field of a piece of text; null: there is none.</summary>
    public virtual string? PieceName => null;

    /// <summary>Fields of a request that its answer repeats.</summary>
    public virtual IReadOnlyList<string> Echoed => [];

    /// <summary>What the request lacks; null: nothing.</summary>
    public abstract ErrorWords? Missing(JsonElement request, IHeaderDictionary headers);

    /// <summary>The answer in one body.</summary>
    public abstract JsonObject Whole(Telling telling);

    /// <summary>The answer in events.</summary>
    public abstract IEnumerable<ServerEvent> Stream(Telling telling);

    /// <summary>An error in the place of the next event.</summary>
    /// <param name="telling">The answer that fails.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="sent">How many events there were before it.</param>
    public virtual IEnumerable<ServerEvent> Failed(Telling telling, ErrorWords error, int sent) =>
        [ServerEvent.Of(EventPlace.Tail, ErrorBody.Of(Errors, error))];
}
