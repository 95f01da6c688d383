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
    public Outcome<PreparedCall> Prepare(UpstreamCall call)
    {
        try
        {
            return call.Request.Operation == Operation.Embeddings ? PrepareEmbeddings(call) : PrepareChat(call);
        }
        catch (Exception fault) when (engine.Explain(fault) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>What an exception of the engine means; null when it is a fault, or when the client left.</summary>
    internal Problem? Explain(Exception fault, CancellationToken deadline) => fault is OperationCanceledException
        ? deadline.IsCancellationRequested ? new Problem(ProblemCode.UpstreamTimeout, "The embedded model did not finish in time. Ask for fewer tokens.") : null
        : engine.Explain(fault);

    internal static string FinishReason(ChatFinishReason? reason) => reason == ChatFinishReason.Length ? "length" : "stop";

    private Outcome<PreparedCall> PrepareEmbeddings(UpstreamCall call) =>
        !EmbeddedRequests.Inputs(call).TryGet(out var inputs, out var problem) || !CountInputs(inputs).TryGet(out var tokens, out problem)
            ? problem
            : new PreparedCall(tokens, (clientGone, deadline) => SendAsync(cancellation => EmbedAsync(call, inputs, cancellation), clientGone, deadline));

    private Outcome<PreparedCall> PrepareChat(UpstreamCall call)
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

        return new PreparedCall(tokens, (clientGone, deadline) => SendAsync(
            cancellation => call.Request.Stream
                ? StreamAsync(new EmbeddedStream(this, engine, call, messages, tokens, options, Json(call), clientGone, deadline))
                : AnswerAsync(call, messages, options, cancellation),
            clientGone, deadline));
    }

    private async Task<Outcome<UpstreamAnswer>> SendAsync(
        Func<CancellationToken, Task<UpstreamAnswer>> serveAsync, CancellationToken clientGone, CancellationToken deadline)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clientGone, deadline);
        try
        {
            return await serveAsync(both.Token);
        }
        catch (Exception fault) when (Explain(fault, deadline) is { } problem)
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

    private async Task<UpstreamAnswer> AnswerAsync(UpstreamCall call, List<ChatMessage> messages, ChatOptions options, CancellationToken cancellation)
    {
        var choices = new List<(string, string)>();
        long prompt = 0, output = 0;
        for (var index = 0; index < call.Request.Choices; index++)
        {
            var response = await engine.Chat.GetResponseAsync(messages, ForChoice(options, index), cancellation);
            choices.Add((response.Text, FinishReason(response.FinishReason)));
            prompt = response.Usage?.InputTokenCount ?? throw new InvalidOperationException("The embedded engine gave no usage.");
            output += response.Usage.OutputTokenCount ?? 0;
        }

        // The prompt is read once for all choices, and charged once, as OpenAI does.
        var usage = new TokenUsage(prompt, 0, output);
        return new WholeAnswer(Json(call).Whole(choices, usage), usage);
    }

    private static async Task<UpstreamAnswer> StreamAsync(EmbeddedStream answer)
    {
        try
        {
            // A full queue shows before anything is sent.
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
