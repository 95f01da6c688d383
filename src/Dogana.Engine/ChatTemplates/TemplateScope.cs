using System.Runtime.CompilerServices;

namespace Dogana.Engine.ChatTemplates;

/// <summary>The names that a part of a template sees, and the steps it may still take.</summary>
internal sealed class TemplateScope
{
    private readonly TemplateScope? _outer;
    private readonly Budget _budget;
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public TemplateScope(long stepsMax) => _budget = new Budget(stepsMax);

    private TemplateScope(TemplateScope outer)
    {
        _outer = outer;
        _budget = outer._budget;
    }

    public object? this[string name]
    {
        get
        {
            for (TemplateScope? scope = this; scope is not null; scope = scope._outer)
            {
                if (scope._values.TryGetValue(name, out object? value))
                {
                    return value;
                }
            }

            return Undefined.Value;
        }
        set => _values[name] = value;
    }

    /// <summary>The scope of a loop's body: what is set there is gone after each round.</summary>
    public TemplateScope Inner() => new(this);

    /// <summary>Counts a step, and stops a template that would not end, grow without bound or nest too deep.</summary>
    public void Step(long cost = 1)
    {
        _budget.Left -= cost;
        if (_budget.Left < 0 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ChatTemplateException("The chat template takes more steps than are allowed.");
        }
    }

    private sealed class Budget(long steps)
    {
        public long Left { get; set; } = steps;
    }
}
