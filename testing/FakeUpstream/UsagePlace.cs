namespace FakeUpstream;

/// <summary>Where a streamed answer says what it used.</summary>
public enum UsagePlace
{
    /// <summary>As OpenAI does: a chunk of its own with no choices, when the request asked for it.</summary>
    AsAsked,

    /// <summary>A chunk of its own, asked for or not.</summary>
    Always,

    /// <summary>In the last chunk that has a choice, asked for or not: some compatible servers do.</summary>
    WithLastChoice,

    /// <summary>In every chunk that has a choice, counting up, and in the last one in full: some compatible servers do.</summary>
    Running,

    /// <summary>Nowhere, streamed or not.</summary>
    Never,
}
