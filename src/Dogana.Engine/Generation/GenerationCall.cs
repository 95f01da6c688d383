using System.Threading.Channels;

namespace Dogana.Engine.Generation;

/// <summary>What is asked of the model.</summary>
internal sealed record GenerationRequest(
    IReadOnlyList<int> Prompt, int OutputTokensMax, SamplingOptions Sampling, IReadOnlyList<string> StopSequences);

/// <summary>How an answer ended.</summary>
/// <param name="AtLimit">Whether the limit of output tokens, or the context, cut it off.</param>
/// <param name="OutputTokens">The tokens the model said, without the one that ends an answer.</param>
internal sealed record GenerationEnd(bool AtLimit, int OutputTokens);

/// <summary>A call from when it is taken until its answer is complete. Text flows from a worker to whoever reads it.</summary>
internal sealed class GenerationCall : IDisposable
{
    private readonly CancellationTokenSource _cancel;
    private readonly Channel<string> _text;
    private CancellationTokenRegistration _whenCancelled;
    private GenerationEnd? _end;
    private volatile bool _modelClosed;

    public GenerationCall(GenerationRequest request, CancellationToken caller)
    {
        Request = request;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Cancellation = _cancel.Token;
        // Room for everything the call may say, so a slow reader never holds up a slot.
        _text = Channel.CreateBounded<string>(new BoundedChannelOptions(request.OutputTokensMax + 2)
        {
            SingleReader = true,
            SingleWriter = true,
        });
    }

    public GenerationRequest Request { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>The place in the queue while the call waits.</summary>
    public LinkedListNode<GenerationCall>? Place { get; set; }

    public ChannelReader<string> Text => _text.Reader;

    /// <summary>How the answer ended; only after <see cref="Text"/> was read to its end.</summary>
    public GenerationEnd End => _end ?? throw new InvalidOperationException("The answer is not complete.");

    public void Say(string text)
    {
        if (text.Length > 0 && !_text.Writer.TryWrite(text))
        {
            throw new InvalidOperationException("The call said more than its limit.");
        }
    }

    public void Complete(GenerationEnd end)
    {
        _end = end;
        _text.Writer.TryComplete();
    }

    /// <summary>Ends the call with an error. A caller who did not cancel is not told that he did.</summary>
    public void Fail(Exception error) => _text.Writer.TryComplete(
        error is OperationCanceledException && _modelClosed ? new ObjectDisposedException(nameof(EmbeddedChatModel)) : error);

    public void WhenCancelled(Action<GenerationCall> action) => _whenCancelled = Cancellation.Register(() => action(this));

    /// <summary>Ends the call because its model does.</summary>
    public void CancelAsClosed()
    {
        _modelClosed = true;
        Cancel();
    }

    /// <summary>Ends the call soon; does nothing once its reader has left.</summary>
    public void Cancel()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The reader left while the model was being closed.
        }
    }

    public void Dispose()
    {
        _whenCancelled.Dispose();
        _cancel.Dispose();
    }
}
