using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Completions;
using Dogana.Gateway.Translations.Messages;
using Dogana.Gateway.Translations.Responses;

namespace Dogana.Gateway.Upstreams;

/// <summary>Joins the operation that was called to the one that an upstream serves: at most two translations, which meet in chat completions.</summary>
internal static class TranslationChain
{
    private static readonly Translation[] All =
    [
        new MessagesOverChat(), new ResponsesOverChat(), new CompletionsOverChat(), // to where chat completions are served
        new ChatOverMessages(), new ChatOverResponses(), // from chat completions to where they are not
    ];

    /// <summary>The translations in the order of the request's way; null when there is no way.</summary>
    public static Translation[]? Find(Operation called, Func<Operation, bool> serves)
    {
        var first = Array.Find(All, translation => translation.Called == called && serves(translation.Served));
        if (first is not null)
        {
            return [first];
        }

        var toChat = ToChat(called);
        var fromChat = Array.Find(All, translation => translation.Called == Operation.ChatCompletions && serves(translation.Served));
        return toChat is null || fromChat is null ? null : [toChat, fromChat];
    }

    /// <summary>The translation to chat completions, or null.</summary>
    public static Translation? ToChat(Operation called) => Array.Find(All, translation => translation.Called == called && translation.Served == Operation.ChatCompletions);

    /// <summary>A whole answer on its way back.</summary>
    public static ReadOnlyMemory<byte> Back(ReadOnlyMemory<byte> body, IReadOnlyList<TranslationStep> steps, UpstreamCall call)
    {
        foreach (var answer in Answers(steps, call))
        {
            body = answer.Whole(body);
        }

        return body;
    }

    /// <summary>A stream on its way back.</summary>
    public static StreamedAnswer Back(StreamedAnswer stream, IReadOnlyList<TranslationStep> steps, UpstreamCall call)
    {
        foreach (var answer in Answers(steps, call))
        {
            stream = new TranslatedStream(stream, answer);
        }

        return stream;
    }

    // From the upstream's end.
    private static IEnumerable<AnswerTranslation> Answers(IReadOnlyList<TranslationStep> steps, UpstreamCall call)
    {
        var stamp = new CallStamp(call.Id, call.Model.Id, call.AcceptedAt);
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            yield return steps[i].Translation.Answer(steps[i].Body, stamp);
        }
    }
}

/// <summary>A translation and the request that it was given.</summary>
internal sealed record TranslationStep(Translation Translation, ReadOnlyMemory<byte> Body);
