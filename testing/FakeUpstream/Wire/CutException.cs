namespace FakeUpstream.Wire;

/// <summary>Thrown where the script says that the connection is cut.</summary>
internal sealed class CutException : Exception
{
    public CutException()
        : base("cut by the script")
    {
    }
}
