using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Metering;

namespace Dogana.Gateway.Filtering.Forms;

/// <summary>An event of a stream, read for what it says.</summary>
/// <param name="Name">Its name; empty for none.</param>
/// <param name="Data">Its payload.</param>
internal sealed record StreamEvent(byte[] Name, byte[] Data)
{
    /// <summary>What it says: of which choice, of what kind, and the text.</summary>
    public IReadOnlyList<(int Choice, int Kind, string Text)> Texts { get; init; } = [];

    /// <summary>The choices that end with it.</summary>
    public IReadOnlyList<int> Ended { get; init; } = [];

    /// <summary>Does it say that something is over? Before it leaves, all that came is looked at.</summary>
    public bool IsPause { get; init; }

    /// <summary>Its choices, where it has some.</summary>
    public ChoicePieces? Pieces { get; init; }
}

/// <summary>How an operation's stream says things: what of it is text, and how it is told that some of it is withheld. Has state; serves one stream.</summary>
internal abstract class StreamForm(CallFilter filter)
{
    protected CallFilter Filter => filter;

    public static StreamForm For(Operation operation, CallFilter filter) => operation switch
    {
        Operation.Responses => new ResponseStreamForm(filter),
        Operation.Messages => new MessageStreamForm(filter),
        Operation.Transcriptions => new TranscriptionStreamForm(filter),
        _ => new ChoiceStreamForm(filter, operation),
    };

    /// <summary>Reads an event.</summary>
    public abstract StreamEvent Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data);

    /// <summary>Writes what comes before the first event.</summary>
    public virtual void Begin(IEventSink sink)
    {
    }

    /// <summary>Writes an event, without what is withheld.</summary>
    /// <param name="next">The event.</param>
    /// <param name="textOf">Gives the text of a choice.</param>
    /// <param name="isLookedAt">Was the text in it looked at already?</param>
    /// <param name="sink">Where to.</param>
    public abstract void Write(StreamEvent next, Func<int, StreamText> textOf, bool isLookedAt, IEventSink sink);

    /// <summary>Tells what was found in a text that has left already.</summary>
    public virtual void Annotate(StreamText text, int start, int end, IEventSink sink)
    {
    }

    /// <summary>Tells that no more of a choice comes.</summary>
    public abstract void Withhold(StreamText text, IEventSink sink);

    /// <summary>Will nothing more of the upstream's text be passed on?</summary>
    public virtual bool IsOver(IReadOnlyCollection<StreamText> texts) => texts.Any(static text => text.IsWithheld);

    /// <summary>Ends a stream of which something was withheld, where the upstream has not.</summary>
    public abstract void End(TokenUsage usage, IEventSink sink);
}
