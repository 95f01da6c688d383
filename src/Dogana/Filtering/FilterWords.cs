namespace Dogana.Filtering;

/// <summary>What a text may be about that a policy looks for. Azure OpenAI's four categories. Stored by name.</summary>
public enum FilterCategory
{
    /// <summary>Attacks on people for what they are.</summary>
    Hate = 1,

    /// <summary>Sexual acts.</summary>
    Sexual = 2,

    /// <summary>Hurting, killing, weapons.</summary>
    Violence = 3,

    /// <summary>Hurting or killing oneself.</summary>
    SelfHarm = 4,
}

/// <summary>How bad it is, in Azure OpenAI's four steps. Stored by name.</summary>
public enum FilterSeverity
{
    /// <summary>Not at all.</summary>
    Safe = 0,

    /// <summary>Mild, prejudiced or fictional.</summary>
    Low = 1,

    /// <summary>Insulting, threatening or explicit.</summary>
    Medium = 2,

    /// <summary>Extreme, or calling for it.</summary>
    High = 3,
}

/// <summary>Whose text it is. Stored by name.</summary>
public enum FilterSource
{
    /// <summary>What a caller sends.</summary>
    Prompt = 1,

    /// <summary>What a model answers.</summary>
    Completion = 2,
}

/// <summary>When a stream's text is let go. Stored by name.</summary>
public enum FilterMode
{
    /// <summary>Once it was looked at.</summary>
    Buffered = 1,

    /// <summary>At once; what is found ends the stream a moment later. Azure OpenAI's <c>Asynchronous_filter</c>.</summary>
    Asynchronous = 2,
}

/// <summary>What becomes of a text that could not be looked at. Stored by name.</summary>
public enum FilterFailure
{
    /// <summary>It passes, and says that it was not looked at.</summary>
    Open = 1,

    /// <summary>It does not pass.</summary>
    Closed = 2,
}
