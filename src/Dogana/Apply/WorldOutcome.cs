using System.Diagnostics.CodeAnalysis;

namespace Dogana.Apply;

/// <summary>A result, or all the faults that stand in its place.</summary>
/// <typeparam name="T">What success gives.</typeparam>
public sealed class WorldOutcome<T>
    where T : class
{
    private readonly T? _value;

    internal WorldOutcome(T value) => (_value, Faults) = (value, []);

    internal WorldOutcome(IReadOnlyList<WorldFault> faults) => Faults = faults;

    /// <summary>The faults by line; none on success.</summary>
    public IReadOnlyList<WorldFault> Faults { get; }

    /// <summary>The result.</summary>
    /// <exception cref="InvalidOperationException">There are faults instead: a caller forgot to look.</exception>
    public T Value => _value ?? throw new InvalidOperationException(string.Join(Environment.NewLine, Faults));

    /// <summary>Gives the result, or says that there are faults.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = _value;
        return value is not null;
    }
}
