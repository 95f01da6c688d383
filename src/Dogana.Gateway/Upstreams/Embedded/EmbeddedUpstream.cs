using System.Globalization;
using System.Text;
using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Metering;
using Microsoft.Extensions.AI;

namespace Dogana.Gateway.Upstreams.Embedded;

/// <summary>The models inside this process.</summary>
internal sealed class EmbeddedUpstream(EmbeddedEngine engine, TimeProvider time) : IUpstream
{
    // No token of the sentence encoder's vocabulary stands for more.
    private const int CharactersPerTokenMax = 64;

    /// <inheritdoc/>
    public Outcome<PreparedCall> Prepare(UpstreamCall call, Route route)
    {
        try
        {
            return call.Request.Operation switch
            {
                Operation.Embeddings => PrepareEmbeddings(call),
                Operation.ChatCompletions => PrepareChat(call, []),
                _ => PrepareTranslated(call),
            };
        }
        catch (Exception fault) when (engine.Explain(fault) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>What an exception of the engine means; null when it is a fault.</summary>
    internal Problem? Explain(Exception fault) => fault is OperationCanceledException
        ? new Problem(ProblemCode.UpstreamTimeout, "The embedded model did not finish in time. Ask for fewer tokens.")
        : engine.Explain(fault);

    internal static string FinishReason(ChatFinishReason? reason) => reason == ChatFinishReason.Length ? "length" : "stop";

    private Outcome<PreparedCall> PrepareEmbeddings(UpstreamCall call) =>
        !EmbeddedRequests.Inputs(call).TryGet(out var inputs, out var problem) || !CountInputs(inputs).TryGet(out var tokens, out problem)
            ? problem
            : new PreparedCall(tokens, (_, life) => SendAsync(() => EmbedAsync(call, inputs, life.Token), life));

    // The models speak chat completions: whatever else was called is worded so.
    private Outcome<PreparedCall> PrepareTranslated(UpstreamCall call)
    {
        if (TranslationChain.ToChat(call.Request.Operation) is not { } translation)
        {
            return new Problem(ProblemCode.OperationNotSupported, "The embedded model does not serve this endpoint. Use /v1/chat/completions.", "model");
        }

        return translation.Request(call.Request.Body).TryGet(out var body, out var problem)
            && RequestReader.Read(body, Operation.ChatCompletions, int.MaxValue).TryGet(out var request, out problem)
            ? PrepareChat(call with { Request = request }, [new TranslationStep(translation, call.Request.Body)])
            : problem;
    }

    private Outcome<PreparedCall> PrepareChat(UpstreamCall call, IReadOnlyList<TranslationStep> steps)
    {
        if (!EmbeddedRequests.Chat(call).TryGet(out var chat, out var problem))
        {
            return problem;
        }

        var (messages, options) = chat;
        long tokens = engine.CountPrompt(messages);
        if (tokens >= engine.ContextTokens)
        {
            return new Problem(
                ProblemCode.ContextLengthExceeded,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"This model's maximum context length is {engine.ContextTokens} tokens. However, your messages resulted in {tokens} tokens. Please reduce the length of the messages."),
                "messages");
        }

        return new PreparedCall(tokens, (_, life) => SendAsync(
            async () =>
            {
                if (!call.Request.Stream)
                {
                    return await AnswerAsync(call, steps, messages, options, life);
                }

                // A translation reads the usage itself.
                var stream = new EmbeddedStream(this, engine, call, messages, tokens, options, Json(call), life, call.Request.IncludeUsage || steps.Count > 0);
                return await PrimeAsync(TranslationChain.Back(stream, steps, call));
            },
            life));
    }

    private async Task<Outcome<UpstreamAnswer>> SendAsync(Func<Task<UpstreamAnswer>> serveAsync, CallLife life)
    {
        life.EndAfterClient(TimeSpan.Zero); // nobody reads it, and its text so far is counted here
        try
        {
            return await serveAsync();
        }
        catch (ProblemException failure)
        {
            return failure.Problem;
        }
        catch (Exception fault) when (Explain(fault) is { } problem)
        {
            return problem;
        }
    }

    private CompletionJson Json(UpstreamCall call) => new(call.Id, call.Deployment.Model, time.GetUtcNow());

    private async Task<UpstreamAnswer> EmbedAsync(UpstreamCall call, IReadOnlyList<string> inputs, CancellationToken cancellation)
    {
        using var format = call.Request.Parse("encoding_format");
        var embeddings = await engine.Embeddings.GenerateAsync(inputs, cancellationToken: cancellation);
        var usage = new TokenUsage((long)embeddings.Usage!.InputTokenCount!, 0, 0);
        return new WholeAnswer(EmbeddingJson.Write(embeddings, call.Deployment.Model, usage.InputTokens, format is not null && format.RootElement.ValueEquals("base64")), usage);
    }

    // Cutting a text short without a word would give a vector of something else.
    private Outcome<long> CountInputs(IReadOnlyList<string> inputs)
    {
        long total = 0;
        for (var index = 0; index < inputs.Count; index++)
        {
            // Far beyond any doubt, counting would only cost time that nobody pays for.
            var tokens = inputs[index].Length > CharactersPerTokenMax * engine.InputTokensMax ? int.MaxValue : engine.CountInput(inputs[index]);
            if (tokens > engine.InputTokensMax)
            {
                return new Problem(
                    ProblemCode.ContextLengthExceeded,
                    string.Create(CultureInfo.InvariantCulture, $"This model's maximum context length is {engine.InputTokensMax} tokens, however input {index} has more. Split the text."),
                    "input");
            }

            total += tokens;
        }

        return total;
    }

    private async Task<UpstreamAnswer> AnswerAsync(
        UpstreamCall call, IReadOnlyList<TranslationStep> steps, List<ChatMessage> messages, ChatOptions options, CallLife life)
    {
        var choices = new List<(string, string)>();
        long prompt = 0, output = 0;
        for (var index = 0; index < call.Request.Choices; index++)
        {
            ChatResponse response;
            try
            {
                response = await engine.Chat.GetResponseAsync(messages, ForChoice(options, index), life.Token);
            }
            catch (OperationCanceledException) when (life.ClientGone.IsCancellationRequested)
            {
                // Nobody reads it; what was finished for whoever left is counted.
                return new WholeAnswer(default, new TokenUsage(engine.CountPrompt(messages), 0, output));
            }

            choices.Add((response.Text, FinishReason(response.FinishReason)));
            prompt = response.Usage?.InputTokenCount ?? throw new InvalidOperationException("The embedded engine gave no usage.");
            output += response.Usage.OutputTokenCount ?? 0;
        }

        // The prompt is read once for all choices, and charged once, as OpenAI does.
        var usage = new TokenUsage(prompt, 0, output);
        return new WholeAnswer(TranslationChain.Back(Json(call).Whole(choices, usage), steps, call), usage, Encoding.UTF8.GetBytes(string.Concat(choices.Select(static choice => choice.Item1))));
    }

    // A full queue shows before anything is sent.
    private static async Task<UpstreamAnswer> PrimeAsync(StreamedAnswer answer)
    {
        try
        {
            await answer.PrimeAsync();
            return answer;
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }

    // Each choice of one call has its own seed, so that they differ, and the same seed gives the same choices again.
    internal static ChatOptions ForChoice(ChatOptions options, int index)
    {
        if (index == 0 || options.Seed is null)
        {
            return options;
        }

        var own = options.Clone();
        own.Seed = unchecked(options.Seed + index);
        return own;
    }
}
