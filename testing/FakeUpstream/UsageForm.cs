namespace FakeUpstream;

/// <summary>Whether the usage that an answer states is true.</summary>
public enum UsageForm
{
    /// <summary>It is.</summary>
    True,

    /// <summary>Every number is there and 0.</summary>
    Zero,

    /// <summary>Every number is below 0.</summary>
    Negative,

    /// <summary>The parts are more than the whole: cached above input, reasoning above output, a total that is no sum.</summary>
    Contradictory,

    /// <summary>Streamed: stated twice, and only the second time true. Not streamed: true.</summary>
    Twice,

    /// <summary>Every number is the largest that 64 bits hold.</summary>
    Huge,

    /// <summary>Every number is a text.</summary>
    Text,
}
