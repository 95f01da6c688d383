namespace Dogana.Bench.Faults;

/// <summary>How a call looked to its caller.</summary>
internal enum CallOutcome : byte
{
    /// <summary>The whole answer came, and its end was there to see.</summary>
    Whole = 1,

    /// <summary>An error in the place of an answer.</summary>
    Failed,

    /// <summary>An answer began, and an error or a broken connection ended it.</summary>
    Broken,

    /// <summary>A stream ended without its last event and without an error, as if it were whole. Never right.</summary>
    Silent,

    /// <summary>The caller left.</summary>
    Left,

    /// <summary>The server was killed meanwhile.</summary>
    Killed,
}

/// <summary>A call as its caller saw it.</summary>
/// <param name="Id">The call's id; empty when the caller was never told.</param>
/// <param name="Outcome">How it looked.</param>
/// <param name="Tokens">What the answer said it used in all; -1 when it said nothing.</param>
/// <param name="IsBegun">Did an answer begin, so that there must be a record?</param>
internal readonly record struct CallSeen(Guid Id, CallOutcome Outcome, long Tokens, bool IsBegun);
