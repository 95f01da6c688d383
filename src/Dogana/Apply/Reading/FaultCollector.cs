namespace Dogana.Apply.Reading;

/// <summary>Collects the faults of one file, so that one run shows them all. Not thread-safe.</summary>
internal sealed class FaultCollector(string file)
{
    /// <summary>More than these help nobody, and a hostile file must not make the answer long.</summary>
    public const int Max = 100;

    private readonly List<WorldFault> _faults = [];

    /// <summary>Were there none yet?</summary>
    public bool IsEmpty => _faults.Count == 0;

    /// <summary>Is it of no use to look for more?</summary>
    public bool IsFull => _faults.Count > Max;

    public void Add(Place place, string message, string remedy)
    {
        if (_faults.Count < Max)
        {
            _faults.Add(new WorldFault(file, place.Line, place.Column, place.Path, message, remedy));
        }
        else if (_faults.Count == Max)
        {
            _faults.Add(new WorldFault(file, int.MaxValue, 1, "", $"There are more than {Max} faults; the rest is not listed.", "Mend these first."));
        }
    }

    /// <summary>The faults in the order of the file.</summary>
    public IReadOnlyList<WorldFault> ToList()
    {
        var last = _faults.Count == 0 ? 1 : _faults.Where(static fault => fault.Line < int.MaxValue).Max(static fault => fault.Line);
        return [.. _faults
            .OrderBy(static fault => fault.Line).ThenBy(static fault => fault.Column)
            .Select(fault => fault.Line == int.MaxValue ? fault with { Line = last } : fault)];
    }
}
