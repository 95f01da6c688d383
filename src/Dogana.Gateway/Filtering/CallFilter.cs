using System.Text;
using System.Text.Json;
using Dogana.Filtering;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Filtering.Forms;
using Dogana.Gateway.Filtering.Judging;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams;
using Dogana.Limits;

namespace Dogana.Gateway.Filtering;

/// <summary>Counts what looking gives, once for each call.</summary>
internal delegate Task<Judgement> CountedLook(string project, HashSet<FilterCount> counted, Func<Task<Judgement>> look);

/// <summary>The content filter of one call: its prompt, and its answer whole or streamed.</summary>
internal sealed class CallFilter(AppliedFilter applied, CallRequest request, Dialect dialect, string project, TextJudge judge, CountedLook count)
{
    private readonly HashSet<FilterCount> _counted = [];

    /// <summary>The policies.</summary>
    public AppliedFilter Applied => applied;

    /// <summary>What was found in the prompt; null where the policies do not look at prompts.</summary>
    public Judgement? Prompt { get; private set; }

    /// <summary>Was all that was to be looked at looked at, and nothing of it withheld?</summary>
    public bool IsPassed { get; private set; } = true;

    /// <summary>How many choices are shown.</summary>
    public int ShownChoices => request.ShownChoices;

    /// <summary>Does the answer say what was found? Anthropic's API has no place for it, nor have sound and pictures.</summary>
    public bool Annotates => request.Operation is not (Operation.Messages or Operation.Embeddings) && !request.Operation.IsMedia() && (dialect.ShowsFilterResults || applied.AnnotatesAlways);

    /// <summary>Looks at the prompt, and says why the call is not to be sent; null where it is.</summary>
    /// <param name="reservation">What the call holds: given back where it is not sent.</param>
    /// <param name="asRequest">What it keeps of that all the same: that it was a request.</param>
    /// <param name="cancellation">The client left.</param>
    public async Task<Problem?> FindRefusalAsync(Reservation reservation, Demand asRequest, CancellationToken cancellation)
    {
        var isSent = false;
        try
        {
            var refusal = await LookAtPromptAsync(cancellation);
            isSent = refusal is null;
            return refusal;
        }
        finally
        {
            if (!isSent)
            {
                reservation.Settle(asRequest);
            }
        }
    }

    /// <summary>The answer as the client is to see it. A stream is looked at while it passes.</summary>
    public async Task<Outcome<UpstreamAnswer>> LookAtAsync(UpstreamAnswer answer, CallLife life)
    {
        // Pictures and sound are not looked at.
        if (request.Operation is Operation.Embeddings or Operation.ImageGenerations or Operation.Speech || (!applied.LooksAt(FilterSource.Completion) && !Annotates))
        {
            return answer;
        }

        if (answer is StreamedAnswer stream)
        {
            return new FilteredStream(stream, StreamForm.For(request.Operation, this), this, life);
        }

        var whole = (WholeAnswer)answer;
        try
        {
            return (await WholeForm.For(request.Operation, this).LookAtAsync(whole.Body, life.Token)).TryGet(out var body, out var problem)
                ? new WholeAnswer(body, whole.Usage, whole.Text) { ContentType = whole.ContentType }
                : problem;
        }
        catch (OperationCanceledException) when (life.Token.IsCancellationRequested && !life.ClientGone.IsCancellationRequested)
        {
            return life.CutBy ?? new Problem(ProblemCode.UpstreamTimeout, "The call's time was over before its answer was looked at.");
        }
    }

    /// <summary>Looks at a piece of the answer.</summary>
    public Task<Judgement> JudgeAnswerAsync(IReadOnlyList<string> texts, CancellationToken cancellation) => JudgeAsync(FilterSource.Completion, texts, cancellation);

    /// <summary>A whole that has no place to say that it is withheld.</summary>
    public static Problem Withheld() => new(ProblemCode.ContentFiltered, "The transcription was filtered: it triggered the content filter of this deployment. It costs nothing.");

    /// <summary>A text could not be looked at, and none passes that was not.</summary>
    public static Problem Unavailable(string what) =>
        new(ProblemCode.FilterUnavailable, $"The content filter could not look at the {what}, and nothing passes it unseen. Try again shortly.");

    private async Task<Problem?> LookAtPromptAsync(CancellationToken cancellation)
    {
        if (!applied.LooksAt(FilterSource.Prompt))
        {
            return null;
        }

        if (!TextsOf.Request(request).TryGet(out var texts, out var problem))
        {
            return problem;
        }

        Prompt = await JudgeAsync(FilterSource.Prompt, texts, cancellation);
        return Prompt.IsFiltered ? Withheld(Prompt)
            : Prompt.HasFailed && applied.FailsClosed ? Unavailable("prompt")
            : null;
    }

    private async Task<Judgement> JudgeAsync(FilterSource source, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var judgement = await count(project, _counted, () => judge.JudgeAsync(applied, source, texts, cancellation));
        IsPassed &= judgement is { HasFailed: false, IsFiltered: false };
        return judgement;
    }

    // Source: Azure OpenAI's REST reference; its responses say it in content_filters, its older operations in innererror, which images spell in another way.
    private Problem Withheld(Judgement judgement)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WireJson.Options))
        {
            writer.WriteStartObject();
            if (request.Operation == Operation.Responses)
            {
                writer.WritePropertyName("content_filters");
                FilterJson.WriteContentFilters(writer, judgement, null, 0);
            }
            else
            {
                writer.WriteNumber("status", 400);
                var isImage = request.Operation == Operation.ImageGenerations;
                writer.WriteStartObject(isImage ? "inner_error" : "innererror");
                writer.WriteString("code", "ResponsibleAIPolicyViolation");
                writer.WritePropertyName(isImage ? "content_filter_results" : "content_filter_result");
                judgement.Write(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return new Problem(
            ProblemCode.ContentFiltered,
            "The response was filtered: the prompt triggered the content filter of this deployment. Change the prompt and try again; it was not sent to the model and costs nothing.", "prompt")
        {
            Details = dialect.ShowsFilterResults || applied.AnnotatesAlways ? Encoding.UTF8.GetString(stream.ToArray()) : null,
        };
    }
}
