namespace FakeUpstream;

/// <summary>How server-sent events are written. All of it is allowed: a reader must give the same events for each.</summary>
[Flags]
public enum Framing
{
    /// <summary>As the vendors do.</summary>
    Plain = 0,

    /// <summary>Lines end in CR LF.</summary>
    Crlf = 1,

    /// <summary>Lines end in CR alone.</summary>
    Cr = 2,

    /// <summary>A comment before each event: <c>: ping</c>.</summary>
    Comments = 4,

    /// <summary>Each event has an <c>id</c>, the first one a <c>retry</c>.</summary>
    Ids = 8,

    /// <summary>The JSON of an event stands on several data lines.</summary>
    MultiLine = 16,

    /// <summary>The stream begins with a byte order mark.</summary>
    Bom = 32,

    /// <summary>Each byte leaves in a write of its own.</summary>
    Bytes = 64,

    /// <summary>No space after a colon.</summary>
    NoSpace = 128,
}
