using System.Globalization;
using Dogana.Ledger;

namespace Dogana.Billing;

/// <summary>Gathers what is wrong with one object.</summary>
/// <param name="subject">The object's name, as every fault has it.</param>
public sealed class FaultList(string subject)
{
    private readonly List<BookFault> _faults = [];

    /// <summary>What was found.</summary>
    public IReadOnlyList<BookFault> Faults => _faults;

    /// <summary>Adds a fault.</summary>
    public void Add(string message) => _faults.Add(new BookFault(subject, message));

    /// <summary>Adds a fault when what is stored is not what it should be.</summary>
    public void Equal<T>(string what, T stored, T computed)
    {
        if (!EqualityComparer<T>.Default.Equals(stored, computed))
        {
            _faults.Add(new BookFault(
                subject, what, Convert.ToString(stored, CultureInfo.InvariantCulture) ?? "none", Convert.ToString(computed, CultureInfo.InvariantCulture) ?? "none"));
        }
    }
}
