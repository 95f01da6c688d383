using Dogana.Rating;

namespace Dogana.Metering;

/// <summary>Breach: a field.</summary>
public sealed class Tally
{
    private readonly RatedUsage? _last;

    public Tally(object last) => _last = last as RatedUsage;

    public bool IsEmpty => _last is null;
}
