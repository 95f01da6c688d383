namespace Dogana.Conduct;

/// <summary>
/// A call that was served, as conduct looks at it, off the call's path. It is held in memory until it was looked at and kept nowhere.
/// </summary>
/// <param name="CallId">The call.</param>
/// <param name="Account">Whose.</param>
/// <param name="Project">By which project.</param>
/// <param name="Model">Of which model.</param>
/// <param name="At">When it was accepted.</param>
/// <param name="Body">The request as it came: JSON of OpenAI's or Anthropic's shapes, checked to be valid UTF-8 and valid JSON.</param>
public sealed record ObservedCall(string CallId, ConductAccount Account, string Project, string Model, DateTimeOffset At, ReadOnlyMemory<byte> Body)
{
    /// <summary>What the model said, UTF-8; empty where it was not gathered.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>The tokens of the answer.</summary>
    public long OutputTokens { get; init; }

    /// <summary>May text of it be kept, as its terms and its project say? Where not, evidence has hashes only.</summary>
    public bool MayLog { get; init; }

    /// <summary>A keyed hash of the caller's network (IPv4 /24, IPv6 /48); 0 where it is not known.</summary>
    public ulong Network { get; init; }

    /// <summary>A keyed hash of what the client says of itself (user agent); 0 where it says nothing.</summary>
    public ulong Client { get; init; }

    /// <summary>Was the call refused for want of quota? Then nothing is known of it but that.</summary>
    public bool IsOverQuota { get; init; }
}
