using Dogana.Notices;

namespace Dogana.Storage;

/// <summary>Breach: an interface of another leaf.</summary>
public sealed class StoreBrokenException : Exception, INotice
{
    public StoreBrokenException()
    {
    }

    public StoreBrokenException(string message)
        : base(message)
    {
    }

    public StoreBrokenException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
