using System.Text;
using Dogana.Gateway.Translations;
using Dogana.Metering;
using Microsoft.Extensions.AI;

namespace Dogana.Gateway.Upstreams.Embedded;

/// <summary>An embedded model's answer as OpenAI's events: opening, pieces and closing of each choice in turn, then the usage.</summary>
internal sealed class EmbeddedStream(
    EmbeddedUpstream upstream, EmbeddedEngine engine, UpstreamCall call, List<ChatMessage> messages, long promptTokens, ChatOptions options, CompletionJson json,
    CallLife life, bool wantsUsage) : StreamedAnswer
{
    // The enumerator is asked to stop when the answer is let go, whatever the call's life says.
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(life.Token);
    private readonly Queue<byte[]> _ready = new();
    private readonly StringBuilder _text = new(); // of the choice that is being written
    private readonly StringBuilder _all = new(); // of all choices
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private ChatFinishReason? _finish;
    private TokenUsage _finished;
    private int _choice;
    private bool _isComplete;

    /// <summary>Exact for finished choices; for the one that is being written, its text so far by the model's own tokenizer.</summary>
    public override TokenUsage Usage => _isComplete
        ? _finished
        : new TokenUsage(promptTokens, 0, _finished.OutputTokens + (_text.Length == 0 ? 0 : engine.CountText(_text.ToString())));

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Text => Encoding.UTF8.GetBytes(_all.ToString());

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_updates is not null)
        {
            await _updates.DisposeAsync();
        }

        _end.Dispose();
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(IEventSink sink)
    {
        try
        {
            if (_updates is null)
            {
                Start();
            }

            do
            {
                await FillAsync();
            }
            while (_ready.Count == 0 && !_isComplete);
        }
        catch (Exception fault) when (upstream.Explain(fault) is { } problem)
        {
            throw new ProblemException(problem);
        }

        while (_ready.TryDequeue(out var data))
        {
            sink.Write(default, data);
        }

        if (_isComplete)
        {
            sink.Write(default, "[DONE]"u8);
        }

        return !_isComplete;
    }

    private void Start()
    {
        _text.Clear();
        _finish = null;
        _ready.Enqueue(json.Opening(_choice));
        _updates = engine.Chat.GetStreamingResponseAsync(messages, EmbeddedUpstream.ForChoice(options, _choice), _end.Token).GetAsyncEnumerator(_end.Token);
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
        _ready.Enqueue(json.Closing(_choice, EmbeddedUpstream.FinishReason(_finish)));
        if (++_choice < call.Request.Choices)
        {
            Start();
            return;
        }

        _isComplete = true;
        if (wantsUsage)
        {
            _ready.Enqueue(json.UsageChunk(_finished));
        }
    }

    private void Take(ChatResponseUpdate update)
    {
        if (update.Text.Length > 0)
        {
            _text.Append(update.Text);
            _all.Append(_all.Length < TextMax ? update.Text : null);
            _ready.Enqueue(json.Piece(_choice, update.Text));
        }

        _finish = update.FinishReason ?? _finish;
        foreach (var usage in update.Contents.OfType<UsageContent>())
        {
            _text.Clear(); // counted now, by the engine itself
            _finished = new TokenUsage(usage.Details.InputTokenCount ?? 0, 0, _finished.OutputTokens + (usage.Details.OutputTokenCount ?? 0));
        }
    }
}
