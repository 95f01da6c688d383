using System.Globalization;
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
    public Outcome<long> BoundPromptTokens(UpstreamCall call)
    {
        try
        {
            return CountPrompt(call);
        }
        catch (Exception fault) when (engine.Explain(fault) is { } problem)
        {
            return problem;
        }
    }

    private Outcome<long> CountPrompt(UpstreamCall call)
    {
        if (call.Request.Operation == Operation.Embeddings)
        {
            return EmbeddedRequests.Inputs(call).TryGet(out var inputs, out var fault) ? CountInputs(inputs) : fault;
        }

        if (!EmbeddedRequests.Chat(call).TryGet(out var chat, out var problem))
        {
            return problem;
        }

        long tokens = engine.CountPrompt(chat.Messages);
        return tokens < engine.ContextTokens
            ? tokens
            : new Problem(
                ProblemCode.ContextLengthExceeded,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"This model's maximum context length is {engine.ContextTokens} tokens. However, your messages resulted in {tokens} tokens. Please reduce the length of the messages."),
                "messages");
    }

    /// <inheritdoc/>
    public async Task<Outcome<UpstreamAnswer>> SendAsync(UpstreamCall call, CancellationToken clientGone, CancellationToken deadline)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clientGone, deadline);
        try
        {
            return call.Request switch
            {
                { Operation: Operation.Embeddings } => await EmbedAsync(call, both.Token),
                { Stream: true } => await StreamAsync(call, clientGone, deadline),
                _ => await AnswerAsync(call, both.Token),
            };
        }
        catch (Exception fault) when (Explain(fault, deadline) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>What an exception of the engine means; null when it is a fault, or when the client left.</summary>
    internal Problem? Explain(Exception fault, CancellationToken deadline) => fault is OperationCanceledException
        ? deadline.IsCancellationRequested ? new Problem(ProblemCode.UpstreamTimeout, "The embedded model did not finish in time. Ask for fewer tokens.") : null
        : engine.Explain(fault);

    internal static string FinishReason(ChatFinishReason? reason) => reason == ChatFinishReason.Length ? "length" : "stop";

    private async Task<Outcome<UpstreamAnswer>> EmbedAsync(UpstreamCall call, CancellationToken cancellation)
    {
        if (!EmbeddedRequests.Inputs(call).TryGet(out var inputs, out var problem))
        {
            return problem;
        }

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

    private async Task<Outcome<UpstreamAnswer>> AnswerAsync(UpstreamCall call, CancellationToken cancellation)
    {
        if (!EmbeddedRequests.Chat(call).TryGet(out var chat, out var problem))
        {
            return problem;
        }

        var choices = new List<(string, string)>();
        long prompt = 0, output = 0;
        for (var index = 0; index < call.Request.Choices; index++)
        {
            var response = await engine.Chat.GetResponseAsync(chat.Messages, ForChoice(chat.Options, index), cancellation);
            choices.Add((response.Text, FinishReason(response.FinishReason)));
            prompt = response.Usage?.InputTokenCount ?? throw new InvalidOperationException("The embedded engine gave no usage.");
            output += response.Usage.OutputTokenCount ?? 0;
        }

        // The prompt is read once for all choices, and charged once, as OpenAI does.
        var usage = new TokenUsage(prompt, 0, output);
        return new WholeAnswer(new CompletionJson(call.Id, call.Deployment.Model, time.GetUtcNow()).Whole(choices, usage), usage);
    }

    private async Task<Outcome<UpstreamAnswer>> StreamAsync(UpstreamCall call, CancellationToken clientGone, CancellationToken deadline)
    {
        if (!EmbeddedRequests.Chat(call).TryGet(out var chat, out var problem))
        {
            return problem;
        }

        var answer = new EmbeddedStream(this, engine, call, chat.Messages, chat.Options, new CompletionJson(call.Id, call.Deployment.Model, time.GetUtcNow()), clientGone, deadline);
        try
        {
            // A full queue or a prompt that is too long shows before anything is sent.
            await answer.BeginAsync();
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
