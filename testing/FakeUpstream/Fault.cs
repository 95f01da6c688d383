namespace FakeUpstream;

/// <summary>What is wrong with the bytes of an answer. The status is 200 all the same.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A whole body that is not JSON. Streamed: the second event is not.</summary>
    MalformedJson,

    /// <summary>Streamed: lines that are no server-sent events between those that are. Not streamed: as <see cref="MalformedJson"/>.</summary>
    MalformedEvents,

    /// <summary>A body that ends before its stated length. Streamed: the last event ends in its middle, then the body ends as if all were well.</summary>
    TruncatedBody,

    /// <summary>A page for people, as a proxy in between would send it.</summary>
    WrongContentType,

    /// <summary>Text of <see cref="FakeScript.HugeBytes"/> bytes. Streamed: in one event, on one line.</summary>
    HugeBody,

    /// <summary>The request is read, and nothing ever comes.</summary>
    NeverAnswers,

    /// <summary>Streamed: an event with an error after the first text, then the end. Not streamed: an error body with status 200.</summary>
    ErrorInside,

    /// <summary>Streamed: an event with an error first, then the end. Not streamed: as <see cref="ErrorInside"/>.</summary>
    ErrorFirst,

    /// <summary>The stated length is more than what comes before the connection is closed.</summary>
    LengthTooLong,

    /// <summary>The stated length is less than what comes before the connection is closed.</summary>
    LengthTooShort,

    /// <summary>A request for a stream is answered with a whole body.</summary>
    JsonForStream,

    /// <summary>The connection is closed before any byte.</summary>
    ClosedEarly,

    /// <summary>The connection is reset before any byte.</summary>
    ResetEarly,

    /// <summary>The connection is reset in the middle of the headers.</summary>
    ResetInHeaders,

    /// <summary>Streamed: the pieces of the text come over and over until the caller goes.</summary>
    NeverEnds,

    /// <summary>Streamed: the end without a finish reason before it.</summary>
    NoFinish,

    /// <summary>Streamed: another piece of text after the end.</summary>
    AfterDone,
}
