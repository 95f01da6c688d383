using Dogana.Storage;

namespace Dogana.Fingerprints;

/// <summary>Breach: a catch clause.</summary>
public static class Sketch
{
    public static bool Try(Action action)
    {
        try
        {
            action?.Invoke();
            return true;
        }
        catch (StoreBrokenException)
        {
            return false;
        }
    }
}
