using System.Text;
using Dogana.Metering;
using Microsoft.Extensions.AI;

namespace Dogana.Gateway.Upstreams.Embedded;

/// <summary>An embedded model's answer as OpenAI's events: opening, pieces and closing of each choice in turn, then the usage.</summary>
internal sealed class EmbeddedStream(
    EmbeddedUpstream upstream, EmbeddedEngine engine, UpstreamCall call, List<ChatMessage> messages, long promptTokens, ChatOptions options, CompletionJson json,
    CancellationToken clientGone, CancellationToken deadline) : StreamedAnswer
{
    private readonly CancellationTokenSource _life = CancellationTokenSource.CreateLinkedTokenSource(clientGone, deadline);
    private readonly Queue<StreamEvent> _ready = new();
    private readonly StringBuilder _text = new();
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private ChatFinishReason? _finish;
    private TokenUsage _finished;
    private int _choice;
    private bool _isComplete;

    /// <summary>Exact for finished choices; for the one that is being written, its text so far by the model's own tokenizer.</summary>
    public override TokenUsage Usage => _isComplete
        ? _finished
        : new TokenUsage(promptTokens, 0, _finished.OutputTokens + (_text.Length == 0 ? 0 : engine.CountText(_text.ToString())));

    /// <summary>Starts the first choice and waits for its first piece.</summary>
    public async Task BeginAsync()
    {
        Start();
        await FillAsync();
    }

    /// <inheritdoc/>
    public override async Task<StreamEvent?> NextAsync()
    {
        try
        {
            while (_ready.Count == 0 && !_isComplete)
            {
                await FillAsync();
            }
        }
        catch (Exception fault) when (upstream.Explain(fault, deadline) is { } problem)
        {
            throw new ProblemException(problem);
        }

        return _ready.TryDequeue(out var next) ? next : null;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        if (_updates is not null)
        {
            await _updates.DisposeAsync();
        }

        _life.Dispose();
    }

    private void Start()
    {
        _text.Clear();
        _finish = null;
        _ready.Enqueue(new StreamEvent(json.Opening(_choice), false));
        _updates = engine.Chat.GetStreamingResponseAsync(messages, EmbeddedUpstream.ForChoice(options, _choice), _life.Token).GetAsyncEnumerator(_life.Token);
    }

    private async Task FillAsync()
    {
        if (await _updates!.MoveNextAsync())
        {
            Take(_updates.Current);
            return;
        }

        // The choice has ended; the next one, or the usage of all.
        await _updates.DisposeAsync();
        _updates = null;
        _ready.Enqueue(new StreamEvent(json.Closing(_choice, EmbeddedUpstream.FinishReason(_finish)), false));
        if (++_choice < call.Request.Choices)
        {
            Start();
            return;
        }

        _isComplete = true;
        _ready.Enqueue(new StreamEvent(json.UsageChunk(_finished), true));
    }

    private void Take(ChatResponseUpdate update)
    {
        if (update.Text.Length > 0)
        {
            _text.Append(update.Text);
            _ready.Enqueue(new StreamEvent(json.Piece(_choice, update.Text), false));
        }

        _finish = update.FinishReason ?? _finish;
        foreach (var usage in update.Contents.OfType<UsageContent>())
        {
            _text.Clear(); // counted now, by the engine itself
            _finished = new TokenUsage(usage.Details.InputTokenCount ?? 0, 0, _finished.OutputTokens + (usage.Details.OutputTokenCount ?? 0));
        }
    }
}
