using Dogana.Storage;

namespace Dogana.Audit;

/// <summary>Legal: Audit calls Storage.</summary>
public static class Trail
{
    public static bool IsBroken(object thing) => thing is StoreBrokenException;
}
