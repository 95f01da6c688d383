namespace Dogana.Engine;

/// <summary>The queue in front of a model is full; the call was not taken. Try again later or elsewhere.</summary>
public sealed class EngineBusyException : Exception
{
    /// <summary>Creates the error without a message.</summary>
    public EngineBusyException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What was full.</param>
    public EngineBusyException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">What was full.</param>
    /// <param name="innerException">The cause.</param>
    public EngineBusyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal EngineBusyException(int waitingMax)
        : base($"All slots of the model are in use and {waitingMax} calls are waiting already.") => WaitingMax = waitingMax;

    /// <summary>How many calls may wait at once, in calls.</summary>
    public int WaitingMax { get; }
}
