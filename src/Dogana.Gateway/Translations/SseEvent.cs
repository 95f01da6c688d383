namespace Dogana.Gateway.Translations;

/// <summary>One server-sent event; its bytes are valid only while it is handed over.</summary>
internal readonly ref struct SseEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
{
    /// <summary>The <c>event:</c> field; empty where there is none.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The payload: the <c>data:</c> fields joined by line feeds.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;
}

/// <summary>Takes the events that go to the client.</summary>
internal interface IEventSink
{
    /// <summary>Takes one event; the bytes are copied.</summary>
    /// <param name="name">The <c>event:</c> field; empty for none.</param>
    /// <param name="data">The payload, on one line.</param>
    void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data);
}
