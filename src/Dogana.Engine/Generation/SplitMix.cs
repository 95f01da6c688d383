namespace Dogana.Engine.Generation;

/// <summary>
/// Random numbers from a seed by the SplitMix64 rule (Steele, Lea, Flood 2014): fixed here so that a seed gives the same text on
/// every version of the run-time.
/// </summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public double NextDouble()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong mixed = _state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            mixed ^= mixed >> 31;
            return (mixed >> 11) * (1.0 / (1UL << 53));
        }
    }
}
