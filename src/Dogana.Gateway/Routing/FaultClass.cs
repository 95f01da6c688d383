namespace Dogana.Gateway.Routing;

/// <summary>Whose fault a failed try was: it decides what is tried next.</summary>
internal enum FaultClass
{
    /// <summary>The caller's: it would fail anywhere. Not tried again.</summary>
    Caller,

    /// <summary>Our key's: the next key is tried.</summary>
    Key,

    /// <summary>There is no room: the next key or another upstream is tried, and this one left alone for as long as it said.</summary>
    Capacity,

    /// <summary>The provider's: another upstream is tried, or the same once more.</summary>
    Provider,

    /// <summary>The route's: what is asked for is not there. Another upstream is tried, and nothing is held against this one.</summary>
    Route,

    /// <summary>It took too long: another upstream is tried, not the same.</summary>
    Time,
}

/// <summary>Finds it from a problem's code.</summary>
internal static class FaultClasses
{
    public static FaultClass Of(ProblemCode code) => code switch
    {
        ProblemCode.UpstreamKeyRefused => FaultClass.Key,
        ProblemCode.Busy or ProblemCode.QueueFull or ProblemCode.QueueTimeout => FaultClass.Capacity,
        ProblemCode.UpstreamFailed => FaultClass.Provider,
        ProblemCode.UpstreamMisconfigured => FaultClass.Route,
        ProblemCode.UpstreamTimeout => FaultClass.Time,
        _ => FaultClass.Caller,
    };
}
